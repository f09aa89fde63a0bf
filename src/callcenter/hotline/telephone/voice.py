"""`/ws/v1/voice`: the way of a page's telephone to the exchange. It asks no other host, and comes with its log-in.

SIP goes over it (RFC 7118); sound goes between browser and exchange directly. Nothing of it is read here: the exchange asks for the
password. Frames, their size and their number are bounded as those of every socket of this server.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import structlog
from fastapi import APIRouter, WebSocket
from fastapi.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from callcenter.auth.guards import check_origin, context_of, principal_of
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import CallCenterError, Forbidden, Unavailable
from callcenter.core.supervisor import unless
from callcenter.hotline.telephone.schemas import WAY
from callcenter.hotline.telephone.telephones import Telephones, WhyClosed

log = structlog.get_logger(__name__)

router = APIRouter()

SIP: Final = Subprotocol("sip")
WITHIN_S: Final = 3.0
MOST_BYTES: Final = 64 * 1024
"""As consoles may send; a description of sound with its candidates is some 4 kB."""
SIZE_WAITING: Final = 64
"""Messages of the exchange that a page has not read."""
POLICY_VIOLATION: Final = 1008
TRY_AGAIN: Final = 1013
NOT_LOGGED_IN: Final = 4401
NOT_A_TELEPHONE: Final = 4403
ANOTHER_PAGE: Final = 4409
"""Too many tabs of one log-in: this one is not to come again by itself."""
_GONE: Final = (WebSocketDisconnect, RuntimeError, OSError)
"""Of a page that has closed its socket meanwhile: starlette says it in the first two ways, the server below it in the third."""
_CODES: Final = {
    WhyClosed.LOGGED_OUT: NOT_LOGGED_IN,
    WhyClosed.TOO_MANY: ANOTHER_PAGE,
    WhyClosed.STOPPING: TRY_AGAIN,
}


@dataclass(frozen=True, slots=True)
class ToExchange:
    """Port of the API: where the exchange takes SIP from pages."""

    url: str
    telephones: Telephones


@router.websocket(WAY)
async def voice_socket(websocket: WebSocket) -> None:
    """Refuses foreign origins and strangers with a close code that the console can tell apart."""
    try:
        principal = await _admitted(websocket)
    except Forbidden as error:
        is_stranger = error.code == "origin_refused"
        await _refused(websocket, POLICY_VIOLATION if is_stranger else NOT_A_TELEPHONE)
        return
    except CallCenterError as error:
        away = isinstance(error, Unavailable)  # no reason to ask for the log-in again
        await _refused(websocket, TRY_AGAIN if away else NOT_LOGGED_IN)
        return
    way = cast("ToExchange | None", context_of(websocket).ports.get(ToExchange))
    if way is None:
        await _refused(websocket, NOT_A_TELEPHONE)
        return
    await _through(websocket, principal, way)


async def _admitted(websocket: WebSocket) -> Principal:
    if "origin" not in websocket.headers:
        raise Forbidden("A telephone's socket needs an Origin.", code="origin_refused")
    check_origin(websocket)
    principal = await principal_of(websocket)
    if Action.ANSWER_CALLS not in principal.actions:
        raise Forbidden("answer_calls is not granted", action=Action.ANSWER_CALLS.value)
    return principal


async def _refused(websocket: WebSocket, code: int) -> None:
    """A close code reaches a page only after the socket is open."""
    if code == POLICY_VIOLATION or await _accepted(websocket):
        await _close(websocket, code)


async def _through(websocket: WebSocket, principal: Principal, way: ToExchange) -> None:
    if not await _accepted(websocket, SIP):
        return
    try:
        async with (
            connect(
                way.url,
                subprotocols=[SIP],
                proxy=None,
                open_timeout=WITHIN_S,
                max_size=MOST_BYTES,
                max_queue=SIZE_WAITING,
                compression=None,
                ping_interval=None,  # the exchange ends a call by its sound, and a page by its registration
            ) as exchange
        ):
            await _joined(websocket, exchange, principal, way.telephones)
    except (OSError, WebSocketException, TimeoutError) as error:
        log.warning("voice_way_not_open", user_id=principal.user_id, reason=str(error))
        await _close(websocket, TRY_AGAIN)


async def _joined(
    websocket: WebSocket, exchange: ClientConnection, principal: Principal, telephones: Telephones
) -> None:
    """Until one of the two is gone, or the log-in."""
    over = asyncio.Event()
    closed: list[WhyClosed] = []

    def close(why: WhyClosed) -> None:
        closed.append(why)
        over.set()

    telephones.open_way(principal, close)
    try:
        await unless(_outwards(websocket, exchange), _inwards(websocket, exchange), over.wait())
    finally:
        telephones.close_way(principal, close)
    await _close(websocket, _CODES[closed[0]] if closed else TRY_AGAIN)


async def _outwards(websocket: WebSocket, exchange: ClientConnection) -> None:
    with suppress(*_GONE, ConnectionClosed, KeyError):  # KeyError: bytes, which SIP is not
        while True:
            await exchange.send(await websocket.receive_text())


async def _inwards(websocket: WebSocket, exchange: ClientConnection) -> None:
    with suppress(*_GONE, ConnectionClosed):
        async for said in exchange:
            await websocket.send_text(said if isinstance(said, str) else said.decode())


async def _accepted(websocket: WebSocket, subprotocol: str | None = None) -> bool:
    """Whether the page is still there."""
    try:
        await websocket.accept(subprotocol=subprotocol)
    except _GONE:
        return False
    return True


async def _close(websocket: WebSocket, code: int) -> None:
    with suppress(*_GONE):
        await websocket.close(code)
