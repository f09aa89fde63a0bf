"""REST for communities: the district at a glance, its dots, and everybody of one community."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from callcenter.auth.guards import port, require
from callcenter.auth.permissions import Action
from callcenter.communities.classes import PersonClass
from callcenter.communities.counting import Tallies, tiles
from callcenter.communities.dots import Box, dots_in
from callcenter.communities.people import Concern, Wanted, people_of
from callcenter.communities.schemas import Dots, PeoplePage, Tile
from callcenter.residents.guards import Sealed, Trail

router = APIRouter(prefix="/api/v1/communities", tags=["communities"])

Viewer = require(Action.SEE_PROFILES)
Latitude = Annotated[float, Query(ge=-90, le=90)]
Longitude = Annotated[float, Query(ge=-180, le=180)]


def box_of(
    west: Longitude,
    south: Latitude,
    east: Longitude,
    north: Latitude,
    cell: Annotated[float, Query(ge=0.00001, le=10)],
) -> Box:
    """Which part of the map, in WGS-84 degrees; `cell`: how high a cell is in which homes become one dot."""
    return Box(west, south, east, north, cell)


def wanted_of(
    q: Annotated[str, Query(max_length=100)] = "",
    of: Annotated[list[PersonClass] | None, Query(max_length=len(PersonClass))] = None,
    concerns: Annotated[list[Concern] | None, Query(max_length=len(Concern))] = None,
) -> Wanted:
    """Who is listed: `q` as in `GET /residents`, of every class in `of`, with everything in `concerns`."""
    return Wanted(q, tuple(dict.fromkeys(of or ())), tuple(dict.fromkeys(concerns or ())))


@router.get("", dependencies=[Viewer])
async def list_communities(asking: Trail, tallies: Annotated[Tallies, port(Tallies)]) -> list[Tile]:
    """A tile for each community in the granted regions, with how many live there and what they have, some seconds old at most."""
    return await tiles(asking, tallies)


@router.get("/dots", dependencies=[Viewer])
async def list_dots_in(asking: Trail, box: Annotated[Box, Depends(box_of)]) -> Dots:
    """The homes of a part of the map in the granted regions, close ones as one dot."""
    return await dots_in(asking, box)


@router.get("/people", dependencies=[Viewer])
async def list_people_of(
    region_id: int,
    asking: Trail,
    seal: Sealed,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    after: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> PeoplePage:
    """Who lives in the region and below it today, by pinyin, with devices, contacts, plan and open alarms of each."""
    return await people_of(asking, seal, region_id, wanted, after=after, limit=limit)
