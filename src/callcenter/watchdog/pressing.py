"""The synthetic pendant: one press over the real port, and whether it was acknowledged."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

import httpx
import orjson

from callcenter.core.errors import Unavailable
from callcenter.devices.protocols.dc09.crypto import format_stamp
from callcenter.devices.protocols.dc09.frame import FrameCutter, parse_header, wrap
from callcenter.devices.signals import Kind
from callcenter.watchdog.configuration import Dc09Press, HttpPress

INGEST: Final = "/ingest/v1/signals"


async def press(
    way: HttpPress | Dc09Press, client: httpx.AsyncClient, server: str, press_id: UUID, at: datetime
) -> None:
    """Returns when it is acknowledged. Raises Unavailable with what came instead."""
    if isinstance(way, HttpPress):
        await _by_http(way, client, server, press_id, at)
    else:
        await _by_dc09(way, press_id, at)


async def _by_http(
    way: HttpPress, client: httpx.AsyncClient, server: str, press_id: UUID, at: datetime
) -> None:
    body = orjson.dumps(
        {"id": str(press_id), "device": way.device, "kind": Kind.SOS, "occurred_at": at}
    )
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {way.token.get_secret_value()}",
    }
    try:
        answer = await client.post(f"{server}{INGEST}", content=body, headers=headers)
    except httpx.HTTPError as error:
        raise Unavailable(f"{server}{INGEST}: {error!r}") from error
    if not answer.is_success:
        raise Unavailable(f"{server}{INGEST} answers {answer.status_code}: {answer.text[:150]}")


async def _by_dc09(way: Dc09Press, press_id: UUID, at: datetime) -> None:
    frame = dc09_frame(way.device, press_id, at)
    try:
        answer = await _exchange(way, frame)
    except OSError as error:
        raise Unavailable(f"{way.host}:{way.port}: {error}") from error
    if answer != "ACK":
        raise Unavailable(f"{way.host}:{way.port} answers {answer or 'nothing'}")


def dc09_frame(account: str, press_id: UUID, at: datetime) -> bytes:
    """A personal emergency (Contact ID 101), in clear. The sequence is of the press."""
    sequence = press_id.int % 9_999 + 1
    name = account.upper().encode()
    data = b"#" + name + b"|1101 01 001][H" + format_stamp(at) + b"]"
    return wrap(b'"ADM-CID"' + b"%04dL0#" % sequence + name + b"[" + data)


async def _exchange(way: Dc09Press, frame: bytes) -> str | None:
    reader, writer = await asyncio.open_connection(way.host, way.port)
    try:
        writer.write(frame)
        try:
            data = await reader.readuntil(b"\r")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return None
        return next(
            (parse_header(cut.body).token for cut in FrameCutter().feed(data) if not cut.reason),
            None,
        )
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
