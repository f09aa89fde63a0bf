"""`/ws/v1/seat`: one console's connection, from its hello to its end."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import cast

import structlog
from fastapi import APIRouter, WebSocket
from fastapi.websockets import WebSocketDisconnect
from pydantic import ValidationError

from callcenter.audit.trail import Entry
from callcenter.auth.guards import check_origin, client_address, context_of, principal_of
from callcenter.auth.sessions import Principal
from callcenter.core.clock import Clock
from callcenter.core.errors import CallCenterError, Forbidden, Unavailable
from callcenter.core.ids import new_id
from callcenter.seats.answers import Answer, Said, everyday, understand
from callcenter.seats.assembly import Desk
from callcenter.seats.board import frame
from callcenter.seats.crowd import Crowd
from callcenter.seats.going import Going
from callcenter.seats.link import EXTENSION, Link
from callcenter.seats.messages import PROTOCOL, ClientHello, Duty, Pulse
from callcenter.seats.seat import Seat, scope_of
from callcenter.seats.standing_calls import StandingCalls

log = structlog.get_logger(__name__)

router = APIRouter()

HELLO_WITHIN_S = 10.0
POLICY_VIOLATION = 1008
TRY_AGAIN = 1013
NOT_LOGGED_IN = 4401
NOT_A_SEAT = 4403
NOT_UNDERSTOOD = 4400


@router.websocket("/ws/v1/seat")
async def seat_socket(websocket: WebSocket) -> None:
    """Refuses foreign origins and strangers with a close code that the console can tell apart."""
    try:
        principal = await _admitted(websocket)
    except Forbidden:
        await websocket.close(POLICY_VIOLATION)
        return
    except CallCenterError as error:
        await websocket.accept()
        away = isinstance(error, Unavailable)  # no reason to ask for the log-in again
        await websocket.close(TRY_AGAIN if away else NOT_LOGGED_IN)
        return
    await websocket.accept()
    scope = scope_of(principal)
    if not scope:
        await websocket.close(NOT_A_SEAT)
        return
    try:
        await _serve(websocket, principal, scope)
    except WebSocketDisconnect:
        return
    except Unavailable as error:
        log.warning("seat_not_admitted", user_id=principal.user_id, code=error.code)
        await _close(websocket, TRY_AGAIN)
    except (ValidationError, TimeoutError, KeyError):
        log.warning("seat_not_understood", user_id=principal.user_id)
        await _close(websocket, NOT_UNDERSTOOD)


async def _admitted(websocket: WebSocket) -> Principal:
    if "origin" not in websocket.headers:
        raise Forbidden("A seat's socket needs an Origin.", code="origin_refused")
    check_origin(websocket)
    return await principal_of(websocket)


async def _serve(websocket: WebSocket, principal: Principal, scope: frozenset[int]) -> None:
    context = context_of(websocket)
    desk = cast("Desk", context.ports[Desk])
    crowd = cast("Crowd", context.ports[Crowd])
    with crowd.waiting(principal):
        async with asyncio.timeout(HELLO_WITHIN_S):
            hello = understand(await websocket.receive_text())
    if not isinstance(hello, ClientHello) or hello.protocol != PROTOCOL:
        await _close(websocket, NOT_UNDERSTOOD)
        return
    seats = desk.hub.seats.values()
    desk.hub.cut(crowd.in_the_way(principal, seats, context.clock.monotonic()), TRY_AGAIN)
    link: Link = websocket.scope["extensions"][EXTENSION]
    seat = Seat(
        seat_id=new_id(),
        principal=principal,
        scope=scope,
        link=link,
        connected_at=context.clock.now(),
        pulsed_at=context.clock.monotonic(),
        close=link.close,
        claims=crowd.talk.claims(),
    )
    desk.hub.attach(seat)
    going = cast("Going | None", context.ports.get(Going))
    calls = cast("StandingCalls | None", context.ports.get(StandingCalls))
    try:
        address = client_address(websocket)
        await begin(desk, seat, context.build, context.clock.now(), address, going, calls)
        await _listen(websocket, desk, seat)
    finally:
        desk.hub.detach(seat)


async def begin(
    desk: Desk,
    seat: Seat,
    build: str,
    now: datetime,
    address: str,
    going: Going | None = None,
    calls: StandingCalls | None = None,
) -> None:
    """Hello and calls at once, the snapshot when it is read; what changed meanwhile follows it.

    The snapshot does not count as pushed: the other seats still need what the sweep finds.
    """
    hello = {
        "type": "hello",
        "protocol": PROTOCOL,
        "build": build,
        "seat_id": seat.seat_id,
        "user_id": seat.user_id,
        "now": now,
        "servers": going.servers if going else [],
    }
    seat.link.say(frame(hello))
    if going is not None and (elsewhere := going.message) is not None:
        seat.link.say(frame(elsewhere))
    if calls is not None and (standing := calls.whole(seat)) is not None:
        seat.link.say(standing)
    look = Entry(
        at=now,
        principal_id=seat.user_id,
        action="board_opened",
        subject=f"seat:{seat.seat_id}",
        region_ids=sorted(seat.scope),
        address=address,
    )
    seat.link.begin(await desk.snapshots.of(seat, look))


async def _listen(websocket: WebSocket, desk: Desk, seat: Seat) -> None:
    clock = context_of(websocket).clock
    seat.link.hear = lambda text: _hear(everyday(text), desk, seat, clock)
    while True:
        _hear(understand(await websocket.receive_text()), desk, seat, clock)


def _hear(said: Said | None, desk: Desk, seat: Seat, clock: Clock) -> bool:
    """Whether it was understood."""
    if said is None:
        return False
    seat.pulsed_at = clock.monotonic()
    if isinstance(said, Answer):
        desk.proofs.take(seat, said)
    elif isinstance(said, Duty) and not seat.watches:
        desk.hub.arm(seat, said.armed, said.pause)
    elif isinstance(said, Pulse) and said.sounds is not None:
        desk.hub.hear_sound(seat, said.sounds)
    return True


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        await websocket.close(code)
    except RuntimeError:  # starlette: the socket is closed already
        return
