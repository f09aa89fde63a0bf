"""Starting and stopping drills, with who may, and what stands against it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import TIMESTAMP

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.ids import new_id
from callcenter.drills.course import Ending, ends_at
from callcenter.drills.models import Drill, DrillPress
from callcenter.drills.running import END, REAL_WAITS
from callcenter.drills.schemas import (
    DrillBody,
    DrillDetail,
    DrillView,
    PressAtHome,
    PressView,
    ScriptView,
)
from callcenter.drills.scripts import SCRIPTS, Script, homes_needed
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident

LISTED: Final = 50
_DRAWN_FROM: Final = 200
"""Homes one after the other, from a place that is drawn: a region may have a million."""


async def start(asking: Asking, body: DrillBody) -> DrillDetail:
    """From now on. Raises NotFound, Invalid `home_elsewhere`, Conflict `drill_running` and `real_alarms_wait`."""
    region = await asking.region(body.region_id, Action.RUN_DRILLS)
    homes = await _homes_in(asking, region, {each.home_id for each in body.presses})
    await _demand_quiet(asking, region)
    drill = Drill(
        title=body.title,
        region_id=region.id,
        region_path=region.path,
        started_at=asking.now,
        started_by=asking.principal.user_id,
        started_by_name=asking.principal.name,
        until_at=ends_at(asking.now, [each.after_s for each in body.presses]),
    )
    asking.session.add(drill)
    await asking.session.flush()
    asking.session.add_all(_planned(drill, body, homes))
    await asking.session.flush()
    await asking.note(
        "drill_started", f"drill:{drill.id}", region.path, {"home_ids": sorted(homes)}
    )
    return await _detail(asking, drill)


def _planned(drill: Drill, body: DrillBody, homes: Mapping[int, Home]) -> list[DrillPress]:
    """Numbered in the order in which they come."""
    in_order = sorted(body.presses, key=lambda each: each.after_s)
    return [
        DrillPress(
            id=new_id(),
            drill_id=drill.id,
            number=number,
            home_id=each.home_id,
            label=homes[each.home_id].address,
            label_en=homes[each.home_id].address_en,
            kind=each.kind.value,
            after_s=each.after_s,
            due_at=drill.started_at + timedelta(seconds=each.after_s),
        )
        for number, each in enumerate(in_order, 1)
    ]


async def stop(asking: Asking, drill_id: int) -> DrillDetail:
    """At once: what is not pressed yet is left out, and what is open leaves the boards. One that is over stays so. Raises NotFound."""
    drill = await find(asking, drill_id)
    await asking.session.execute(
        _STOP,
        {
            "id": drill.id,
            "now": asking.now,
            "ending": Ending.STOPPED.value,
            "name": asking.principal.name,
        },
    )
    await asking.session.refresh(drill)
    await asking.note("drill_stopped", f"drill:{drill.id}", drill.region_path)
    return await _detail(asking, drill)


async def find(asking: Asking, drill_id: int) -> Drill:
    """One of the granted regions. Raises NotFound."""
    drill = await asking.session.get(Drill, drill_id)
    if drill is None or not asking.principal.may(Action.RUN_DRILLS, drill.region_path):
        raise NotFound("no such drill", what="drill")
    return drill


async def show(asking: Asking, drill_id: int) -> DrillDetail:
    """With its presses: addresses, and nothing of whoever lives there. Raises NotFound."""
    return await _detail(asking, await find(asking, drill_id))


async def listed(asking: Asking) -> list[DrillView]:
    """The latest of the granted regions, those that run among them."""
    regions = sorted(asking.principal.regions(Action.RUN_DRILLS))
    found = await asking.session.scalars(
        select(Drill)
        .where(Drill.region_path.overlap(regions))
        .order_by(Drill.id.desc())
        .limit(LISTED)
    )
    return [DrillView.model_validate(drill) for drill in found]


async def presses_of(asking: Asking, drill: Drill) -> Sequence[DrillPress]:
    """In their order."""
    query = (
        select(DrillPress).where(DrillPress.drill_id == drill.id).order_by(DrillPress.number)
    ).execution_options(populate_existing=True)
    return (await asking.session.scalars(query)).all()


async def scripts(asking: Asking, region_id: int) -> list[ScriptView]:
    """The ready-made drills at homes drawn from this region. Raises NotFound, Invalid `no_homes`."""
    region = await asking.region(region_id, Action.RUN_DRILLS)
    homes = await _draw(asking, region, max(map(homes_needed, Script)))
    if not homes:
        raise Invalid("Nobody lives in this region.", code="no_homes")
    await asking.note(
        "drill_drawn", f"region:{region.id}", region.path, {"home_ids": sorted(h.id for h in homes)}
    )
    return [_filled(script, homes) for script in Script]


def _filled(script: Script, homes: Sequence[Home]) -> ScriptView:
    """Where the region has too few homes, some press more than once."""
    placed = [(homes[each.home % len(homes)], each) for each in SCRIPTS[script]]
    return ScriptView(
        script=script,
        presses=[
            PressAtHome(
                home_id=home.id,
                label=home.address,
                label_en=home.address_en,
                kind=each.kind,
                after_s=each.after_s,
            )
            for home, each in placed
        ],
    )


async def _draw(asking: Asking, region: Region, wanted: int) -> Sequence[Home]:
    """Homes where somebody lives, in no order."""
    lived_in = (
        select(Home)
        .join(Region)
        .where(
            Region.path.contains([region.id]),
            select(Resident.id).where(Resident.home_id == Home.id, Resident.status == "home").exists(),
        )
        .order_by(Home.id)
        .limit(_DRAWN_FROM)
    )  # fmt: skip
    highest = await asking.session.scalar(select(func.max(Home.id))) or 0
    start_at = random.randint(0, highest)  # noqa: S311 - not a secret
    found = list(await asking.session.scalars(lived_in.where(Home.id >= start_at)))
    if len(found) < wanted:
        found += await asking.session.scalars(lived_in.where(Home.id < start_at))
    return random.sample(found, min(wanted, len(found)))


async def _homes_in(asking: Asking, region: Region, wanted: set[int]) -> Mapping[int, Home]:
    within: ColumnElement[bool] = Region.path.contains([region.id])
    query = select(Home).join(Region).where(Home.id.in_(wanted), within)
    found = {home.id: home for home in await asking.session.scalars(query)}
    missing = wanted - found.keys()
    if missing:
        raise Invalid("A home is not in this region.", code="home_elsewhere", homes=sorted(missing))
    return found


async def _demand_quiet(asking: Asking, region: Region) -> None:
    """One drill at a time in a region and what is above and below it; none beside a real alarm that waits."""
    await asking.session.execute(_ONE_AT_A_TIME)
    running = select(Drill.id).where(
        Drill.ended_at.is_(None),
        Drill.region_path.contains([region.id]) | Drill.region_id.in_(region.path),
    )
    if await asking.session.scalar(running.limit(1)) is not None:
        raise Conflict("A drill runs here already: stop it first.", code="drill_running")
    if await asking.session.scalar(_WAITS, {"region_id": region.id}):
        raise Conflict("Real alarms wait here: take them first.", code="real_alarms_wait")


async def _detail(asking: Asking, drill: Drill) -> DrillDetail:
    presses = await presses_of(asking, drill)
    view: dict[str, Any] = DrillView.model_validate(drill).model_dump()
    return DrillDetail(**view, presses=[PressView.model_validate(each) for each in presses])


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('drill', 0))")
_WAITS = text(
    f"SELECT EXISTS ({REAL_WAITS} AND incident.region_path @> ARRAY[CAST(:region_id AS bigint)])"
)
_STOP = text(
    END.replace("$1", ":id").replace("$2", ":now").replace("$3", ":ending").replace("$4", ":name")
).bindparams(
    bindparam("id", type_=BigInteger),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
    bindparam("ending", type_=Text),
    bindparam("name", type_=Text),
)
