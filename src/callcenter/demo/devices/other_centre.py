"""The demo's other centre: a receiver of DC-09 that says it has got an alarm, and nothing more. Nobody sits there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from callcenter.core.clock import Clock
from callcenter.devices.protocols.dc09 import Dc09Codec

log = structlog.get_logger(__name__)

BEHIND: Final = 2
"""Its port stands so far behind that of the demo page."""
_READ: Final = 4096


@asynccontextmanager
async def other_centre(host: str, port: int, clock: Clock) -> AsyncIterator[None]:
    """Receives for as long as the block runs. A port that somebody else has leaves the demo without it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _receive(reader, writer, clock)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    try:
        server = await asyncio.start_server(serve, host, port)
    except OSError as error:
        log.warning("other_centre_not_there", port=port, reason=str(error))
        yield
        return
    async with server:
        yield


async def _receive(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, clock: Clock
) -> None:
    codec = Dc09Codec()
    with suppress(OSError):
        while data := await reader.read(_READ):
            for frame in codec.receive(data, clock.now(), {}):
                refused = frame.error is not None
                answer = (
                    codec.refuse(frame.token, frame.error.refusal)
                    if frame.error
                    else codec.commit(frame.token)
                )
                log.info("other_centre_heard", refused=refused, signals=len(frame.signals))
                writer.write(answer)
            await writer.drain()
