"""Templates of rounds: entered, changed on the version that was seen, their stops one by one or from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from callcenter.auth.permissions import Action
from callcenter.core.errors import CallCenterError, Conflict, Invalid
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.phone.models import FieldPhoto
from callcenter.dispatch.road_words import demand_fit
from callcenter.records.entering import seen
from callcenter.records.models import Organisation, Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.models import Home
from callcenter.rounds.days import RunsOn, Visited
from callcenter.rounds.models import RoundRow, RoundRun, RoundStop, RoundVisit
from callcenter.rounds.schemas import (
    RoundBody,
    RoundChange,
    RoundRunChange,
    RoundRunView,
    RoundStopBody,
    RoundStopView,
    RoundView,
    StopsRead,
)
from callcenter.rounds.seeing import round_of, runs_of, stops_of
from callcenter.rounds.stops_file import read_stops
from callcenter.rounds.visit import RunState


async def add_round(asking: Asking, body: RoundBody) -> RoundView:
    """Raises NotFound, Invalid `rule_incomplete`."""
    row = RoundRow(created_at=asking.now, created_by=asking.principal.user_id, version=1)
    return await _write(asking, row, body, "round_added")


async def change_round(asking: Asking, round_id: int, body: RoundChange) -> RoundView:
    """Runs that are not closed follow it. Raises NotFound, Conflict `changed_meanwhile`, Invalid `rule_incomplete`."""
    row = await managed(asking, round_id)
    check_version(row, body.version)
    return await _write(asking, row, body, "round_changed")


async def managed(asking: Asking, round_id: int) -> RoundRow:
    """Of a region in which the asker dispatches, held. Raises NotFound."""
    query = select(RoundRow).join(Region).where(RoundRow.id == round_id)
    return await asking.one(query.with_for_update(of=RoundRow), "round", Action.DISPATCH)


async def _write(asking: Asking, row: RoundRow, body: RoundBody, action: str) -> RoundView:
    region = await asking.region(body.region_id, Action.DISPATCH)
    if body.organisation_id is not None:
        await seen(asking, Organisation, body.organisation_id, "organisation")
    demand_fit(body.name, *body.check_list)
    staff = [await seen(asking, Staff, each, "staff") for each in dict.fromkeys(body.staff_ids)]
    from_day = body.from_day or row.from_day or asking.now.date()
    RunsOn(frozenset(body.weekdays), body.on_holiday, from_day, body.until_day).check()
    if body.closes_at <= body.begins_at:
        raise Invalid("A round closes after it has begun.", code="rule_incomplete")
    values = body.model_dump(exclude={"version", "from_day", "staff_ids", "weekdays"})
    for name, value in values.items():
        setattr(row, name, value)
    row.from_day = from_day
    row.weekdays, row.staff_ids = sorted(set(body.weekdays)), [each.id for each in staff]
    asking.session.add(row)
    await asking.session.flush()
    await asking.note(action, f"round:{row.id}", region.path, {"staff_ids": row.staff_ids})
    return await round_of(asking, row.id)


# ---- stops


async def add_stop(asking: Asking, round_id: int, body: RoundStopBody) -> list[RoundStopView]:
    """Raises NotFound, Conflict `on_it_already`, Invalid `rule_incomplete`, `not_for_phones`."""
    row = await managed(asking, round_id)
    await _add(asking, row, body)
    await asking.note(
        "round_stop_added", f"home:{body.home_id}", await asking.path_of(row.region_id)
    )
    return await stops_of(asking, round_id)


async def _add(asking: Asking, row: RoundRow, body: RoundStopBody) -> None:
    demand_fit(body.note)
    home = await asking.home(body.home_id, Action.SEE_PROFILES)
    if body.resident_id is not None:
        resident = await asking.resident(body.resident_id, Action.SEE_PROFILES)
        if resident.home_id != home.id:
            raise Invalid("This resident lives elsewhere.", code="lives_elsewhere")
    Visited(body.alternate, body.every_days, body.from_day).check()
    if body.window_from and body.window_until and body.window_until <= body.window_from:
        raise Invalid("The window ends before it begins.", code="rule_incomplete")
    if await _is_on_it(asking, row.id, home.id, body.resident_id):
        raise Conflict("They are on this round already.", code="on_it_already")
    n = body.n or await _last(asking, row.id) + 1
    values = body.model_dump(exclude={"n"})
    if body.alternate != "nth":
        values |= {"every_days": None, "from_day": None}
    asking.session.add(RoundStop(round_id=row.id, n=n, **values))
    await asking.session.flush()


async def _is_on_it(asking: Asking, round_id: int, home_id: int, resident_id: int | None) -> bool:
    found = select(func.count()).where(
        RoundStop.round_id == round_id,
        RoundStop.home_id == home_id,
        RoundStop.resident_id.is_not_distinct_from(resident_id),
        RoundStop.removed_at.is_(None),
    )
    return bool(await asking.session.scalar(found))


async def _last(asking: Asking, round_id: int) -> int:
    query = select(func.max(RoundStop.n)).where(
        RoundStop.round_id == round_id, RoundStop.removed_at.is_(None)
    )
    return await asking.session.scalar(query) or 0


async def remove_stop(asking: Asking, stop_id: int) -> None:
    """From the runs that are open still as well, where nobody has spoken of it. Raises NotFound."""
    query = (
        select(RoundStop)
        .join(RoundRow, RoundRow.id == RoundStop.round_id)
        .join(Region, Region.id == RoundRow.region_id)
        .where(RoundStop.id == stop_id, RoundStop.removed_at.is_(None))
        .with_for_update(of=RoundStop)
    )
    stop = await asking.one(query, "round_stop", Action.DISPATCH)
    stop.removed_at = asking.now
    row = await asking.session.get_one(RoundRow, stop.round_id)
    path = await asking.path_of(row.region_id)
    await asking.note("round_stop_removed", f"home:{stop.home_id}", path, {"round_id": row.id})


async def add_stops(asking: Asking, round_id: int, text: str) -> StopsRead:
    """Those lines of a file that can be stops; the others with the reason. Raises NotFound, Invalid `headings_wanted`."""
    row = await managed(asking, round_id)
    lines = read_stops(text)
    homes = await _homes_by_address(asking, [each.address for each in lines if each.address])
    refused: list[dict[str, Any]] = []
    for line in lines:
        try:
            await _add(asking, row, line.body(homes))
        except CallCenterError as error:
            refused.append({"line": line.line, "code": error.code, "params": dict(error.params)})
    path = await asking.path_of(row.region_id)
    added = len(lines) - len(refused)
    await asking.note("round_stops_added", f"round:{row.id}", path, {"added": added})
    return StopsRead(added=added, refused=refused)


async def _homes_by_address(asking: Asking, addresses: Sequence[str]) -> Mapping[str, int]:
    """Of those that only one home of the asker's regions has."""
    rows = await asking.session.execute(
        select(Home.address, func.min(Home.id))
        .join(Region, Region.id == Home.region_id)
        .where(
            Home.address.in_(addresses),
            Home.merged_into.is_(None),
            asking.within(Action.SEE_PROFILES),
        )
        .group_by(Home.address)
        .having(func.count() == 1)
    )
    return {row[0]: row[1] for row in rows}


