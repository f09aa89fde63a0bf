"""A virtual dialler: presses as SIA DC-09 frames, sent to the real TCP listener, one connection a message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from callcenter.demo.devices.device_state import Device, Key, Press
from callcenter.devices.protocols.dc09.crypto import format_stamp, parse_stamp, seal
from callcenter.devices.protocols.dc09.frame import FrameCutter, parse_header, wrap

ANSWER_WITHIN_S = 4.0
"""The server gives up storing after 3 s and then says nothing."""

_CONTACT_ID_KINDS = frozenset({"bedside_button", "fall_detector"})
_CONTACT_ID: Mapping[Key, str] = MappingProxyType(
    {
        Key.RED: "1101",
        Key.GREEN: "1616",
        Key.FALL: "1103",
        Key.SMOKE: "1111",
        Key.CANCEL: "1406",
        Key.BATTERY: "1384",
        Key.TEST: "1601",
        Key.POWER: "1301",
    }
)
_SIA: Mapping[Key, str] = MappingProxyType(
    {
        Key.RED: "QA",
        Key.GREEN: "YX",
        Key.FALL: "MA",
        Key.SMOKE: "FA",
        Key.CANCEL: "OC",
        Key.BATTERY: "XT",
        Key.TEST: "RX",
        Key.POWER: "AT",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the word (ACK, NAK, DUH), and the server's time where it told it."""

    word: str
    server_time: datetime | None = None


def encode(device: Device, press: Press, now: datetime) -> bytes:
    """The frame of a press. In clear it has the same bytes in every repeat; under AES pad and timestamp are new."""
    account = device.identifier.upper().encode()
    happened = b"][H" + format_stamp(press.pressed_at) + b"]"
    if device.kind in _CONTACT_ID_KINDS:
        token, data = b"ADM-CID", f"{_CONTACT_ID[press.key]} 01 001".encode()
    else:
        token, data = b"SIA-DCS", f"Nri1/{_SIA[press.key]}1".encode()
    content = b"#" + account + b"|" + data + happened
    tail = b"%04dL0#" % press.seq + account + b"["
    if device.key is None:
        return wrap(b'"' + token + b'"' + tail + content)
    sealed = seal(content + b"_" + format_stamp(now), device.key)
    return wrap(b'"*' + token + b'"' + tail + sealed)


def read_answer(data: bytes, press: Press) -> Answer | None:
    """The answer to a press among the bytes that came; None when it is not there."""
    for cut in FrameCutter().feed(data):
        if cut.reason is not None:
            continue
        header = parse_header(cut.body)
        if header.token == "NAK":  # noqa: S105 (a word of the protocol)
            return Answer("NAK", parse_stamp(cut.body))
        if header.seq == f"{press.seq:04d}":
            return Answer(header.token)
    return None


async def send(
    host: str, port: int, frame: bytes, *, within_s: float = ANSWER_WITHIN_S
) -> bytes | None:
    """Write the frame on a new connection and read up to one carriage return; None when nothing came in time.

    Raises OSError when there is no listener.
    """
    async with asyncio.timeout(within_s):
        reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(within_s):
            writer.write(frame)
            return await reader.readuntil(b"\r")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
        return None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
