"""REST for drawing the map of a region: buildings, roads, areas, points, doors by rule, its picture, GeoJSON, undoing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response, UploadFile

from callcenter.auth.guards import CurrentUser, require
from callcenter.auth.permissions import Action
from callcenter.core.errors import Forbidden
from callcenter.drawing import doors as door_rules, drawing, exchange, pictures
from callcenter.drawing.schemas import (
    AreaChange,
    BuildingChange,
    DoorsView,
    DoorView,
    FixBody,
    GeoJsonBody,
    Made,
    PictureOnSheet,
    PointChange,
    RoadChange,
    RuleBody,
    Sheet,
    StepWanted,
    TakenOverView,
)
from callcenter.drawing.sheet import picture_view, sheet_of
from callcenter.drawing.steps import go_back
from callcenter.drawing.things import (
    AreaThing,
    BuildingThing,
    PointThing,
    RoadThing,
    What,
    state_of,
)
from callcenter.drawing.undoing import StepKind
from callcenter.regions.models import Region
from callcenter.residents.guards import Hint, Trail
from callcenter.residents.places import SEEING

router = APIRouter(prefix="/api/v1", tags=["drawing"])

Drawer = require(Action.DRAW_MAP)
Seen = Annotated[str, Query(max_length=32, description="The mark of what you have seen.")]
Drawable = BuildingThing | RoadThing | AreaThing | PointThing
_NOT_COLUMNS = {"seen"}


async def region_of(region_id: int, asking: Trail) -> Region:
    """The region of the path, if the asker may draw there."""
    return await drawing.drawn_region(asking, region_id)


Drawn = Annotated[Region, Depends(region_of)]


@router.get("/drawing/{region_id}", dependencies=[Drawer])
async def show_sheet(region: Drawn, asking: Trail) -> Sheet:
    """All that is drawn of the region and below, with its picture, and what this log-in can undo."""
    return await sheet_of(asking, region)


# ---- things


@router.post("/drawing/{region_id}/buildings", status_code=201, dependencies=[Drawer, Hint])
async def draw_building(body: BuildingThing, region: Drawn, asking: Trail) -> Made:
    """Homes of the community whose address names it get their place in it at once."""
    return await _add(asking, region, What.BUILDING, body)


@router.put(
    "/drawing/{region_id}/buildings/{building_id}", status_code=204, dependencies=[Drawer, Hint]
)
async def redraw_building(
    building_id: int, body: BuildingChange, region: Drawn, asking: Trail
) -> None:
    """Its homes move with it."""
    await _change(asking, region, (What.BUILDING, building_id), body, body.seen)


@router.delete(
    "/drawing/{region_id}/buildings/{building_id}", status_code=204, dependencies=[Drawer, Hint]
)
async def erase_building(building_id: int, seen: Seen, region: Drawn, asking: Trail) -> None:
    """409 `building_in_use` while people are registered there; homes where nobody ever was go with it."""
    await drawing.remove_thing(asking, region, What.BUILDING, building_id, seen)


@router.post("/drawing/{region_id}/roads", status_code=201, dependencies=[Drawer, Hint])
async def draw_road(body: RoadThing, region: Drawn, asking: Trail) -> Made:
    return await _add(asking, region, What.ROAD, body)


@router.put("/drawing/{region_id}/roads/{road_id}", status_code=204, dependencies=[Drawer, Hint])
async def redraw_road(road_id: int, body: RoadChange, region: Drawn, asking: Trail) -> None:
    await _change(asking, region, (What.ROAD, road_id), body, body.seen)


@router.delete("/drawing/{region_id}/roads/{road_id}", status_code=204, dependencies=[Drawer, Hint])
async def erase_road(road_id: int, seen: Seen, region: Drawn, asking: Trail) -> None:
    await drawing.remove_thing(asking, region, What.ROAD, road_id, seen)


@router.post("/drawing/{region_id}/areas", status_code=201, dependencies=[Drawer, Hint])
async def draw_area(body: AreaThing, region: Drawn, asking: Trail) -> Made:
    return await _add(asking, region, What.AREA, body)


@router.put("/drawing/{region_id}/areas/{area_id}", status_code=204, dependencies=[Drawer, Hint])
async def redraw_area(area_id: int, body: AreaChange, region: Drawn, asking: Trail) -> None:
    await _change(asking, region, (What.AREA, area_id), body, body.seen)


@router.delete("/drawing/{region_id}/areas/{area_id}", status_code=204, dependencies=[Drawer, Hint])
async def erase_area(area_id: int, seen: Seen, region: Drawn, asking: Trail) -> None:
    await drawing.remove_thing(asking, region, What.AREA, area_id, seen)


@router.post("/drawing/{region_id}/points", status_code=201, dependencies=[Drawer, Hint])
async def draw_point(body: PointThing, region: Drawn, asking: Trail) -> Made:
    return await _add(asking, region, What.POINT, body)


@router.put("/drawing/{region_id}/points/{point_id}", status_code=204, dependencies=[Drawer, Hint])
async def redraw_point(point_id: int, body: PointChange, region: Drawn, asking: Trail) -> None:
    await _change(asking, region, (What.POINT, point_id), body, body.seen)


@router.delete(
    "/drawing/{region_id}/points/{point_id}", status_code=204, dependencies=[Drawer, Hint]
)
async def erase_point(point_id: int, seen: Seen, region: Drawn, asking: Trail) -> None:
    await drawing.remove_thing(asking, region, What.POINT, point_id, seen)


async def _add(asking: Trail, region: Region, what: What, body: Drawable) -> Made:
    return Made(id=await drawing.add_thing(asking, region, what, state_of(body)))


async def _change(
    asking: Trail, region: Region, thing: tuple[What, int], body: Drawable, seen: str
) -> None:
    what, thing_id = thing
    state = {name: each for name, each in state_of(body).items() if name not in _NOT_COLUMNS}
    await drawing.change_thing(asking, region, what, thing_id, state, seen)


# ---- doors by rule


@router.post("/drawing/{region_id}/buildings/{building_id}/doors/preview", dependencies=[Drawer])
async def preview_doors(
    building_id: int, body: RuleBody, region: Drawn, asking: Trail
) -> DoorsView:
    """Which homes the rule would make, and which it finds; nothing is written."""
    return _doors_view(await door_rules.look_at_doors(asking, region, building_id, body.rule))


@router.post("/drawing/{region_id}/buildings/{building_id}/doors", dependencies=[Drawer, Hint])
async def make_doors(building_id: int, body: RuleBody, region: Drawn, asking: Trail) -> DoorsView:
    """The missing entrances and homes, in one step."""
    return _doors_view(await door_rules.make_doors(asking, region, building_id, body.rule))


def _doors_view(found: door_rules.Doors) -> DoorsView:
    plan = found.plan
    return DoorsView(
        doors=[
            DoorView(
                entrance=door.entrance,
                floor=door.floor,
                number=door.number,
                home_id=plan.found.get(door),
            )
            for door in found.rule
        ],
        new=len(plan.new),
        found=len(plan.found),
        beside=len(plan.beside),
    )


# ---- undoing


@router.post("/drawing/{region_id}/undo", status_code=204, dependencies=[Drawer, Hint])
async def undo_step(body: StepWanted, region: Drawn, asking: Trail) -> None:
    """409 `changed_meanwhile` where somebody has changed since what the step changed; nothing is undone then."""
    await go_back(asking, region, StepKind.UNDONE, body.step)


@router.post("/drawing/{region_id}/redo", status_code=204, dependencies=[Drawer, Hint])
async def redo_step(body: StepWanted, region: Drawn, asking: Trail) -> None:
    """What was undone, once more."""
    await go_back(asking, region, StepKind.REDONE, body.step)


# ---- GeoJSON


@router.get("/drawing/{region_id}/geojson", dependencies=[Drawer])
async def export_map(region: Drawn, asking: Trail, response: Response) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) of buildings, entrances, roads, areas and points; leaves an entry in the audit trail."""
    response.headers["Content-Disposition"] = f'attachment; filename="map-{region.id}.geojson"'
    return await exchange.export_map(asking, region)


