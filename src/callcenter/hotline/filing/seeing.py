"""Calls as people see them: those of the regions in which they answer calls, of a home there, or answered by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final
from uuid import UUID

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import NotFound
from callcenter.hotline.filing.asked_for import (
    CONDITIONS,
    GROUPED,
    OLDEST_FIRST,
    CallFilter,
    Part,
    Start,
    read_start,
    write_start,
)
from callcenter.hotline.filing.case_lists import case_lines
from callcenter.hotline.filing.schemas import (
    CallCounts,
    CallLine,
    CallPage,
    CallPerson,
    EarlierCall,
    FiledCallView,
    FilingView,
    LegView,
)
from callcenter.hotline.traits import traits_of
from callcenter.residents.access import Asking

AFTER: Final[Mapping[bool, str]] = {
    True: "(at, id) > (:time, CAST(:after AS uuid))",
    False: "(at, id) < (:time, CAST(:after AS uuid))",
}


def scope(asking: Asking) -> dict[str, Any]:
    """The parameters of `WITHIN`."""
    return {
        "regions": sorted(asking.principal.regions(Action.ANSWER_CALLS)),
        "user_id": asking.principal.user_id,
    }


async def page_of(
    asking: Asking,
    wanted: CallFilter,
    zone: tzinfo,
    limit: int,
    after: str | None,
    *,
    noted: bool = True,
) -> CallPage:
    """Work the oldest first, everything else the newest first; the look is written down, unless a file is."""
    start = None if after is None else read_start(after)
    rows = await _rows(asking, wanted, zone, limit + 1, start)
    items = await asyncio.to_thread(lambda: [CallLine.model_validate(row) for row in rows[:limit]])
    homes = sorted({each.home_id for each in items if each.home_id is not None})
    if noted and any(each.name or each.caller_e164 for each in items):
        regions = sorted({each.region_id for each in items})
        await asking.note("hotline_calls_listed", "homes", regions, {"ids": homes})
    more = len(rows) > limit
    last = Start(rows[limit - 1]["at"], rows[limit - 1]["id"]) if more else None
    return CallPage(items=items, after=None if last is None else write_start(last))


async def _rows(
    asking: Asking, wanted: CallFilter, zone: tzinfo, most: int, start: Start | None
) -> Sequence[Mapping[str, Any]]:
    conditions, values = wanted.conditions(zone)
    oldest = wanted.part in OLDEST_FIRST
    order = "ASC" if oldest else "DESC"
    rank = _TIMES if wanted.part in GROUPED else _ONCE
    values |= scope(asking) | {"most": most, "now": asking.now}
    beyond = "true"
    if start is not None:
        beyond = AFTER[oldest]
        values |= {"time": start.at, "after": str(start.id)}
    sql = f"""
        WITH found AS ({_COLUMNS}, {rank} {FROM} WHERE {WITHIN} AND {conditions})
        SELECT * FROM found WHERE place = 1 AND {beyond} ORDER BY at {order}, id {order} LIMIT :most
    """  # noqa: S608 - conditions of this package
    found = await asking.session.execute(statement(sql), values)
    return [dict(row) for row in found.mappings()]


async def line_of(asking: Asking, call_id: UUID) -> CallLine:
    """One call. Raises NotFound."""
    values = scope(asking) | {"call_id": call_id, "now": asking.now}
    sql = f"{_COLUMNS}, {_ONCE} {FROM} WHERE {WITHIN} AND call.id = :call_id"
    found = (await asking.session.execute(statement(sql), values)).mappings().one_or_none()
    if found is None:
        raise NotFound("no such call", what="call")
    return CallLine.model_validate(dict(found))


async def detail_of(asking: Asking, call_id: UUID) -> FiledCallView:
    """With its telephones, words, cases, and how to talk to whoever it was. The look is written down. Raises NotFound."""
    line = await line_of(asking, call_id)
    subject = f"hotline_call:{call_id}" if line.home_id is None else f"home:{line.home_id}"
    path = await asking.path_of(line.region_id)
    await asking.note("hotline_call_seen", subject, path, {"call_id": str(call_id)})
    return await whole(asking, line)


async def whole(asking: Asking, line: CallLine) -> FiledCallView:
    """A line with what belongs to it."""

    async def rows(sql: str, **more: Any) -> list[dict[str, Any]]:
        found = await asking.session.execute(statement(sql), {"call_id": line.id} | more)
        return [dict(row) for row in found.mappings()]

    person = await rows(_PERSON, resident_id=line.resident_id)
    earlier = await rows(_EARLIER, number=line.caller_e164, **scope(asking))
    return FiledCallView(
        line=line,
        filings=[FilingView.model_validate(row) for row in await rows(_FILINGS)],
        legs=[LegView.model_validate(row) for row in await rows(_LEGS)],
        cases=await case_lines(asking, "one.call_id = :call_id", {"call_id": line.id}),
        person=_person(person[0]) if person else None,
        earlier=[EarlierCall.model_validate(row) for row in earlier],
    )


def _person(row: Mapping[str, Any]) -> CallPerson:
    kept = ("resident_id", "hearing", "dialect", "talk_note")
    return CallPerson(**{name: row[name] for name in kept}, traits=sorted(traits_of(row)))


async def counts_of(asking: Asking) -> CallCounts:
    """What is still to be done in the asker's regions."""
    values = scope(asking) | {"now": asking.now}
    row = (await asking.session.execute(_COUNTS, values)).mappings().one()
    return CallCounts.model_validate(dict(row))


