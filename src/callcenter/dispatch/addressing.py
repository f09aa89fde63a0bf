"""What somebody who has sent a text could be answering: looked up as it is kept, and held in memory for while the database is away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.dispatch.addressee import (
    NOBODY,
    FieldQuestion,
    IncidentQuestion,
    Known,
    claims_of,
)
from callcenter.dispatch.faults import AWAY
from callcenter.dispatch.said import Job
from callcenter.dispatch.task import HELD, TaskState
from callcenter.sms.arrivals import READER_OF, REPEAT_WITHIN_S
from callcenter.sms.catalogue import ASKING, TO_FIELD, in_sql
from callcenter.sms.claiming import Attempt
from callcenter.sms.models import Reader
from callcenter.sms.outbox import code_of
from callcenter.sms.whose import Claim, asker_of

TOLD_WITHIN: Final = timedelta(hours=12)
"""So long a text about a job may still be answered; a job that somebody has, for as long as they have it."""

_LATEST: Final = datetime.max.replace(tzinfo=UTC)

_HELD: Final = "', '".join(sorted(HELD))


async def known_of(session: AsyncSession, sender: str, now: datetime) -> Known:
    """As they stand now. The text in question need not be kept yet."""
    about = {"sender": sender, "now": now, "since": now - TOLD_WITHIN}
    staff_id = await session.scalar(text(_STAFF), about)
    if staff_id is None:
        return NOBODY
    rows = (await session.execute(text(_QUESTIONS), about)).mappings()
    asked = (await session.execute(text(_INCIDENTS), about)).mappings()
    return Known(staff_id, tuple(map(_question, rows)), tuple(map(_incident, asked)))


async def repeats(session: AsyncSession, sender: str, inbound_id: UUID) -> bool:
    """Whether the same words came from them less than a minute before this text: a modem may have repeated itself."""
    found = await session.scalar(
        text(_BEFORE), {"sender": sender, "id": inbound_id, "within_s": REPEAT_WITHIN_S}
    )
    return found is True


AskedWithoutRow = Callable[[str], Sequence[IncidentQuestion]]
"""What a sender is asked of incidents by texts that left before their rows were written."""


def asked_without_row(attempts: Iterable[Attempt], sender: str) -> list[IncidentQuestion]:
    """Of these texts. They were written in an outage: whatever else was asked was asked before."""
    found = []
    for each in attempts:
        if each.recipient == sender and each.message is not None and each.message.kind in ASKING:
            code, number = each.message.params.get("code"), each.message.params.get("ref")
            found.append(IncidentQuestion(_number(code), _number(number), _LATEST))
    return found


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


class FieldQuestions:
    """What texts may answer. As a processor it holds what every sender could be answering, so that a text which comes while the database is away
    has one reader as well. Of an office that began without the database it knows nothing, and every text is an incident's.
    """

    name: Final = "field_questions"
    interval_s: Final = 10.0

    def __init__(self, database: Database, asked: AskedWithoutRow = lambda _sender: ()) -> None:
        self._database = database
        self._asked = asked
        self._known: Mapping[str, Known] = {}

    async def run_once(self, now: datetime) -> int:
        """Zero always: it only looks. Raises Unavailable: what was read last holds."""
        try:
            async with self._database.transaction() as session:
                self._known = await _known_of_all(session, now)
        except AWAY as error:
            raise Unavailable("What is asked of the staff cannot be read now.") from error
        return 0

    async def claims(
        self, session: AsyncSession, sender: str, words: str, now: datetime
    ) -> list[Claim]:
        """Of a text that is being kept."""
        return self._claims(sender, words, await known_of(session, sender, now))

    def whose_away(self, sender: str, words: str) -> Reader:
        """Of a text that cannot be stored now."""
        claims = self._claims(sender, words, self._known.get(sender, NOBODY))
        return READER_OF[asker_of(claims)]

    def _claims(self, sender: str, words: str, known: Known) -> list[Claim]:
        incidents = (*known.incidents, *self._asked(sender))
        return claims_of(words, replace(known, incidents=incidents))


async def _known_of_all(session: AsyncSession, now: datetime) -> dict[str, Known]:
    about = {"now": now, "since": now - TOLD_WITHIN}
    staff = (await session.execute(text(_ALL_STAFF), about)).mappings()
    known = {row["phone"]: Known(row["id"]) for row in staff}
    for row in (await session.execute(text(_ALL_QUESTIONS), about)).mappings():
        held = known[row["phone"]]
        known[row["phone"]] = replace(held, questions=(*held.questions, _question(row)))
    for row in (await session.execute(text(_ALL_INCIDENTS), about)).mappings():
        held = known[row["phone"]]
        known[row["phone"]] = replace(held, incidents=(*held.incidents, _incident(row)))
    return known


def _question(row: RowMapping) -> FieldQuestion:
    state = TaskState(row["state"])
    has = row["is_theirs"] and state in HELD
    job = Job(row["id"], row["code"], state, has)
    was_theirs = row["is_theirs"] and state is TaskState.DONE
    return FieldQuestion(row["id"], row["staff_id"], job, row["asked_at"], was_theirs)


def _incident(row: RowMapping) -> IncidentQuestion:
    return IncidentQuestion(code_of(row["id"]), row["number"], row["asked_at"])


_ACTIVE = "(staff.active_until IS NULL OR staff.active_until > CAST(:now AS timestamptz)::date)"

_STAFF = f"SELECT id FROM staff WHERE phone = :sender AND {_ACTIVE} ORDER BY id LIMIT 1"  # noqa: S608 a constant

_COLUMNS = """
task.id, task.code, task.state, staff.id AS staff_id, staff.phone, coalesce(task.staff_id = staff.id, false) AS is_theirs
"""

_QUESTIONS = f"""
WITH told AS MATERIALIZED (
    SELECT reference, max(created_at) AS at FROM sms_message
    WHERE recipient = :sender AND state <> 'drill' AND kind IN {in_sql(TO_FIELD)} AND created_at > :since
    GROUP BY reference
), staff AS MATERIALIZED (
    SELECT id, phone FROM staff WHERE phone = :sender AND {_ACTIVE}
), about AS (
    SELECT {_COLUMNS}, told.at AS asked_at FROM staff JOIN task ON task.staff_id = staff.id AND task.state IN ('{_HELD}')
    LEFT JOIN told ON told.reference = task.id
    UNION
    SELECT {_COLUMNS}, told.at FROM told JOIN task ON task.id = told.reference
    JOIN staff ON staff.id = task.staff_id OR EXISTS (
        SELECT FROM task_offer AS offer WHERE offer.task_id = task.id AND offer.staff_id = staff.id)
)
SELECT DISTINCT ON (id) * FROM about ORDER BY id, is_theirs DESC, staff_id
"""  # noqa: S608 constants
"""Two of the staff may share a telephone: a job is the one's who has it."""
_QUESTIONS = f"SELECT * FROM ({_QUESTIONS}) AS each ORDER BY asked_at NULLS FIRST, id"  # noqa: S608 as above