# ---- runs


async def managed_run(asking: Asking, run_id: int) -> RoundRun:
    """Held. Raises NotFound."""
    round_ = aliased(RoundRow)
    query = (
        select(RoundRun)
        .join(round_, round_.id == RoundRun.round_id)
        .join(Region, Region.id == round_.region_id)
        .where(RoundRun.id == run_id)
        .with_for_update(of=RoundRun)
    )
    return await asking.one(query, "round_run", Action.DISPATCH)


async def change_run(asking: Asking, run_id: int, body: RoundRunChange) -> RoundRunView:
    """Who walks it this day. Raises NotFound, Conflict `closed_already`."""
    run = await managed_run(asking, run_id)
    if run.state == RunState.CLOSED:
        raise Conflict("This run is closed.", code="closed_already")
    staff = [await seen(asking, Staff, each, "staff") for each in dict.fromkeys(body.staff_ids)]
    before, run.staff_ids = run.staff_ids, [each.id for each in staff]
    await asking.session.flush()
    row = await asking.session.get_one(RoundRow, run.round_id)
    detail = {"before": before, "after": run.staff_ids}
    path = await asking.path_of(row.region_id)
    await asking.note("round_run_given", f"round_run:{run_id}", path, detail)
    return (await runs_of(asking, run.day, run_id))[0]


async def managed_visit(asking: Asking, visit_id: int) -> Sequence[int]:
    """The path of its region, where the asker may say what somebody has told them of it. Raises NotFound."""
    query = (
        select(RoundRow)
        .join(RoundRun, RoundRun.round_id == RoundRow.id)
        .join(RoundVisit, RoundVisit.run_id == RoundRun.id)
        .join(Region, Region.id == RoundRow.region_id)
        .where(RoundVisit.id == visit_id)
    )
    row = await asking.one(query, "round_visit", Action.DISPATCH)
    return await asking.path_of(row.region_id)


async def demand_photo(asking: Asking, photo_id: UUID) -> None:
    """One that came from a job where the asker dispatches. Raises NotFound."""
    query = (
        select(TaskRow)
        .join(FieldPhoto, FieldPhoto.task_id == TaskRow.id)
        .join(Region, Region.id == TaskRow.region_id)
        .where(FieldPhoto.id == photo_id)
    )
    await asking.one(query, "photo", Action.DISPATCH)
