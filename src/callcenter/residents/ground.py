"""The ground of a region's map: its basemap with the roads that are drawn, and the picture that lies below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.regions.models import Region
from callcenter.residents.models import MapPicture, Road
from callcenter.residents.schemas import PictureOnMap


async def mapped_region(session: AsyncSession, path: Sequence[int]) -> Region | None:
    """The nearest region upwards that has a ground of its own."""
    has_road = select(Road.id).where(Road.region_id == Region.id).exists()
    has_picture = select(MapPicture.region_id).where(MapPicture.region_id == Region.id).exists()
    found: Region | None = await session.scalar(
        select(Region)
        .where(Region.id.in_(path), or_(Region.basemap.is_not(None), has_road, has_picture))
        .order_by(func.cardinality(Region.path).desc())
        .limit(1)
    )
    return found


async def basemap_of(session: AsyncSession, region: Region) -> object | None:
    """GeoJSON (WGS-84): what the region's basemap has, and the roads of it and below. None where there is neither."""
    roads = await session.scalars(
        select(Road)
        .join(Region, Region.id == Road.region_id)
        .where(Region.path.contains([region.id]))
        .order_by(Road.id)
    )
    drawn = [road_feature(road) for road in roads]
    if not drawn:
        return region.basemap
    ground: Any = region.basemap or {"type": "FeatureCollection", "features": []}
    return {**ground, "features": [*ground.get("features", []), *drawn]}


def road_feature(road: Road) -> dict[str, object]:
    """As basemaps have it."""
    said = {"kind": "road", "name": road.name, "name_en": road.name_en, "width": road.width_m}
    return {
        "type": "Feature",
        "id": f"road-{road.id}",
        "properties": said,
        "geometry": {"type": "LineString", "coordinates": road.line},
    }


async def picture_of(session: AsyncSession, region: Region) -> PictureOnMap | None:
    """Once it is fixed to the ground."""
    picture = await session.get(MapPicture, region.id)
    if picture is None or picture.corners is None:
        return None
    return PictureOnMap.model_validate(picture)
