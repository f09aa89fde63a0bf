"""Calls that nobody answered, until none is left: rung back, found to need nothing, or spoken with by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.calls.statement import statement
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.held import HeldConnections
from callcenter.hotline.disposition import MISSED
from callcenter.hotline.filing.filing import held
from callcenter.hotline.filing.offered import put_built_in
from callcenter.hotline.filing.schemas import WorkedOffBody, WorkedOffCalls
from callcenter.hotline.filing.seeing import line_of, scope
from callcenter.hotline.models import WorkedOff
from callcenter.residents.access import Asking

AT_ONCE: Final = 200


async def work_off(asking: Asking, call_id: UUID, body: WorkedOffBody) -> WorkedOffCalls:
    """This call, and all that the same caller has rung in vain up to it. Raises NotFound; Invalid `needs_reason`; Conflict
    `was_answered`.
    """
    line = await line_of(asking, call_id)
    if body.how is WorkedOff.NEEDS_NOTHING and not body.reason.strip():
        raise Invalid("Say why nobody rings back: `reason`.", code="needs_reason")
    call = await held(asking, call_id)
    if call.answered_at is not None or call.direction != "in" or call.state != "ended":
        raise Conflict("This call was not missed.", code="was_answered")
    parts = scope(asking) | {
        "number": call.caller_e164,
        "call_id": call_id,
        "until": call.offered_at,
        "time": asking.now,
        "how": body.how.value,
        "reason": body.reason.strip(),
        "user_name": asking.principal.name,
        "missed": MISSED,
    }
    found = await asking.session.execute(_BY_SOMEBODY, parts)
    calls = len(found.all())
    path = await asking.path_of(line.region_id)
    detail = {"call_id": str(call_id), "how": body.how.value, "calls": calls}
    subject = f"hotline_call:{call_id}" if line.home_id is None else f"home:{line.home_id}"
    await asking.note("missed_call_worked_off", subject, path, detail)
    return WorkedOffCalls(calls=calls)


class ReachedCallers:
    """The processor `reached_callers`: whoever was spoken with after they had rung in vain is not missed any more. Before its first look
    it puts the dispositions that are built in where they are not yet, of which it needs one itself.
    """

    name = "reached_callers"
    interval_s = 2.0

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._offers = False

    async def run_once(self, now: datetime) -> int:
        """So many were worked off."""
        async with self.connections.use() as connection:
            if not self._offers:
                await put_built_in(connection)
                self._offers = True
            return len(await connection.fetch(_BY_ITSELF, now, MISSED, AT_ONCE))


# A word about each of them as well, so that it stands in no list any more and its history says why.
_FILED = """
, filed AS (
    INSERT INTO call_filing (id, call_id, n, at, user_id, user_name, disposition, note, home_id, resident_id, contact_id, staff_id,
                             organisation_id)
    SELECT gen_random_uuid(), id, filings, filed_at, worked_off_by, {user_name}, disposition, note, home_id, resident_id, contact_id,
           staff_id, organisation_id
    FROM worked
)
SELECT id FROM worked
"""

_WORK_OFF = """
WITH found AS (
    SELECT call.id FROM call JOIN region ON region.id = call.region_id
    LEFT JOIN home ON home.id = call.home_id LEFT JOIN region AS around ON around.id = home.region_id
    WHERE (call.id = :call_id OR call.caller_e164 = CAST(:number AS text) AND call.offered_at <= :until)
        AND call.state = 'ended' AND call.direction = 'in' AND call.answered_at IS NULL AND call.disposition IS NULL
        AND (region.path && CAST(:regions AS bigint[]) OR around.path && CAST(:regions AS bigint[]))
    ORDER BY call.id FOR NO KEY UPDATE OF call
), worked AS (
    UPDATE call SET worked_off_at = :time, worked_off_how = :how, worked_off_by = :user_id, worked_off_reason = :reason,
        disposition = :missed, filed_at = :time, filed_by = :user_id, filings = filings + 1, note = :reason
    FROM found WHERE call.id = found.id RETURNING call.*
)
"""

_REACHED = """
WITH found AS (
    SELECT call.id, spoken.id AS spoken_in, spoken.answered_at FROM call
    JOIN LATERAL (
        SELECT later.id, later.answered_at FROM call AS later
        WHERE later.caller_e164 = call.caller_e164 AND later.answered_at IS NOT NULL AND later.id <> call.id
            AND later.direction <> 'automatic' AND (later.ended_at IS NULL OR later.ended_at > call.offered_at)
        ORDER BY later.answered_at LIMIT 1
    ) AS spoken ON true
    WHERE call.state = 'ended' AND call.direction = 'in' AND call.answered_at IS NULL AND call.disposition IS NULL
    ORDER BY call.id LIMIT $3 FOR NO KEY UPDATE OF call SKIP LOCKED
), worked AS (
    UPDATE call SET worked_off_at = greatest(found.answered_at, call.offered_at), worked_off_how = 'reached', worked_off_call = found.spoken_in,
        disposition = $2, filed_at = $1, filings = filings + 1
    FROM found WHERE call.id = found.id RETURNING call.*
)
"""

_BY_SOMEBODY = statement("".join((_WORK_OFF, _FILED.format(user_name="CAST(:user_name AS text)"))))
_BY_ITSELF = "".join((_REACHED, _FILED.format(user_name="''")))
