"""Another centre that alarms are forwarded to, as a real TCP server: it acknowledges, refuses, is slow, cuts, or answers wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from callcenter.devices.codec import DeviceKey
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.protocols.dc09.frame import FrameCutter, parse_header, wrap
from callcenter.devices.signals import Signal

Answering = Callable[["OtherCentre", bytes], bytes | None]
"""What it says to one frame; None: it cuts the connection."""


@dataclass
class OtherCentre:
    """`frames` are those it has read, `signals` what our own codec makes of them. It answers by the plan, its last word for ever."""

    port: int = 0
    keys: dict[str, DeviceKey] = field(default_factory=dict)
    plan: list[Answering] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    serving: list[asyncio.Task[None]] = field(default_factory=list)
    clock: timedelta = timedelta()
    """How far its clock is from ours."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.append(task)
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cutter = FrameCutter()
        with suppress(OSError):
            while data := await reader.read(4096):
                for cut in cutter.feed(data):
                    answering = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
                    said = answering(self, cut.raw)
                    self.frames.append(cut.raw)
                    self.heard.set()
                    if said is None:
                        return
                    writer.write(said)
                    await writer.drain()


def receive(centre: OtherCentre, raw: bytes) -> bytes:
    """As our own receiver: its answer once the signal is stored."""
    codec = Dc09Codec()
    answer = b""
    for frame in codec.receive(raw, datetime.now(UTC) + centre.clock, centre.keys):
        if frame.error is not None:
            answer += codec.refuse(frame.token, frame.error.refusal)
            continue
        centre.signals += frame.signals
        answer += codec.commit(frame.token)
    return answer


def ack(centre: OtherCentre, raw: bytes) -> bytes:
    """In clear, by hand: what any receiver says."""
    return _reply("ACK", raw)


def duh(centre: OtherCentre, raw: bytes) -> bytes:
    return _reply("DUH", raw)


def nak(centre: OtherCentre, raw: bytes) -> bytes:
    stamp = (datetime.now(UTC) + centre.clock).strftime("%H:%M:%S,%m-%d-%Y")
    return wrap(f'"NAK"0000R0L0A0[]_{stamp}'.encode())


def silence(centre: OtherCentre, raw: bytes) -> bytes:
    return b""


def cut(centre: OtherCentre, raw: bytes) -> None:
    """After it has read all of it."""
    return


def wrong_sequence(centre: OtherCentre, raw: bytes) -> bytes:
    return _reply("ACK", raw, echo=b"9998L0#4321")


def wrong_crc(centre: OtherCentre, raw: bytes) -> bytes:
    return ack(centre, raw).replace(b"ACK", b"ACL")


def _reply(token: str, raw: bytes, echo: bytes | None = None) -> bytes:
    header = parse_header(raw[9:].rstrip(b"\r"))
    said = header.echo if echo is None else echo
    return wrap(b'"' + token.encode() + b'"' + said + b"[]")


@asynccontextmanager
async def other_centre(*plan: Answering) -> AsyncIterator[OtherCentre]:
    """One that answers so; without a plan it receives as we do."""
    centre = OtherCentre(plan=list(plan) or [receive])
    server = await asyncio.start_server(centre.serve, "127.0.0.1", 0)
    centre.port = server.sockets[0].getsockname()[1]
    async with server:
        yield centre
    for task in centre.serving:
        task.cancel()
    await asyncio.gather(*centre.serving, return_exceptions=True)
