"""REST for the blue dots: who is where, for desks, seats and walls; positions of trackers; the way somebody took."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from callcenter.auth.guards import (
    CurrentClock,
    DatabaseSession,
    client_address,
    port,
    require,
)
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.auth.walls.router import CurrentScreen
from callcenter.core.encoding import encode
from callcenter.core.errors import Unauthenticated
from callcenter.dispatch.positions.reading import FieldDots, FieldReading, Reader
from callcenter.dispatch.positions.track import Track, TrackBody, show_track
from callcenter.dispatch.positions.tracker import KeptPositions, PositionsBody, Trackers

router = APIRouter(prefix="/api/v1", tags=["field"])

Reading = Annotated[FieldReading, port(FieldReading)]
Since = Annotated[str, Query(max_length=100)]


async def token_of(request: Request) -> str:
    """Of a source, as for signals. Raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("a bearer token of a source is needed", code="unknown_source")
    return token.strip()


@router.get("/field/dots", response_model=FieldDots)
async def list_field_dots(
    principal: Annotated[Principal, require(Action.SEE_FIELD)], reading: Reading, since: Since = ""
) -> Response:
    """Everybody on duty in the granted regions, with where they are and what they do: what has changed since the cursor of the last
    answer, or everything without one. May be asked every second or two.
    """
    reader = Reader(principal.regions(Action.SEE_FIELD))
    return _as_json(encode(await reading.since(since, reader)))


@router.get("/wall/dots", response_model=FieldDots, tags=["walls"])
async def list_wall_dots(screen: CurrentScreen, reading: Reading, since: Since = "") -> Response:
    """The same for a screen across the room: of its region, and with names where it is set to show names."""
    reader = Reader.of_screen(screen.region_id, screen.shows)
    return _as_json(encode(await reading.since(since, reader)))


@router.post("/field/positions")
async def add_positions(
    body: PositionsBody,
    token: Annotated[str, Depends(token_of)],
    trackers: Annotated[Trackers, port(Trackers)],
    clock: CurrentClock,
) -> KeptPositions:
    """Positions from trackers of staff, with the bearer token of a source; only of people on duty in its region. A time to come
    becomes now; what is older than what is known changes nothing on the map. 401 `unknown_source`, 422 `invalid_fields`.
    """
    return await trackers.keep(token, body.positions, clock.now())


@router.post("/field/staff/{staff_id}/track")
async def look_at_track(
    staff_id: int,
    body: TrackBody,
    principal: Annotated[Principal, require(Action.DISPATCH)],
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> Track:
    """Where somebody was on duty, for up to a day of the time that tracks are kept. The reason goes into the audit trail."""
    address = client_address(request)
    return await show_track(session, principal, address, staff_id, body, clock.now())


def _as_json(content: bytes) -> Response:
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})
