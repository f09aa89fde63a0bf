"""Answers by text: stored raw by the SMS part, understood here, written onto the incident they answer (G6).

A sender with one open incident means that one; with several, the code in the text decides, and without one the answer
stands on each as unclear. A duty number that answers yes takes the alarm. What belongs to no
open incident is not dropped: it becomes a quiet call in the queue, of the home where that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.bodies import Answer
from callcenter.alerts.handling.answering import Candidate, meant, names_another
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.heard import LONGEST_ANSWER, TAKE_ANSWER
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST
from callcenter.core.phone import is_service
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.signals import Kind, Signal
from callcenter.sms.catalogue import ASKING, TO_DUTY, in_sql
from callcenter.sms.inbound import Meaning, Reply, is_courtesy, is_report, meaning as read_meaning

log = structlog.get_logger(__name__)

NAME = "replies"
SOURCE = "sms"
BATCH = 50


STRANGERS = f"caller:{SOURCE}:strangers"
"""Subject of whatever comes from numbers that nobody knows: however many write, it is one quiet call."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """A closed incident that the sender was texted about."""

    id: UUID
    home_id: int | None


class Replies:
    """The processor: hinted by the SMS part, else every second."""

    name = NAME
    interval_s = 1.0

    def __init__(
        self, workbench: Workbench, intake: Intake, is_writing: Callable[[], bool] = lambda: False
    ) -> None:
        """`is_writing`: what was done without the database is being written; an answer comes after the alarm that it answers."""
        self._workbench = workbench
        self._intake = intake
        self._is_writing = is_writing

    async def run_once(self, now: datetime) -> int:
        """Handle what has come in, oldest first."""
        if self._is_writing():
            return 0
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_UNHANDLED, BATCH)
            handled = [await self._handle_or_leave(connection, row, now) for row in rows]
        return sum(handled)

    async def _handle_or_leave(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> bool:
        """One answer that cannot be written now, or ever, keeps no other waiting."""
        try:
            await self._handle(connection, row, now)
        except CallCenterError as error:
            log.warning("reply_left_for_later", inbound_id=str(row["id"]), code=error.code)
        except LOST:
            raise
        except Exception:
            log.exception("reply_failed", inbound_id=str(row["id"]))
        else:
            return True
        return False

    async def _handle(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """Onto each incident it may be about, then the row is done; whatever is raised before leaves it for later."""
        if is_service(row["sender"]) or is_report(row["text"]):
            log.info("text_of_a_service", inbound_id=str(row["id"]), sender=row["sender"])
            await _done(connection, row, Meaning.OTHER, None, now)
            return
        if row["about"] is not None:
            await self._take_from_page(connection, row, now)
            return
        reply = read_meaning(row["text"])
        candidates = await _candidates(connection, row["sender"])
        ended = await _ended(connection, row["sender"], reply, candidates, now)
        if ended is not None or not candidates:
            await self._take_late(connection, row, reply.meaning, ended, now)
            return
        about = meant(row["text"], candidates)
        for one in about:
            said = Answer(
                row["id"], row["sender"], one.meaning, row["text"], one.has_code, one.on_duty
            )
            own = reply_id(row["id"], one.incident.id)
            order = replace(of_system(TAKE_ANSWER, said), at=now, id=own)
            await carry_out(connection, self._workbench, one.incident.id, order)
        await _done(connection, row, about[0].meaning or reply.meaning, about[0].incident.id, now)

    async def _take_from_page(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """Said on the family page of one incident, with a button or in words: nothing of it is guessed."""
        incident_id, said = row["about"], Meaning(row["said"])
        about = await connection.fetchrow(_ABOUT, incident_id)
        if about is None or about["closed"]:
            ended = _Ended(incident_id, about["home_id"]) if about else None
            await self._take_late(connection, row, said, ended, now)
            return
        answer = Answer(row["id"], row["sender"], said, row["text"], has_code=True)
        own = reply_id(row["id"], incident_id)
        order = replace(of_system(TAKE_ANSWER, answer), at=now, id=own)
        await carry_out(connection, self._workbench, incident_id, order)
        await _done(connection, row, said, incident_id, now)

    async def _take_late(
        self,
        connection: asyncpg.Connection,
        row: Mapping[str, Any],
        meaning: Meaning,
        ended: _Ended | None,
        now: datetime,
    ) -> None:
        """Nothing it could be about is open. Thanks, or a no, to what has ended is all that nobody needs to see."""
        settled = ended is not None and (meaning is Meaning.NO or is_courtesy(row["text"]))
        if not settled:
            caller = await self._caller(connection, row["sender"], ended, now)
            region_id = caller.region_id if caller else self._workbench.registry.root_id
            source = SourceRef(SOURCE, SOURCE, region_id)
            await self._intake.accept(source, [_quiet_call(row)], now, caller)
        await _done(connection, row, meaning, ended.id if ended else None, now)

    async def _caller(
        self, connection: asyncpg.Connection, sender: str, ended: _Ended | None, now: datetime
    ) -> Caller | None:
        """The home it is about; a contact of several calls in their own name; all strangers are one call. None: the phone was
        attached to a home by hand.
        """
        registry = self._workbench.registry
        await registry.find_devices(connection, SOURCE, [sender])
        if registry.device_id(SOURCE, sender) is not None:
            return None
        homes = await connection.fetch(_HOMES_OF, sender)
        home_id = ended.home_id if ended else None
        if home_id is None and len(homes) == 1:
            home_id = homes[0]["id"]
        await registry.find_home(connection, home_id)
        caller = registry.home_caller(home_id, None, now) if home_id is not None else None
        if caller is not None:
            return caller
        region_id = homes[0]["region_id"] if homes else registry.root_id
        unknown = registry.resolve(SourceRef(SOURCE, SOURCE, region_id), sender, now)
        return unknown if homes or ended else replace(unknown, subject=STRANGERS)


def reply_id(inbound_id: UUID, incident_id: UUID) -> UUID:
    """Of what an answer does to an incident: the same with the database and without, so that it is done once. A UUID of the time of the
    answer (RFC 9562, version 7).
    """
    rest = bytearray(sha256(b"reply" + inbound_id.bytes + incident_id.bytes).digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=inbound_id.bytes[:6] + bytes(rest))


def _quiet_call(row: Mapping[str, Any]) -> Signal:
    return Signal(
        identifier=row["sender"],
        kind=Kind.HELP,
        dedup_key=sha256(row["id"].bytes).digest(),
        raw=f"{row['sender']}: {row['text']}".encode(),
        text=row["text"][:LONGEST_ANSWER],
    )


async def _candidates(connection: asyncpg.Connection, sender: str) -> list[Candidate]:
    """Open incidents the sender was texted about; where there is none, those of the homes they belong to."""
    told = await connection.fetch(_OPEN_OF, sender)
    if told:
        return [
            Candidate(Incident.of(row), row["asked"], row["on_duty"], row["told_at"])
            for row in told
        ]
    at_home = await connection.fetch(_OPEN_AT_HOME, sender)
    return [Candidate(Incident.of(row), asked=False) for row in at_home]


async def _ended(
    connection: asyncpg.Connection,
    sender: str,
    reply: Reply,
    candidates: Sequence[Candidate],
    now: datetime,
) -> _Ended | None:
    """The incident that has ended which the answer names; with nothing open also the last one of this day."""
    row = None
    if names_another(reply, candidates):
        row = await connection.fetchrow(_ENDED, sender, reply.ref)
    if row is None and not candidates:
        row = await connection.fetchrow(_CLOSED_OF, sender, now)
    return _Ended(**row) if row else None


async def _done(
    connection: asyncpg.Connection,
    row: Mapping[str, Any],
    meaning: Meaning,
    reference: UUID | None,
    now: datetime,
) -> None:
    await connection.execute(_HANDLED, row["id"], meaning.value, reference, now)


_UNHANDLED = """
SELECT id, sender, text, received_at, about, said FROM sms_inbound WHERE handled_at IS NULL AND reader = 'incident' ORDER BY received_at LIMIT $1
"""
"""The others are a worker's word about a task (`dispatch/`)."""