_COLUMNS = """
SELECT call.id, call.source, call.direction, call.kind, call.line, coalesce(line.name, '') AS line_name,
       coalesce(line.name_en, '') AS line_name_en, call.region_id, call.caller_raw, call.caller_e164, call.presentation,
       call.matches, call.home_id, coalesce(home.address, '') AS address, coalesce(home.address_en, '') AS address_en,
       call.resident_id, resident.name, resident.name_latin, call.contact_id, contact.name AS contact_name,
       contact.name_latin AS contact_latin, staff.name AS staff_name, organisation.name AS organisation_name, call.state,
       call.offered_at, call.answered_at, call.answered_by, answerer.name AS answered_by_name, call.ended_at,
       extract(epoch FROM coalesce(call.answered_at, call.ended_at, :now) - call.offered_at)::bigint AS waited_s,
       extract(epoch FROM coalesce(call.ended_at, :now) - call.answered_at)::bigint AS talked_s,
       call.disposition, call.filed_at, call.filings, call.note, coalesce(call.incident_id, raised.incident_id) AS incident_id,
       incident.number AS incident_number, call.task_id, call.call_back_wanted, call.worked_off_at, call.worked_off_how,
       call.worked_off_reason, call.offered_at AS at
"""

_CALLER = "PARTITION BY coalesce(call.caller_e164, call.id::text)"
_ONCE = "1 AS times, call.offered_at AS first_at, 1 AS place"
_TIMES = f"""count(*) OVER ({_CALLER}) AS times, min(call.offered_at) OVER ({_CALLER}) AS first_at,
       row_number() OVER ({_CALLER} ORDER BY call.offered_at DESC, call.id DESC) AS place"""

FROM = """
FROM call
JOIN region ON region.id = call.region_id
LEFT JOIN line ON line.number = call.line
LEFT JOIN home ON home.id = call.home_id
LEFT JOIN region AS around ON around.id = home.region_id
LEFT JOIN resident ON resident.id = call.resident_id
LEFT JOIN contact ON contact.id = call.contact_id
LEFT JOIN staff ON staff.id = call.staff_id
LEFT JOIN organisation ON organisation.id = call.organisation_id
LEFT JOIN app_user AS answerer ON answerer.id = call.answered_by
LEFT JOIN LATERAL (
    SELECT signal.incident_id FROM call_signal AS signal WHERE signal.call_id = call.id
    ORDER BY signal.created_at DESC LIMIT 1
) AS raised ON true
LEFT JOIN incident ON incident.id = coalesce(call.incident_id, raised.incident_id)
"""

WITHIN = """
(region.path && CAST(:regions AS bigint[]) OR around.path && CAST(:regions AS bigint[]) OR call.answered_by = :user_id)
"""

_FILINGS = """
SELECT id, n, at, user_name, disposition, note, resident_id, opened, opened_id FROM call_filing WHERE call_id = :call_id ORDER BY n
"""

_LEGS = """
SELECT leg.role, app_user.name AS user_name, leg.number, leg.called_at, leg.answered_at, leg.ended_at
FROM call_leg AS leg LEFT JOIN app_user ON app_user.id = leg.user_id WHERE leg.call_id = :call_id ORDER BY leg.called_at, leg.id
"""

_PERSON = """
SELECT id AS resident_id, hearing, dialect, talk_note, disability, living, CAST(:call_id AS uuid) FROM resident
WHERE id = :resident_id
"""

_EARLIER = f"""
SELECT call.id, call.direction, call.offered_at, call.answered_at IS NOT NULL AS answered, call.disposition
FROM call JOIN region ON region.id = call.region_id
LEFT JOIN home ON home.id = call.home_id LEFT JOIN region AS around ON around.id = home.region_id
WHERE call.caller_e164 = CAST(:number AS text) AND call.id <> :call_id AND {WITHIN}
ORDER BY call.offered_at DESC LIMIT 10
"""  # noqa: S608 constant parts

_COUNTS = statement(
    f"""
SELECT count(*) FILTER (WHERE {CONDITIONS[Part.TO_BE_FILED]}) AS to_be_filed,
       count(DISTINCT coalesce(call.caller_e164, call.id::text)) FILTER (WHERE {CONDITIONS[Part.MISSED]}) AS missed,
       count(DISTINCT coalesce(call.caller_e164, call.id::text)) FILTER (WHERE {CONDITIONS[Part.CALL_BACKS]}) AS call_backs,
       (SELECT count(*) FROM hotline_case AS one JOIN region ON region.id = one.region_id
        WHERE one.state = 'open' AND region.path && CAST(:regions AS bigint[])) AS cases_open,
       (SELECT count(*) FROM hotline_case AS one JOIN region ON region.id = one.region_id
        WHERE one.state = 'open' AND one.due_at < :now AND region.path && CAST(:regions AS bigint[])) AS cases_overdue
FROM call JOIN region ON region.id = call.region_id
LEFT JOIN home ON home.id = call.home_id LEFT JOIN region AS around ON around.id = home.region_id
WHERE call.state = 'ended' AND call.direction = 'in' AND call.disposition IS NULL AND {WITHIN}
"""  # noqa: S608 constant parts
)
