"""REST for places and people: residents, contacts, homes, buildings, points of interest, the map of a region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response, UploadFile

from callcenter.auth.guards import CurrentUser, DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.auth.walls.router import CurrentScreen
from callcenter.core.errors import Forbidden, NotFound
from callcenter.residents import people, places
from callcenter.residents.guards import Hint, Part, Sealed, Trail
from callcenter.residents.schemas import (
    BuildingBody,
    BuildingChanges,
    BuildingView,
    ContactBody,
    ContactChanges,
    ContactView,
    HomeBody,
    HomeChanges,
    HomeDot,
    HomeView,
    IdentityView,
    MapView,
    Page,
    PointBody,
    PointChanges,
    PointView,
    ResidentBody,
    ResidentChanges,
    ResidentLine,
    ResidentView,
)
from callcenter.residents.wall_ground import WallGround, wall_ground

router = APIRouter(prefix="/api/v1", tags=["residents"])

PlaceCount = Annotated[int, Query(ge=1, le=2_000)]
Viewer = require(Action.SEE_PROFILES)
Editor = require(Action.EDIT_RESIDENTS)
Typed = Annotated[str, Query(max_length=100)]
Below = Annotated[int, Query(ge=0, description="The id of the last one seen.")]
Version = Annotated[int, Query(description="The version you have seen; 409 if it has changed.")]


# ---- residents


@router.get("/residents", dependencies=[Viewer])
async def search_residents(
    asking: Trail,
    seal: Sealed,
    window: Part,
    q: Typed = "",
    region_id: int | None = None,
) -> Page[ResidentLine]:
    """Residents in the granted regions, by name. `q` is the beginning of a name, its pinyin or initials (`syl`), part of
    a phone number (a contact's, too) or address, a door (`7-2-501`), or a whole identity number.
    """
    return await people.find_residents(asking, seal, q, window, region_id=region_id)


@router.post("/residents", status_code=201, dependencies=[Editor, Hint])
async def add_resident(body: ResidentBody, asking: Trail, seal: Sealed) -> ResidentView:
    """Register a resident in a home."""
    resident = await people.add_resident(asking, seal, body)
    return await people.resident_view(asking, seal, resident)


@router.get("/residents/{resident_id:int}", dependencies=[Viewer])
async def show_resident(resident_id: int, asking: Trail, seal: Sealed) -> ResidentView:
    kept = await asking.kept(resident_id)
    resident = await asking.resident(kept, Action.SEE_PROFILES)
    await people.note_resident(asking, resident, "resident_seen")
    return await people.resident_view(asking, seal, resident)


@router.patch("/residents/{resident_id:int}", dependencies=[Editor, Hint])
async def change_resident(
    resident_id: int, body: ResidentChanges, asking: Trail, seal: Sealed
) -> ResidentView:
    resident = await people.change_resident(asking, seal, resident_id, body)
    return await people.resident_view(asking, seal, resident)


@router.delete("/residents/{resident_id:int}", status_code=204, dependencies=[Editor, Hint])
async def remove_resident(resident_id: int, version: Version, asking: Trail) -> None:
    """For entries made by mistake; somebody who moved or died keeps the entry with that status."""
    await people.remove_resident(asking, resident_id, version)


@router.get("/residents/{resident_id}/identity", dependencies=[Editor])
async def show_identity(resident_id: int, asking: Trail, seal: Sealed) -> IdentityView:
    """The whole identity number, for those who keep the records. Leaves an entry in the audit trail of its own."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS)
    await people.note_resident(asking, resident, "identity_seen")
    return IdentityView(identity_number=people.opened_identity(seal, resident))


@router.get("/residents/{resident_id}/photo", response_class=Response, dependencies=[Viewer])
async def show_photo(resident_id: int, asking: Trail) -> Response:
    content = await people.photo_of(asking, resident_id)
    if content is None:
        raise NotFound("there is no photo", what="photo")
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=people.photo_type(content), headers=headers)


@router.put("/residents/{resident_id}/photo", status_code=204, dependencies=[Editor, Hint])
async def set_photo(resident_id: int, file: UploadFile, asking: Trail) -> None:
    """JPEG, PNG or WebP of at most 2 MiB."""
    await people.set_photo(asking, resident_id, await file.read(people.PHOTO_LIMIT + 1))


@router.delete("/residents/{resident_id}/photo", status_code=204, dependencies=[Editor, Hint])
async def remove_photo(resident_id: int, asking: Trail) -> None:
    await people.set_photo(asking, resident_id, None)


# ---- contacts