_ABOUT = "SELECT home_id, state = 'closed' AS closed FROM incident WHERE id = $1"

_OPEN_OF = f"""
SELECT {INCIDENT_COLUMNS}, asked, on_duty, told_at FROM incident JOIN (
    SELECT reference, bool_or(kind NOT IN {in_sql(TO_DUTY)} AND withdrawn_at IS NULL) AS asked, bool_or(kind IN {in_sql(TO_DUTY)}) AS on_duty,
           max(created_at) AS told_at
    FROM sms_message WHERE recipient = $1 AND state <> 'drill' AND kind IN {in_sql(ASKING)} GROUP BY reference
) AS told ON told.reference = incident.id
WHERE state <> 'closed' ORDER BY opened_at
"""  # noqa: S608 constant columns

_AT_HOME = """
    SELECT resident.home_id FROM contact JOIN resident ON resident.id = contact.resident_id WHERE contact.phone = $1
    UNION SELECT home_id FROM resident WHERE phone = $1 UNION SELECT home_id FROM resident WHERE second_phone = $1
"""
"""Homes that the sender belongs to, as a contact or as who lives there."""

_OPEN_AT_HOME = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state <> 'closed' AND class = 'alarm' AND mode <> 'drill' AND home_id IN ({_AT_HOME})
ORDER BY opened_at
"""  # noqa: S608 constant columns

_HOMES_OF = f"""
SELECT home.id, home.region_id FROM home WHERE home.id IN ({_AT_HOME}) ORDER BY home.id LIMIT 2
"""  # noqa: S608 a constant

_ENDED = """
SELECT incident.id, incident.home_id FROM incident JOIN sms_message ON sms_message.reference = incident.id
WHERE recipient = $1 AND sms_message.state <> 'drill' AND incident.number = $2 AND incident.state = 'closed' LIMIT 1
"""

_CLOSED_OF = """
SELECT incident.id, incident.home_id FROM sms_message JOIN incident ON incident.id = sms_message.reference
WHERE recipient = $1 AND sms_message.created_at > $2::timestamptz - interval '1 day' AND incident.state = 'closed'
  AND sms_message.state <> 'drill'
ORDER BY sms_message.created_at DESC LIMIT 1
"""

_HANDLED = """
UPDATE sms_inbound SET meaning = $2, reference = $3, handled_at = $4 WHERE id = $1 AND handled_at IS NULL
"""
