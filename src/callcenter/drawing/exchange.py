"""The drawn map of a region as a GeoJSON file, and a file taken over in one step."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from callcenter.drawing.drawing import TABLES, Drawable, draw, redraw
from callcenter.drawing.geojson import Drawn, natural_key, read, written
from callcenter.drawing.rings import middle_of
from callcenter.drawing.steps import Step, state_in
from callcenter.drawing.things import State, What
from callcenter.drawing.undoing import StepKind
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


@dataclass(slots=True)
class TakenOver:
    """How many things a file adds, changes and leaves as they are."""

    added: int = 0
    changed: int = 0
    same: int = 0
    names: list[str] = field(default_factory=list)
    """Of buildings that are new."""


async def drawn_things(asking: Asking, region: Region) -> list[tuple[What, Drawable]]:
    """All that is drawn of the region and below, in the order in which it was drawn."""
    found: list[tuple[What, Drawable]] = []
    for what, table in TABLES.items():
        query = select(table).join(Region, Region.id == table.region_id)
        within = query.where(Region.path.contains([region.id])).order_by(table.id)
        rows: Sequence[Drawable] = (await asking.session.scalars(within)).all()
        found += [(what, row) for row in rows]
    return found


async def export_map(asking: Asking, region: Region) -> dict[str, Any]:
    """A FeatureCollection; leaves an entry in the audit trail."""
    things = await drawn_things(asking, region)
    collection = written([(what, row.id, _shape(what, row)) for what, row in things])
    detail = {"features": len(collection["features"])}
    await asking.note("drawing_exported", f"region:{region.id}", region.path, detail)
    return collection


def _shape(what: What, row: Drawable) -> State:
    """What a file says of a thing: all but where it belongs in the tree."""
    return {name: value for name, value in state_in(what, row).items() if name != "region_id"}


async def import_map(
    asking: Asking, region: Region, collection: object, *, dry_run: bool
) -> TakenOver:
    """Buildings and points are found again by their names, roads and areas by their lines; others of the region stay. Raises Invalid
    `geojson_refused`, and writes nothing then.
    """
    step = await Step.begin(asking, region, StepKind.IMPORTED)
    things = await drawn_things(asking, region)
    drawn = await asyncio.to_thread(read, collection, _somewhere(things))
    standing = {natural_key(what, _shape(what, row)): row for what, row in things}
    outcome = TakenOver()
    for one in drawn:
        await _take(step, one, standing.get(natural_key(one.what, one.state)), outcome, dry_run)
    if step.changes:
        await step.finish()
    return outcome


async def _take(
    step: Step, one: Drawn, row: Drawable | None, outcome: TakenOver, dry_run: bool
) -> None:
    if row is not None and all(getattr(row, name) == value for name, value in one.state.items()):
        outcome.same += 1
        return
    if row is None:
        outcome.added += 1
        if one.what is What.BUILDING:
            outcome.names.append(one.state["name"])
    else:
        outcome.changed += 1
    if dry_run:
        return
    if row is None:
        await draw(step, one.what, one.state)
    else:
        await redraw(step, one.what, row, one.state)


def _somewhere(things: Sequence[tuple[What, Drawable]]) -> tuple[float, float] | None:
    """(lng, lat) of a thing that stands."""
    for what, row in things:
        shape: Any = _shape(what, row)
        match what:
            case What.BUILDING if shape["footprint"]:
                return middle_of(shape["footprint"])
            case What.AREA:
                return middle_of(shape["ring"])
            case What.ROAD:
                return shape["line"][0][0], shape["line"][0][1]
            case What.POINT:
                return shape["lng"], shape["lat"]
    return None
