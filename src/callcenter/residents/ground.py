"""The ground of a region's map: its basemap with the areas and roads that are drawn, and the picture that lies below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.regions.models import Region
from callcenter.residents.models import GroundArea, MapPicture, Road
from callcenter.residents.schemas import PictureOnMap


async def mapped_region(session: AsyncSession, path: Sequence[int]) -> Region | None:
    """The nearest region upwards that has a ground of its own."""
    has_road = select(Road.id).where(Road.region_id == Region.id).exists()
    has_area = select(GroundArea.id).where(GroundArea.region_id == Region.id).exists()
    has_picture = select(MapPicture.region_id).where(MapPicture.region_id == Region.id).exists()
    found: Region | None = await session.scalar(
        select(Region)
        .where(
            Region.id.in_(path),
            or_(Region.basemap.is_not(None), has_road, has_area, has_picture),
        )
        .order_by(func.cardinality(Region.path).desc())
        .limit(1)
    )
    return found


async def basemap_of(
    session: AsyncSession, top: int, mapped: Region | None
) -> dict[str, object] | None:
    """GeoJSON (WGS-84): what the mapped region's basemap has, or where it has none those below `top`; and all areas and roads from there down.
    None where there is neither.
    """
    own: Any = mapped.basemap if mapped is not None else None
    features = list(own.get("features", [])) if own else await _features_below(session, top)
    below = Region.path.contains([top])
    areas = await session.scalars(
        select(GroundArea).join(Region).where(below).order_by(GroundArea.id)
    )
    roads = await session.scalars(select(Road).join(Region).where(below).order_by(Road.id))
    features += [*map(area_feature, areas), *map(road_feature, roads)]
    if not features:
        return None
    return {**(own or {"type": "FeatureCollection"}), "features": features}


async def _features_below(session: AsyncSession, top: int) -> list[object]:
    """A district that has no ground of its own is drawn of its communities'."""
    each = func.jsonb_path_query(Region.basemap, cast("$.features[*]", JSONPATH), type_=JSONB)
    below = select(each).where(Region.path.contains([top]), Region.basemap.is_not(None))
    return list(await session.scalars(below.order_by(Region.id)))


def road_feature(road: Road) -> dict[str, object]:
    """As basemaps have it."""
    said = {"kind": "road", "name": road.name, "name_en": road.name_en, "width": road.width_m}
    return {
        "type": "Feature",
        "id": f"road-{road.id}",
        "properties": said,
        "geometry": {"type": "LineString", "coordinates": road.line},
    }


def area_feature(area: GroundArea) -> dict[str, object]:
    """As basemaps have it."""
    said = {"kind": area.kind, "name": area.name, "name_en": area.name_en}
    return {
        "type": "Feature",
        "id": f"area-{area.id}",
        "properties": said,
        "geometry": {"type": "Polygon", "coordinates": [area.ring]},
    }


async def picture_of(session: AsyncSession, region: Region) -> PictureOnMap | None:
    """Once it is fixed to the ground."""
    picture = await session.get(MapPicture, region.id)
    if picture is None or picture.corners is None:
        return None
    return PictureOnMap.model_validate(picture)
