"""SIA DC-09 framing: frames cut out of a stream, their header, and the frames we send. Pure.

A frame is `LF crc len "id"seq[Rrcvr][Lpref]#acct[content CR`. The CRC stands there as four hex digits, or (old text of the
standard, still in the field) as two bytes, which may themselves be LF or CR. All decisions depend on the bytes alone, so
that any chunking of the same stream gives the same frames.

A right CRC makes a frame, whatever else is odd about it: its end may be missing, the length may be counted in another way,
and there are diallers that count the CRC over more than the standard says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from callcenter.devices.protocols.dc09.accounts import canonical_account

MAX_FRAME_BYTES = 4096
"""Longer than any frame of the standard (length field 0LLL: 0xFFF at most, plus LF, CRC, length and CR)."""

_LF = 0x0A
_CR = b"\r"
_BLANK = b"\0\r\n\t "
_HEX_MARK = re.compile(rb'\n[0-9A-Fa-f]{4}[0-9A-Fa-f]{4}"')
_BINARY_MARK = re.compile(rb'\n[\s\S]{2}0[0-9A-Fa-f]{3}"')
_TIME, _REST_OF_TIME = re.compile(rb"_[0-9:,-]*"), re.compile(rb"[0-9:,-]*")
_BARE_MARK = re.compile(rb'[0-9A-Fa-f]{8}"')
"""A frame whose line feed was left out."""
_LINE_END = re.compile(rb"[\r\n]")
_EMPTY_LINES = re.compile(rb"[\r\n]*(?=[\r\n]{3})")
"""Line ends of which none can begin a frame: three bytes behind the line feed of one, there is no line end."""
_HEX_START, _BINARY_START, _BARE_START = 9, 7, 8

MAX_ECHO_BYTES = 64
"""Of what stands between type and content, and is repeated in the answer."""

_ID = rb'"(?P<star>\*?)(?P<token>[^"\[\]]{1,20})"[ \t]*'
_HEADER = re.compile(
    _ID
    + rb"(?P<echo>(?P<seq>[0-9A-F]{0,8})[ ]?(?:R(?P<receiver>[0-9A-F]{0,8}))?[ ]?(?:L(?P<line>[0-9A-F]{0,8}))?[ ]?"
    + rb"#+(?P<account>[^\[\]#\x22]{0,40}))\[",
    re.IGNORECASE,
)
_HEADER_WITHOUT_HASH = re.compile(  # some panels leave the # out; their L field then has one digit
    _ID
    + rb"(?P<echo>(?P<seq>[0-9A-F]{4})(?:R(?P<receiver>[0-9A-F]{1,6}))?(?:L(?P<line>[0-9A-F]?))?"
    + rb"(?P<account>[0-9A-Z]{0,16}))\[",
    re.IGNORECASE,
)
_ANY_HEADER = re.compile(
    rb'"?(?P<star>\*?)(?P<token>[^"\[\]]{0,20})"?(?P<echo>[^\[]{0,%d})' % MAX_ECHO_BYTES
)
_NO_LETTERS = re.compile(r"[^0-9A-Z]")
_TOKENS = {"SIADCS": "SIA-DCS", "ADMCID": "ADM-CID"}
"""Without the sign between, which some write as they like."""


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


class Span(Enum):
    """Over what a dialler counts its CRC; only the first is the standard's."""

    BODY = "body"
    WITH_END = "body and CR"
    WITH_LENGTH = "length and body"
    WITH_BOTH = "length, body and CR"

    def bytes_of(self, length: bytes, body: bytes) -> bytes:
        """What the CRC is counted over."""
        before = length if self in (Span.WITH_LENGTH, Span.WITH_BOTH) else b""
        return before + body + (_CR if self in (Span.WITH_END, Span.WITH_BOTH) else b"")


@dataclass(frozen=True, slots=True)
class Form:
    """How a dialler writes its CRC. It is answered in the same form, or it could not read the answer."""

    binary_crc: bool = False
    span: Span = Span.BODY


STANDARD = Form()


