"""One alarm of a dialler that tries until it is acknowledged, and one console that tries until it shows it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.dialling import account, is_acknowledged, sos
from benchmarks.server import Server

TRY_FOR_S = 600.0
TRY_EVERY_S = 0.02
ANSWER_WITHIN_S = 5.0
HELLO = '{"type":"hello","protocol":1,"build":"bench"}'


@dataclass(frozen=True, slots=True)
class Shown:
    """Seconds since `began` of `first_alarm`."""

    acknowledged_s: float
    shown_s: float


async def first_alarm(server: Server, cookie: str, number: int, began: float) -> Shown:
    """Of the resident of this number; `began` is a `time.perf_counter`. Raises TimeoutError after ten minutes."""
    name = account(number)
    async with asyncio.timeout(TRY_FOR_S):
        acknowledged, shown = await asyncio.gather(
            _dial(server.dc09, sos(name, number % 9000 + 1)), _watch(server, cookie, name)
        )
    return Shown(acknowledged - began, shown - began)


async def _dial(port: int, frame: bytes) -> float:
    while True:
        try:
            if await _ask(port, frame):
                return time.perf_counter()
        except OSError:
            pass
        await asyncio.sleep(TRY_EVERY_S)


async def _ask(port: int, frame: bytes) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(frame)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return is_acknowledged(await reader.readuntil(b"\r"))
    except (TimeoutError, asyncio.IncompleteReadError):
        return False
    finally:
        writer.close()


async def _watch(server: Server, cookie: str, name: bytes) -> float:
    wanted = f'"identifier":"{name.decode()}"'
    while True:
        try:
            return await _look(server, cookie, wanted)
        except (OSError, TimeoutError, WebSocketException):
            await asyncio.sleep(TRY_EVERY_S)


async def _look(server: Server, cookie: str, wanted: str) -> float:
    async with connect(
        f"ws://127.0.0.1:{server.port}/ws/v1/seat",
        origin=server.address,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"callcenter_session={cookie}"},
        open_timeout=ANSWER_WITHIN_S,
        close_timeout=1,
        compression=None,
        max_size=None,
    ) as seat:
        await seat.send(HELLO)
        async for message in seat:
            if wanted in str(message):
                return time.perf_counter()
    raise TimeoutError("the seat was closed")
