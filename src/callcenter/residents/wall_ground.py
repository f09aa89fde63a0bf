"""The ground of a screen's map: homes without names, and labels only where it shows addresses."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import WallShows
from callcenter.auth.walls.screens import Screen
from callcenter.regions.models import Region
from callcenter.residents.places import dots_where, map_along, without_key_boxes
from callcenter.residents.schemas import HomeDot, MapView


class WallGround(BaseModel):
    """What changes once in a long while."""

    dots: list[HomeDot]
    map: MapView


async def wall_ground(session: AsyncSession, screen: Screen) -> WallGround:
    """Of the screen's region."""
    dots = await dots_where(session, Region.path.contains([screen.region_id]))
    drawn = await map_along(session, screen.region_path)
    return WallGround(
        dots=[as_shown(dot, screen.shows) for dot in dots],
        # the bytes of the picture are for who is logged in
        map=without_key_boxes(drawn).model_copy(update={"picture": None}),
    )


def as_shown(dot: HomeDot, shows: WallShows) -> HomeDot:
    """A dot that says no door where none is to be read."""
    return dot.model_copy(update={"label": ""}) if shows is WallShows.BUILDING else dot