def wrap(body: bytes, *, binary_crc: bool = False, form: Form | None = None) -> bytes:
    """`body` (from the first quote to the last character) as a whole frame."""
    form = form or Form(binary_crc)
    length = b"0%03X" % len(body)
    crc = crc16(form.span.bytes_of(length, body))
    mark = crc.to_bytes(2, "big") if form.binary_crc else b"%04X" % crc
    return b"\n" + mark + length + body + _CR


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the stream: a frame with a right CRC, or bytes that are none, with the reason.

    `raw` is the piece as sent, and ends with CR also where that was left out. `body` is what CRC and length are meant for.
    """

    raw: bytes
    body: bytes = b""
    form: Form = STANDARD
    length_is_right: bool = True
    reason: str | None = None


class FrameCutter:
    """Cuts a stream into frames and rubbish; keeps what is not finished, at most MAX_FRAME_BYTES of it."""

    __slots__ = ("_behind", "_buffer")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._behind: re.Pattern[bytes] | None = None
        """What still belongs to a frame that ended by its own length, besides its CR."""

    def feed(self, data: bytes) -> list[Cut]:
        """The pieces that are complete now."""
        self._buffer += data
        pieces: list[Cut] = []
        while self._skip_padding() and (found := _first_piece(self._buffer)) is not None:
            piece, taken = found
            del self._buffer[:taken]
            self._behind = _TIME if taken < len(piece.raw) else None
            if piece.reason is None or piece.raw.strip(_BLANK):
                pieces.append(piece)
        return pieces

    def _skip_padding(self) -> bool:
        """Whether anything is left."""
        if self._behind is not None:
            self._skip_behind(self._behind)
        return self._skip_empty_lines()

    def _skip_behind(self, expected: re.Pattern[bytes]) -> None:
        """A time that neither length nor CRC are counted over, and the CR."""
        found = expected.match(self._buffer)
        if found is not None:
            del self._buffer[: found.end()]
            self._behind = _REST_OF_TIME
        if self._buffer:
            del self._buffer[: self._buffer.startswith(_CR)]
            self._behind = None

    def _skip_empty_lines(self) -> bool:
        """In one step, however many there are; whether anything is left."""
        empty = _EMPTY_LINES.match(self._buffer)
        if empty is not None:
            del self._buffer[: empty.end()]
        return bool(self._buffer)

    def unfinished(self) -> bytes:
        """Bytes that wait for the rest of their frame; b"" when only padding waits."""
        return bytes(self._buffer) if self._buffer.strip(_BLANK) else b""

    def finish(self) -> Cut | None:
        """The stream has ended: the frame that waits, where nothing but its end is missing."""
        waiting = bytearray(self._buffer.rstrip(_BLANK) + _CR)
        found = _first_piece(waiting)
        if found is None or found[0].reason is not None:
            return None
        self._buffer.clear()
        return found[0]


def _first_piece(buffer: bytearray) -> tuple[Cut, int] | None:
    """The piece at the start of the buffer and how many bytes it takes, or None while more bytes could change what it is."""
    body_at = _body_start(buffer)
    if not body_at and buffer[0] != _LF:
        return _up_to(buffer, buffer.find(_LF, 0, MAX_FRAME_BYTES), "bytes outside a frame")
    if body_at is None:
        return None
    end = _LINE_END.search(buffer, body_at or 1, MAX_FRAME_BYTES)
    if body_at and (ended := _without_end(buffer, body_at, end)) is not None:
        return ended
    if end is None:
        return _up_to(buffer, -1, f"no frame ends within {MAX_FRAME_BYTES} bytes")
    return _ended(buffer, body_at, end)


def _ended(buffer: bytearray, body_at: int, end: re.Match[bytes]) -> tuple[Cut, int] | None:
    """What stands before a line end: a frame, if it began as one and ends as one."""
    if not body_at:
        at = end.end() if end.group() == _CR else end.start()
        return _up_to(buffer, at, "no CRC and length after the line feed")
    if end.group() == b"\n":
        return _up_to(buffer, end.start(), "a new frame began before the carriage return")
    return _frame(bytes(buffer[: end.end()]), body_at), end.end()


def _body_start(buffer: bytearray) -> int | None:
    """Offset of the first quote, 0 when no frame begins here, None while that is open."""
    if buffer[0] != _LF:
        return _BARE_START if _BARE_MARK.match(buffer) else 0
    if _BINARY_MARK.match(buffer):
        return _BINARY_START
    if len(buffer) <= _HEX_START:
        return None
    return _HEX_START if _HEX_MARK.match(buffer) else 0


def _without_end(
    buffer: bytearray, body_at: int, end: re.Match[bytes] | None
) -> tuple[Cut, int] | None:
    """A frame whose bytes are all there by its own length, with a right CRC, and behind which no CR stands, or not yet."""
    told = body_at + int(buffer[body_at - 4 : body_at], 16)
    reached = len(buffer) if end is None else end.start()
    if not body_at < told <= min(reached, MAX_FRAME_BYTES):
        return None
    if end is not None and end.start() == told and end.group() == _CR:
        return None
    body = bytes(buffer[body_at:told])
    if _given_crc(buffer, body_at) != crc16(body):
        return None
    form = Form(body_at == _BINARY_START)
    return Cut(bytes(buffer[:told]) + _CR, body, form), told


def _given_crc(frame: bytes | bytearray, body_at: int) -> int:
    mark = frame[body_at - 6 : body_at - 4] if body_at == _BINARY_START else None
    if mark is not None:
        return int.from_bytes(mark, "big")
    return int(frame[body_at - 8 : body_at - 4], 16)


def _frame(raw: bytes, body_at: int) -> Cut:
    """What ends with CR: a frame if its CRC is right over anything that diallers count it over."""
    given, length = _given_crc(raw, body_at), raw[body_at - 4 : body_at]
    written = raw[body_at:-1]
    for body in dict.fromkeys((written, written.rstrip(_BLANK))):
        for span in Span:
            if crc16(span.bytes_of(length, body)) == given:
                form = Form(body_at == _BINARY_START, span)
                return Cut(raw, body, form, int(length, 16) == len(body))
    return Cut(raw, reason="the CRC is wrong")


def _up_to(buffer: bytearray, end: int, reason: str) -> tuple[Cut, int] | None:
    """Rubbish up to `end`; without an end (-1) it is cut off at the cap."""
    if end < 0 and len(buffer) < MAX_FRAME_BYTES:
        return None
    raw = bytes(buffer[: MAX_FRAME_BYTES if end < 0 else end])
    return Cut(raw, reason=reason), len(raw)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first bracket; `echo` are the bytes from seq to account that an answer repeats as received.

    `odd`: it is not as the standard or one of its known neighbours has it, and these are guesses.
    """

    token: str
    encrypted: bool
    seq: str
    receiver: str
    line: str
    account: str
    echo: bytes
    content_at: int
    odd: bool = False