@router.get("/residents/{resident_id}/contacts", dependencies=[Viewer])
async def list_contacts(resident_id: int, asking: Trail) -> list[ContactView]:
    """In the order in which they are asked."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    await people.note_resident(asking, resident, "contacts_seen")
    contacts = await people.contacts_of(asking, [resident_id])
    return [ContactView.model_validate(contact) for contact in contacts]


@router.post("/residents/{resident_id}/contacts", status_code=201, dependencies=[Editor, Hint])
async def add_contact(resident_id: int, body: ContactBody, asking: Trail) -> ContactView:
    return ContactView.model_validate(await people.add_contact(asking, resident_id, body))


@router.patch("/contacts/{contact_id}", dependencies=[Editor, Hint])
async def change_contact(contact_id: int, body: ContactChanges, asking: Trail) -> ContactView:
    """A new `rank` moves the contact to that place; the others close up."""
    return ContactView.model_validate(await people.change_contact(asking, contact_id, body))


@router.delete("/contacts/{contact_id}", status_code=204, dependencies=[Editor, Hint])
async def remove_contact(contact_id: int, version: Version, asking: Trail) -> None:
    await people.remove_contact(asking, contact_id, version)


# ---- homes


@router.get("/homes", dependencies=[Viewer])
async def search_homes(
    asking: Trail, window: Part, q: Typed = "", region_id: int | None = None
) -> Page[HomeView]:
    """Homes in the granted regions; `q` is part of an address, or a door such as `7-2-501`."""
    return await places.find_homes(asking, q, window, region_id=region_id)


@router.get("/homes/dots")
async def list_dots(
    asking: Trail, principal: CurrentUser, region_id: int | None = None
) -> list[HomeDot]:
    """A dot for each home with a position. No names; needs no audit entry."""
    _demand_map(principal)
    return await places.home_dots(asking, region_id)


@router.post("/homes", status_code=201, dependencies=[Editor, Hint])
async def add_home(body: HomeBody, asking: Trail) -> HomeView:
    return HomeView.model_validate(await places.add_home(asking, body))


@router.get("/homes/{home_id:int}", dependencies=[Viewer])
async def show_home(home_id: int, asking: Trail) -> HomeView:
    """The address and how to get in. Everything about its people: `GET /homes/{id}/profile`."""
    home = await asking.home(home_id, Action.SEE_PROFILES)
    path = await asking.path_of(home.region_id)
    await asking.note("home_seen", f"home:{home_id}", path)
    return HomeView.model_validate(home)


@router.patch("/homes/{home_id:int}", dependencies=[Editor, Hint])
async def change_home(home_id: int, body: HomeChanges, asking: Trail) -> HomeView:
    return HomeView.model_validate(await places.change_home(asking, home_id, body))


@router.delete("/homes/{home_id:int}", status_code=204, dependencies=[Editor, Hint])
async def remove_home(home_id: int, version: Version, asking: Trail) -> None:
    await places.remove_home(asking, home_id, version)


# ---- buildings, points of interest, map


def _demand_map(principal: Principal, who: Sequence[Action] = places.SEEING) -> None:
    if not principal.actions.intersection(who):
        raise Forbidden("the map is not granted", action=Action.SEE_INCIDENTS.value)


@router.get("/wall/ground", tags=["walls"])
async def show_wall_ground(screen: CurrentScreen, session: DatabaseSession) -> WallGround:
    """The map of a screen across the room: its ground, and a dot for each home."""
    return await wall_ground(session, screen)


@router.get("/regions/{region_id}/map")
async def show_map(region_id: int, asking: Trail, principal: CurrentUser) -> MapView:
    """Basemap (GeoJSON, WGS-84) of the region or the nearest one above it, with buildings and points of interest."""
    _demand_map(principal, places.GROUND)
    return await places.region_map(asking, region_id)


@router.get("/buildings", dependencies=[Viewer])
async def list_buildings(
    asking: Trail, region_id: int | None = None, after: Below = 0, limit: PlaceCount = 2_000
) -> list[BuildingView]:
    """In the granted regions, by id; for more of them ask again with `after`."""
    rows = await places.list_buildings(asking, region_id, after=after, limit=limit)
    return [BuildingView.model_validate(row) for row in rows]


@router.post("/buildings", status_code=201, dependencies=[Editor, Hint])
async def add_building(body: BuildingBody, asking: Trail) -> BuildingView:
    return BuildingView.model_validate(await places.add_building(asking, body))


@router.get("/buildings/{building_id}", dependencies=[Viewer])
async def show_building(building_id: int, asking: Trail) -> BuildingView:
    return BuildingView.model_validate(await asking.building(building_id, Action.SEE_PROFILES))


@router.patch("/buildings/{building_id}", dependencies=[Editor, Hint])
async def change_building(building_id: int, body: BuildingChanges, asking: Trail) -> BuildingView:
    return BuildingView.model_validate(await places.change_building(asking, building_id, body))


@router.delete("/buildings/{building_id}", status_code=204, dependencies=[Editor, Hint])
async def remove_building(building_id: int, asking: Trail) -> None:
    await places.remove_building(asking, building_id)


@router.get("/points", dependencies=[Viewer])
async def list_points(
    asking: Trail, region_id: int | None = None, after: Below = 0, limit: PlaceCount = 2_000
) -> list[PointView]:
    """In the granted regions, by id; for more of them ask again with `after`."""
    rows = await places.list_points(asking, region_id, after=after, limit=limit)
    return [PointView.model_validate(row) for row in rows]


@router.post("/points", status_code=201, dependencies=[Editor, Hint])
async def add_point(body: PointBody, asking: Trail) -> PointView:
    return PointView.model_validate(await places.add_point(asking, body))


@router.get("/points/{point_id}", dependencies=[Viewer])
async def show_point(point_id: int, asking: Trail) -> PointView:
    return PointView.model_validate(await asking.point(point_id, Action.SEE_PROFILES))


@router.patch("/points/{point_id}", dependencies=[Editor, Hint])
async def change_point(point_id: int, body: PointChanges, asking: Trail) -> PointView:
    return PointView.model_validate(await places.change_point(asking, point_id, body))


@router.delete("/points/{point_id}", status_code=204, dependencies=[Editor, Hint])
async def remove_point(point_id: int, asking: Trail) -> None:
    await places.remove_point(asking, point_id)
