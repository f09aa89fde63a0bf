"""The sheet that somebody draws on: all that is drawn of a region, its picture, and what can be undone."""

from __future__ import annotations

from sqlalchemy import select

from callcenter.drawing.drawing import TABLES
from callcenter.drawing.exchange import drawn_things
from callcenter.drawing.models import DrawingChange, DrawingStep
from callcenter.drawing.pictures import fit_of
from callcenter.drawing.schemas import (
    AreaOnSheet,
    BuildingOnSheet,
    PictureOnSheet,
    PointOnSheet,
    RoadOnSheet,
    Sheet,
    StepView,
)
from callcenter.drawing.steps import homes_in, next_steps, state_in
from callcenter.drawing.things import What, mark_of
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import MapPicture


async def sheet_of(asking: Asking, region: Region) -> Sheet:
    """As it stands now."""
    things = await drawn_things(asking, region)
    people = await homes_in(asking, [row.id for what, row in things if what is What.BUILDING])
    sheet = Sheet(region_id=region.id, buildings=[], roads=[], areas=[], points=[])
    for what, row in things:
        state = state_in(what, row)
        shown = {"id": row.id, "mark": mark_of(state), **state}
        match what:
            case What.BUILDING:
                homes, residents = people.get(row.id, (0, 0))
                counted = {"homes": homes, "people": residents}
                sheet.buildings.append(BuildingOnSheet.model_validate(shown | counted))
            case What.ROAD:
                sheet.roads.append(RoadOnSheet.model_validate(shown))
            case What.AREA:
                sheet.areas.append(AreaOnSheet.model_validate(shown))
            case _:
                sheet.points.append(PointOnSheet.model_validate(shown))
    sheet.picture = await _picture(asking, region)
    following = await next_steps(asking, region)
    sheet.undo = await _step(asking, following.undo)
    sheet.redo = await _step(asking, following.redo)
    return sheet


async def _picture(asking: Asking, region: Region) -> PictureOnSheet | None:
    picture = await asking.session.get(MapPicture, region.id)
    return None if picture is None else picture_view(picture)


def picture_view(picture: MapPicture) -> PictureOnSheet:
    """With how well it fits."""
    shown = PictureOnSheet.model_validate(picture)
    found = fit_of(picture)
    if found is not None:
        shown.metres_per_pixel = found.metres_per_pixel
        shown.degrees = found.degrees
        shown.residual_m = found.residual_m
        shown.off_m = list(found.off_m)
    return shown


async def _step(asking: Asking, step_id: int | None) -> StepView | None:
    if step_id is None:
        return None
    step = await asking.session.get_one(DrawingStep, step_id)
    changes = (
        await asking.session.scalars(
            select(DrawingChange).where(DrawingChange.step_id == step_id).order_by(DrawingChange.id)
        )
    ).all()
    named = next((each for each in changes if each.what != What.HOME), changes[0])
    return StepView(
        id=step_id,
        kind=step.kind,
        what=named.what,
        name=await _name(asking, named),
        changes=len(changes),
    )


async def _name(asking: Asking, change: DrawingChange) -> str:
    """As the step wrote it, else as the thing is called now."""
    for state in (change.after, change.before):
        if isinstance(state, dict) and state.get("name"):
            return str(state["name"])
    table = TABLES.get(What(change.what))
    row = await asking.session.get(table, change.thing_id) if table is not None else None
    return row.name if row is not None else ""