def parse_header(body: bytes) -> Header:
    """The header of a frame whose CRC is right. What cannot be made out of it is empty."""
    match = _HEADER.match(body) or _HEADER_WITHOUT_HASH.match(body)
    if match is None:
        return _odd_header(body)
    return Header(
        token=_token(match["token"]),
        encrypted=match["star"] == b"*",
        seq=match["seq"].decode("ascii"),
        receiver=(match["receiver"] or b"").decode("ascii").upper(),
        line=(match["line"] or b"").decode("ascii").upper(),
        account=_account(match["account"]),
        echo=match["echo"].strip(),
        content_at=match.end(),
    )


def _odd_header(body: bytes) -> Header:
    """Whatever it is, somebody sent it: the type if there is one, and as account what stands behind the last #."""
    match = _ANY_HEADER.match(body)
    if match is None:
        raise AssertionError("it matches no bytes at all, too")
    bracket = body.find(b"[")
    echo = match["echo"].strip(_BLANK)
    _, hash_sign, account = echo.rpartition(b"#")
    return Header(
        token=_token(match["token"]),
        encrypted=match["star"] == b"*",
        seq=echo[:4].decode("ascii") if echo[:4].isdigit() else "",
        receiver="",
        line="",
        account=_account(account) if hash_sign else "",
        echo=echo,
        content_at=bracket + 1 if bracket >= 0 else len(body),
        odd=True,
    )


def _token(given: bytes) -> str:
    token = given.decode("ascii", "replace").strip().upper()
    return _TOKENS.get(_NO_LETTERS.sub("", token), token)


def _account(given: bytes) -> str:
    account = given.decode("ascii", "replace").replace("\0", "").strip()
    return canonical_account(account) if account else ""
