"""SIA DC-09 framing: frames cut out of a stream, their header, and the frames we send. Pure.

A frame is `LF crc len "id"seq[Rrcvr][Lpref]#acct[content CR`. The CRC stands there as four hex digits, or (old text of the
standard, still in the field) as two bytes, which may themselves be LF or CR. All decisions depend on the bytes alone, so
that any chunking of the same stream gives the same frames.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from callcenter.devices.protocols.dc09.accounts import canonical_account

MAX_FRAME_BYTES = 4096
"""Longer than any frame of the standard (length field 0LLL: 0xFFF at most, plus LF, CRC, length and CR)."""

_LF = 0x0A
_BLANK = b"\0\r\n\t "
_HEX_MARK = re.compile(rb'\n[0-9A-Fa-f]{4}[0-9A-Fa-f]{4}"')
_BINARY_MARK = re.compile(rb'\n[\s\S]{2}0[0-9A-Fa-f]{3}"')
_LINE_END = re.compile(rb"[\r\n]")
_EMPTY_LINES = re.compile(rb"[\r\n]*(?=[\r\n]{3})")
"""Line ends of which none can begin a frame: three bytes behind the line feed of one, there is no line end."""
_HEX_START, _BINARY_START = 9, 7

_ID = rb'"(?P<star>\*?)(?P<token>[0-9A-Za-z-]{1,16})"'
_SEQ = rb"(?P<seq>[0-9A-Fa-f]{4})(?:R(?P<receiver>[0-9A-Fa-f]{1,6}))?"
_HEADER = re.compile(
    _ID
    + rb"(?P<echo>"
    + _SEQ
    + rb"(?:L(?P<line>[0-9A-Fa-f]{1,6}))?#(?P<account>[0-9A-Za-z]{0,16}))\["
)
_HEADER_WITHOUT_HASH = re.compile(  # some panels leave the # out; their L field then has one digit
    _ID + rb"(?P<echo>" + _SEQ + rb"(?:L(?P<line>[0-9A-Fa-f]))?(?P<account>[0-9A-Za-z]{0,16}))\["
)


def _crc_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1  # noqa: PLW2901
        table.append(value)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc16(data: bytes) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, start 0, no final xor."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc


def wrap(body: bytes, *, binary_crc: bool = False) -> bytes:
    """`body` (from the first quote to the last character) as a whole frame."""
    crc = crc16(body)
    mark = crc.to_bytes(2, "big") if binary_crc else b"%04X" % crc
    return b"\n" + mark + b"0%03X" % len(body) + body + b"\r"


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the stream: a frame (`body_at` is where its first quote stands), or bytes that are none, with the reason."""

    raw: bytes
    body_at: int = 0
    reason: str | None = None

    @property
    def body(self) -> bytes:
        """What CRC and length are counted over."""
        return self.raw[self.body_at : -1]

    @property
    def binary_crc(self) -> bool:
        """The CRC is two bytes; the answer must have the same form."""
        return self.body_at == _BINARY_START

    def crc_is_right(self) -> bool:
        """The CRC of the frame is that of its body."""
        given = self.raw[1:3] if self.binary_crc else bytes.fromhex(self.raw[1:5].decode("ascii"))
        return int.from_bytes(given, "big") == crc16(self.body)

    def length_is_right(self) -> bool:
        """The length field is that of the body; several senders count wrongly, the CRC decides."""
        return int(self.raw[self.body_at - 4 : self.body_at], 16) == len(self.body)


class FrameCutter:
    """Cuts a stream into frames and rubbish; keeps what is not finished, at most MAX_FRAME_BYTES of it."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Cut]:
        """The pieces that are complete now."""
        self._buffer += data
        pieces: list[Cut] = []
        while self._skip_empty_lines() and (piece := _first_piece(self._buffer)) is not None:
            del self._buffer[: len(piece.raw)]
            if piece.reason is None or piece.raw.strip(_BLANK):
                pieces.append(piece)
        return pieces

    def _skip_empty_lines(self) -> bool:
        """In one step, however many there are; whether anything is left."""
        empty = _EMPTY_LINES.match(self._buffer)
        if empty is not None:
            del self._buffer[: empty.end()]
        return bool(self._buffer)

    def unfinished(self) -> bytes:
        """Bytes that wait for the rest of their frame; b"" when only padding waits."""
        return bytes(self._buffer) if self._buffer.strip(_BLANK) else b""


def _first_piece(buffer: bytearray) -> Cut | None:
    """The piece at the start of the buffer, or None while more bytes could change what it is."""
    if buffer[0] != _LF:
        return _up_to(buffer, buffer.find(_LF, 0, MAX_FRAME_BYTES), "bytes outside a frame")
    body_at = _body_start(buffer)
    if body_at is None:
        return None
    end = _LINE_END.search(buffer, body_at or 1, MAX_FRAME_BYTES)
    if end is None:
        return _up_to(buffer, -1, f"no frame ends within {MAX_FRAME_BYTES} bytes")
    if not body_at:
        at = end.end() if end.group() == b"\r" else end.start()
        return _up_to(buffer, at, "no CRC and length after the line feed")
    if end.group() == b"\n":
        return _up_to(buffer, end.start(), "a new frame began before the carriage return")
    return Cut(bytes(buffer[: end.end()]), body_at)


def _body_start(buffer: bytearray) -> int | None:
    """Offset of the first quote, 0 when no frame begins here, None while that is open."""
    if _BINARY_MARK.match(buffer):
        return _BINARY_START
    if len(buffer) <= _HEX_START:
        return None
    return _HEX_START if _HEX_MARK.match(buffer) else 0


def _up_to(buffer: bytearray, end: int, reason: str) -> Cut | None:
    """Rubbish up to `end`; without an end (-1) it is cut off at the cap."""
    if end < 0 and len(buffer) < MAX_FRAME_BYTES:
        return None
    return Cut(bytes(buffer[: MAX_FRAME_BYTES if end < 0 else end]), reason=reason)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first bracket; `echo` are the bytes from seq to account that an answer repeats as received."""

    token: str
    encrypted: bool
    seq: str
    receiver: str
    line: str
    account: str
    echo: bytes
    content_at: int


def _account(given: bytes) -> str:
    return canonical_account(given.decode("ascii")) if given else ""


def parse_header(body: bytes) -> Header | None:
    """The header of a frame whose CRC is right, or None when it is not one of DC-09."""
    match = _HEADER.match(body) or _HEADER_WITHOUT_HASH.match(body)
    if match is None:
        return None
    return Header(
        token=match["token"].decode("ascii").upper(),
        encrypted=match["star"] == b"*",
        seq=match["seq"].decode("ascii"),
        receiver=(match["receiver"] or b"").decode("ascii").upper(),
        line=(match["line"] or b"").decode("ascii").upper(),
        account=_account(match["account"]),
        echo=match["echo"],
        content_at=match.end(),
    )
