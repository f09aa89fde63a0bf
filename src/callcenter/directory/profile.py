"""Everything about a home that an operator may need during a call, in one answer. Every look is in the audit trail (G8)."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final

from pydantic import BaseModel
from sqlalchemy import any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from callcenter.core.sealed import Seal
from callcenter.devices.inventory import DeviceView, devices_at_home
from callcenter.directory.tree import RegionSettings, load_lineage
from callcenter.dispatch.wishes.keeping import open_wishes_of
from callcenter.dispatch.wishes.schemas import WishView
from callcenter.records.consents import ConsentState, standing_of
from callcenter.records.responsible import ResponsibleView, of_home
from callcenter.regions.models import Region, RegionLevel
from callcenter.regions.tree import RegionRow
from callcenter.residents.access import Asking
from callcenter.residents.models import Building, Home, PointOfInterest, Resident
from callcenter.residents.people import contacts_of, resident_view
from callcenter.residents.schemas import (
    BuildingView,
    ContactView,
    HomeView,
    PointView,
    ResidentView,
)

EARTH_RADIUS_M: Final = 6_371_009  # mean radius, IUGG
NEAREST_POINTS: Final = 20


class NearPoint(PointView):
    """A point of interest with its distance as the crow flies, in metres; null while the home has no position."""

    distance_m: int | None = None


class ProfileDevice(DeviceView):
    """A device of the home; `resident_id` is whom it belongs to there, null for the whole home."""

    resident_id: int | None = None


class ProfileView(BaseModel):
    """`contacts` are those of all residents of the home, by resident and rank; `responsible` look after it today, those of the home
    first. `consents` are told, not asked for: an emergency is its own ground.
    """

    home: HomeView
    building: BuildingView | None
    region_name: str
    region_name_en: str
    residents: list[ResidentView]
    contacts: list[ContactView]
    responsible: list[ResponsibleView]
    consents: list[ConsentState]
    wishes: list[WishView]
    """Of its residents, what nobody has fulfilled yet, the oldest first."""
    devices: list[ProfileDevice]
    points: list[NearPoint]
    emergency_numbers: dict[str, str]
    hotline: str
    settings: RegionSettings


async def home_profile(asking: Asking, seal: Seal, home_id: int) -> ProfileView:
    """The profile, if the home lies where the asker may see profiles. Raises NotFound."""
    home = await asking.home_to_help(home_id)
    home_id = home.id
    session = asking.session
    lineage = await load_lineage(session, home.region_id)
    region = lineage[home.region_id]
    residents = (
        await session.scalars(
            select(Resident).where(Resident.home_id == home_id).order_by(Resident.id)
        )
    ).all()
    ids = [resident.id for resident in residents]
    contacts = await contacts_of(asking, ids)
    building = await session.get(Building, home.building_id) if home.building_id else None
    settings = RegionSettings.of(lineage, home.region_id)
    await asking.note("profile_seen", f"home:{home_id}", region.path, {"residents": ids})
    return ProfileView(
        home=HomeView.model_validate(home),
        building=BuildingView.model_validate(building) if building else None,
        region_name=region.name,
        region_name_en=region.name_en,
        residents=[await resident_view(asking, seal, resident) for resident in residents],
        contacts=[ContactView.model_validate(contact) for contact in contacts],
        responsible=await of_home(asking, home_id, region.path, asking.now.date()),
        consents=await standing_of(asking, ids),
        wishes=await open_wishes_of(session, ids),
        devices=[_of_home(view, home_id) for view in await devices_at_home(asking, home_id)],
        points=await _near_points(asking, home, [lineage[step] for step in region.path]),
        emergency_numbers={
            "ambulance": settings.ambulance_number,
            "fire": settings.fire_number,
            "police": settings.police_number,
        },
        hotline=settings.hotline,
        settings=settings,
    )


def _of_home(view: DeviceView, home_id: int) -> ProfileDevice:
    here = next((each for each in view.assignments if each.home_id == home_id), None)
    return ProfileDevice(**dict(view), resident_id=here.resident_id if here else None)


async def _near_points(asking: Asking, home: Home, path: Sequence[RegionRow]) -> list[NearPoint]:
    """Those of the home's community and of the regions above it, nearest first."""
    above = [region.id for region in path]
    community = next(
        (region.id for region in path if region.level == RegionLevel.COMMUNITY), home.region_id
    )
    points = await asking.session.scalars(
        select(PointOfInterest)
        .join(Region)
        .where(
            or_(
                PointOfInterest.region_id == any_(literal(above, ARRAY(BigInteger))),
                Region.path.contains([community]),
            )
        )
    )
    near = [
        NearPoint(**dict(PointView.model_validate(point)), distance_m=distance_m(home, point))
        for point in points
    ]
    near.sort(key=lambda point: (point.distance_m is None, point.distance_m, point.id))
    return told_points(near)


def told_points(near: Sequence[NearPoint]) -> list[NearPoint]:
    """Of points in the order of their distance the nearest, and of every kind the nearest one, however far it is."""
    first_of_kind = {point.kind: point.id for point in reversed(near)}
    beside = max(0, NEAREST_POINTS - len(first_of_kind))
    told = {point.id for point in near[:beside]}
    told.update(first_of_kind.values())
    return [point for point in near if point.id in told]


def distance_m(home: Home, point: PointOfInterest) -> int | None:
    """Great-circle distance in whole metres (haversine)."""
    if home.lat is None or home.lng is None:
        return None
    lat1, lat2 = radians(home.lat), radians(point.lat)
    across, along = lat2 - lat1, radians(point.lng - home.lng)
    half = sin(across / 2) ** 2 + cos(lat1) * cos(lat2) * sin(along / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(half)))