_INCIDENTS = f"""
SELECT incident.id, incident.number, max(sms_message.created_at) AS asked_at
FROM sms_message JOIN incident ON incident.id = sms_message.reference
WHERE recipient = :sender AND sms_message.state <> 'drill' AND sms_message.kind IN {in_sql(ASKING)} AND incident.state <> 'closed'
GROUP BY incident.id, incident.number ORDER BY 3
"""  # noqa: S608 constants

_BEFORE = """
SELECT earlier.text = own.text AND earlier.received_at > own.received_at - make_interval(secs => :within_s)
FROM sms_inbound AS own JOIN sms_inbound AS earlier ON earlier.sender = own.sender AND earlier.id <> own.id
 AND (earlier.received_at, earlier.id) < (own.received_at, own.id)
WHERE own.id = :id AND own.sender = :sender
ORDER BY earlier.received_at DESC, earlier.id DESC LIMIT 1
"""

_ALL_STAFF = f"SELECT DISTINCT ON (phone) phone, id FROM staff WHERE phone IS NOT NULL AND {_ACTIVE} ORDER BY phone, id"  # noqa: S608 a constant

_ALL_QUESTIONS = f"""
WITH about AS (
    SELECT id AS task_id, staff_id FROM task WHERE ended_at IS NULL AND state IN ('{_HELD}')
    UNION
    SELECT task.id, offer.staff_id FROM task JOIN task_offer AS offer ON offer.task_id = task.id WHERE task.ended_at IS NULL
)
SELECT {_COLUMNS}, told.at AS asked_at FROM about JOIN task ON task.id = about.task_id
JOIN staff ON staff.id = about.staff_id AND staff.phone IS NOT NULL AND {_ACTIVE}
LEFT JOIN LATERAL (
    SELECT max(created_at) AS at FROM sms_message
    WHERE reference = task.id AND recipient = staff.phone AND sms_message.state <> 'drill' AND sms_message.kind IN {in_sql(TO_FIELD)}
) AS told ON true
WHERE coalesce(task.staff_id = staff.id, false) AND task.state IN ('{_HELD}') OR told.at > :since
ORDER BY told.at NULLS FIRST, task.id
"""  # noqa: S608 constants

_ALL_INCIDENTS = f"""
SELECT staff.phone, incident.id, incident.number, max(sms_message.created_at) AS asked_at
FROM incident JOIN sms_message ON sms_message.reference = incident.id AND sms_message.state <> 'drill' AND sms_message.kind IN {in_sql(ASKING)}
JOIN staff ON staff.phone = sms_message.recipient AND {_ACTIVE}
WHERE incident.state <> 'closed' GROUP BY 1, 2, 3 ORDER BY 4
"""  # noqa: S608 constants
