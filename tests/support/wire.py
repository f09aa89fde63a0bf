"""Devices as they are on the wire: bytes in and out of plain sockets, with repeats until somebody acknowledges."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callcenter.core.ids import new_id
from callcenter.devices.protocols.dc09.frame import wrap
from callcenter.devices.protocols.http_json import signature
from tests.support.server import KEY_ID, SECRET, TOKEN

PATH = "/ingest/v1/signals"
REPEAT_AFTER_S = 0.2
ANSWER_WITHIN_S = 6.0


@dataclass
class Answer:
    """What a server said to one request."""

    status: int
    headers: Mapping[str, str]
    document: Any


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def signed(body: bytes, *, at: float | None = None, secret: bytes = SECRET) -> dict[str, str]:
    """Headers of the public contract for this body."""
    timestamp = str(int(time.time() if at is None else at))
    return {
        "X-Timestamp": timestamp,
        "X-Key-Id": KEY_ID,
        "X-Signature": signature(secret, timestamp, body),
    }


def sos(device: str = "phone-0", **fields: object) -> bytes:
    """The body of a press."""
    return json.dumps({"id": str(new_id()), "device": device, "kind": "sos", **fields}).encode()


async def post(
    port: int,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    source: str | None = None,
) -> Answer:
    """One POST on a connection of its own, from the address `source`. Raises OSError or IncompleteReadError when it is cut."""
    given = {"Content-Length": str(len(body)), **(bearer() if headers is None else headers)}
    return await request(port, _head(given) + body, source=source)


async def request(port: int, data: bytes, *, source: str | None = None) -> Answer:
    """These very bytes, then the answer."""
    reader, writer = await _connected(port, source)
    try:
        writer.write(data)
        return await read_answer(reader)
    finally:
        writer.close()


async def _connected(
    port: int, source: str | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    local = None if source is None else (source, 0)
    return await asyncio.open_connection("127.0.0.1", port, local_addr=local)


async def post_in_chunks(port: int, chunks: list[bytes], headers: Mapping[str, str]) -> Answer:
    """With `Transfer-Encoding: chunked`, each chunk in a write of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_head({"Transfer-Encoding": "chunked", **headers}))
        for chunk in [*chunks, b""]:
            writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            await writer.drain()
        return await read_answer(reader)
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    async with asyncio.timeout(20):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    is_json = headers.get("content-type", "").startswith("application/json")
    return Answer(int(head[0].split()[1]), headers, json.loads(body) if is_json else body.decode())


def _head(headers: Mapping[str, str]) -> bytes:
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: centre.test",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def insist(
    port: int, body: bytes, *, again_s: float = REPEAT_AFTER_S, source: str | None = None
) -> Answer:
    """Repeat the very same press until it is acknowledged, whatever becomes of the server meanwhile."""
    while True:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                answer = await post(port, body, source=source)
            if answer.status in (200, 201):
                return answer
            assert answer.status == 503, answer
        except (OSError, asyncio.IncompleteReadError):  # TimeoutError is one, too
            pass
        await asyncio.sleep(again_s)


def dc09(account: str, seq: int, code: str = "QA") -> bytes:
    """A press as an SIA-DCS frame."""
    content = f'"SIA-DCS"{seq:04d}L0#{account}[#{account}|N{code}7]'
    return wrap(content.encode())


def dc09_ack(account: str, seq: int) -> bytes:
    return wrap(f'"ACK"{seq:04d}L0#{account}[]'.encode())


async def insist_dc09(
    port: int,
    account: str,
    seq: int,
    *,
    again_s: float = REPEAT_AFTER_S,
    source: str | None = None,
) -> bytes:
    """The same over DC-09: the frame that was sent until its acknowledgement came."""
    frame, wanted = dc09(account, seq), dc09_ack(account, seq)
    while True:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                reader, writer = await _connected(port, source)
                try:
                    writer.write(frame)
                    if await reader.readuntil(b"\r") == wanted:
                        return frame
                finally:
                    writer.close()
        except (OSError, asyncio.IncompleteReadError):
            pass
        await asyncio.sleep(again_s)
