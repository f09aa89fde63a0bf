"""Cases as people see them, within the regions in which they answer calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import NotFound
from callcenter.hotline.filing.asked_for import Start, read_start, write_start
from callcenter.hotline.filing.case import CaseState
from callcenter.hotline.filing.following import CaseKind
from callcenter.hotline.filing.schemas import CaseLine, CasePage, CaseStepView, CaseView
from callcenter.residents.access import Asking


async def case_page(
    asking: Asking,
    state: CaseState,
    kind: CaseKind | None,
    region_id: int | None,
    limit: int,
    after: str | None,
) -> CasePage:
    """What is open, the most urgent first; what is done, the newest first. The look is written down."""
    is_open = state is CaseState.OPEN
    at, order, beyond = ("due_at", "ASC", ">") if is_open else ("done_at", "DESC", "<")
    values: dict[str, Any] = {"state": state.value, "most": limit + 1}
    condition = "one.state = :state"
    if kind is not None:
        condition, values["kind"] = f"{condition} AND one.kind = :kind", kind.value
    if region_id is not None:
        condition += " AND region.path @> ARRAY[CAST(:region_id AS bigint)]"
        values["region_id"] = region_id
    if after is not None:
        start = read_start(after)
        condition += f" AND (one.{at}, one.id) {beyond} (:time, CAST(:after AS uuid))"
        values |= {"time": start.at, "after": str(start.id)}
    lines = await case_lines(
        asking, condition, values, f"ORDER BY one.{at} {order}, one.id {order} LIMIT :most"
    )
    shown = lines[:limit]
    if shown:
        homes = sorted({each.home_id for each in shown if each.home_id is not None})
        regions = sorted({each.region_id for each in shown})
        await asking.note("hotline_cases_listed", "homes", regions, {"ids": homes})
    if len(lines) <= limit:
        return CasePage(items=shown, after=None)
    last = shown[-1]
    place = Start(last.due_at if is_open or last.done_at is None else last.done_at, last.id)
    return CasePage(items=shown, after=write_start(place))


async def case_lines(
    asking: Asking, condition: str, values: Mapping[str, Any], tail: str = "ORDER BY one.opened_at"
) -> list[CaseLine]:
    """Those that meet the condition."""
    regions = sorted(asking.principal.regions(Action.ANSWER_CALLS))
    sql = f"{_COLUMNS} WHERE region.path && CAST(:regions AS bigint[]) AND {condition} {tail}"
    found = await asking.session.execute(
        statement(sql), {**values, "regions": regions, "now": asking.now}
    )
    return [CaseLine.model_validate(dict(row)) for row in found.mappings()]


async def case_line(asking: Asking, case_id: UUID) -> CaseLine:
    """Raises NotFound."""
    found = await case_lines(asking, "one.id = :case_id", {"case_id": case_id})
    if not found:
        raise NotFound("no such case", what="case")
    return found[0]


async def case_view(asking: Asking, case_id: UUID) -> CaseView:
    """With what was done; the look is written down."""
    line = await case_line(asking, case_id)
    subject = f"hotline_case:{case_id}" if line.home_id is None else f"home:{line.home_id}"
    path = await asking.path_of(line.region_id)
    await asking.note("hotline_case_seen", subject, path, {"case_id": str(case_id)})
    return await with_steps(asking, line)


async def with_steps(asking: Asking, line: CaseLine) -> CaseView:
    """What was done about it, in its order."""
    found = await asking.session.execute(_STEPS, {"case_id": line.id})
    steps = [CaseStepView.model_validate(dict(row)) for row in found.mappings()]
    return CaseView(line=line, steps=steps)


_COLUMNS = """
SELECT one.id, one.number, one.version, one.kind, one.state, one.call_id, one.disposition, one.region_id, one.home_id,
       coalesce(home.address, '') AS address, coalesce(home.address_en, '') AS address_en, one.resident_id, resident.name,
       resident.name_latin, call.caller_e164, call.caller_raw, one.note, one.opened_at, opener.name AS opened_by_name, one.due_at,
       one.state = 'open' AND one.due_at < :now AS is_overdue, one.done_at, doer.name AS done_by_name, one.result
FROM hotline_case AS one
JOIN region ON region.id = one.region_id
JOIN call ON call.id = one.call_id
LEFT JOIN home ON home.id = one.home_id
LEFT JOIN resident ON resident.id = one.resident_id
LEFT JOIN app_user AS opener ON opener.id = one.opened_by
LEFT JOIN app_user AS doer ON doer.id = one.done_by
"""

_STEPS = statement(
    "SELECT n, at, kind, user_name, words, due_at FROM hotline_case_step WHERE case_id = :case_id ORDER BY n"
)