@router.post("/drawing/{region_id}/geojson", dependencies=[Drawer, Hint])
async def import_map(body: GeoJsonBody, region: Drawn, asking: Trail) -> TakenOverView:
    """All of a file or nothing: 422 `geojson_refused` says which features are wrong, and why."""
    taken = await exchange.import_map(asking, region, body.collection, dry_run=body.dry_run)
    return TakenOverView(
        added=taken.added, changed=taken.changed, same=taken.same, names=taken.names[:200]
    )


# ---- the picture


@router.put("/drawing/{region_id}/picture", dependencies=[Drawer, Hint])
async def place_picture(file: UploadFile, region: Drawn, asking: Trail) -> PictureOnSheet:
    """PNG or JPEG of at most 20 MiB and 40 million pixels, which are counted before anything is decoded."""
    content = await file.read(pictures.MOST_BYTES + 1)
    name = file.filename or ""
    return picture_view(await pictures.place_picture(asking, region, name, content))


@router.patch("/drawing/{region_id}/picture", dependencies=[Drawer, Hint])
async def fix_picture(body: FixBody, region: Drawn, asking: Trail) -> PictureOnSheet:
    """Lay it on the ground by points that are known on both."""
    references = [each.reference for each in body.points]
    return picture_view(await pictures.fix_picture(asking, region, references, body.opacity))


@router.delete("/drawing/{region_id}/picture", status_code=204, dependencies=[Drawer, Hint])
async def remove_picture(region: Drawn, asking: Trail) -> None:
    await pictures.remove_picture(asking, region)


@router.get("/regions/{region_id}/picture", response_class=Response)
async def show_picture(region_id: int, asking: Trail, principal: CurrentUser) -> Response:
    """For whoever sees the map. Its `mark` is part of the address that consoles ask for, so that a browser may keep it."""
    if not principal.actions.intersection(SEEING):
        raise Forbidden("the map is not granted", action=Action.SEE_INCIDENTS.value)
    media_type, content = await pictures.picture_bytes(asking, region_id)
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
