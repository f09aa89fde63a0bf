"""SIA DC-09 framing: frames cut out of a stream, their header, and the frames we send. Pure.

A frame is `LF crc len "id"seq[Rrcvr][Lpref]#acct[content CR`. The CRC stands there as four hex digits, or (old text of the
standard, still in the field) as two bytes, which may themselves be LF or CR. All decisions depend on the bytes alone, so
that any chunking of the same stream gives the same frames.

A right CRC makes a frame, whatever else is odd about it: its end may be missing, line ends may stand within it, the length may be
counted or written in another way, and there are diallers that count the CRC over more than the standard says, or swap its bytes.
What lies between two frames is one piece of rubbish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from callcenter.devices.protocols.dc09.accounts import canonical_account

MAX_FRAME_BYTES = 4096
"""Longer than any frame of the standard (length field 0LLL: 0xFFF at most, plus LF, CRC, length and CR)."""

_LF = 0x0A
_CR = b"\r"
_BLANK = b"\0\r\n\t "
_HEX = rb"[0-9A-Fa-f]"
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\n(?P<binary>[\s\S]{2})(?P<length>0" + _HEX + rb'{3})(?=")',
        # as the standard has it, with fewer or more digits of length, and with blanks
        rb"\n ?(?:0[xX])?(?P<crc>" + _HEX + rb"{4}) ?(?P<length>" + _HEX + rb'{0,6}) {0,3}(?=")',
        rb"(?P<crc>" + _HEX + rb"{4})(?P<length>" + _HEX + rb'{4})(?=")',
        rb"\n(?P<crc>" + _HEX + rb"{4})(?P<length>" + _HEX + rb"{4})(?=[^\r\n])",
    )
)
"""How a frame begins, the likeliest first: two bytes of CRC, four digits, without its line feed, without its quote."""
_LONGEST_MARK = 20
_BEGINNING = re.compile(
    rb"\n(?:[\s\S]{2}0"
    + _HEX
    + rb'{3}"| ?(?:0[xX])?'
    + _HEX
    + rb"{4} ?"
    + _HEX
    + rb'{0,6} {0,3}")|'
    + _HEX
    + rb'{8}"'
)
"""Where a frame may begin behind rubbish, or behind a frame that was torn."""
_TIME, _REST_OF_TIME = re.compile(rb"_[0-9:,-]*"), re.compile(rb"[0-9:,-]*")
_LINE_END = re.compile(rb"[\r\n]")
_EMPTY_LINES = re.compile(rb"[\r\n]*(?=[\r\n]{3})")
"""Line ends of which none can begin a frame: three bytes behind the line feed of one, there is no line end."""

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
    rb'"?(?P<star>\*?)(?P<token>[^"#\[\]]{0,20})"?(?P<echo>[^\[]{0,%d})' % MAX_ECHO_BYTES
)
_WITHOUT_BRACKET = re.compile(rb"(?P<echo>[^#\[]{0,30}#+[0-9A-Za-z]{1,16})(?:[({<]|(?=[#|]))")
"""Where the content begins with another sign, or at once."""
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


def crc16(data: bytes, start: int = 0) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, start 0, no final xor. `start` may be the CRC of what stands before."""
    crc = start
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc


class Span(Enum):
    """Over what a dialler counts its CRC, before and behind the body; only the first is the standard's."""

    BODY = (False, b"")
    WITH_END = (False, _CR)
    WITH_LENGTH = (True, b"")
    WITH_BOTH = (True, _CR)
    WITH_LINE_END = (False, b"\r\n")

    def crc(self, length: bytes, body: bytes, start: int = 0) -> int:
        """Counted over these."""
        counts_length, behind = self.value
        before = crc16(length, start) if counts_length else start
        return crc16(behind, crc16(body, before))


@dataclass(frozen=True, slots=True)
class Form:
    """How a dialler writes its CRC. It is answered in the same form, or it could not read the answer."""

    binary_crc: bool = False
    span: Span = Span.BODY
    swapped: bool = False
    """The low byte first."""
    start: int = 0
    """0xFFFF where somebody took the CRC of Modbus."""

    @property
    def is_odd(self) -> bool:
        """Whether the CRC is counted or written in a way of its own."""
        return self != Form(self.binary_crc)


STANDARD = Form()


_MODBUS = 0xFFFF
_FORMS = (
    *(Form(span=span, swapped=swapped) for span in Span for swapped in (False, True)),
    *(Form(swapped=swapped, start=_MODBUS) for swapped in (False, True)),
)
"""That are known from the field, the standard's first."""


def _swapped(crc: int) -> int:
    return (crc & 0xFF) << 8 | crc >> 8


def wrap(body: bytes, *, binary_crc: bool = False, form: Form | None = None) -> bytes:
    """`body` (from the first quote to the last character) as a whole frame."""
    form = form or Form(binary_crc)
    length = b"0%03X" % len(body)
    crc = form.span.crc(length, body, form.start)
    crc = _swapped(crc) if form.swapped else crc
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
        """The stream has ended: the frame that waits, where nothing but its end is missing, or what has an end and is none."""
        waiting = bytearray(self._buffer.rstrip(_BLANK) + _CR)
        if waiting == _CR:
            return None
        found = _first_piece(waiting, is_all=True)
        if found is None or (found[0].reason is not None and _CR not in self._buffer):
            return None
        self._buffer.clear()
        return found[0]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What stands before the body of a frame."""

    crc: int
    length: bytes
    body_at: int
    is_binary: bool

    @property
    def told_end(self) -> int:
        """Where the body ends by its own length."""
        return self.body_at + int(self.length or b"0", 16)


def _first_piece(buffer: bytearray, *, is_all: bool = False) -> tuple[Cut, int] | None:
    """The piece at the start of the buffer and how many bytes it takes, or None while more bytes could change what it is."""
    marks = _marks(buffer)
    if marks is None:
        return None
    return _marked(buffer, marks, is_all=is_all) if marks else _rubbish(buffer)


def _marked(buffer: bytearray, marks: Sequence[_Mark], *, is_all: bool) -> tuple[Cut, int] | None:
    """What begins like a frame."""
    end = _LINE_END.search(buffer, min(mark.body_at for mark in marks), MAX_FRAME_BYTES)
    for mark in marks:
        found = _by_its_length(buffer, mark, end) or _by_its_end(buffer, mark, end)
        if found is not None:
            return found
    if end is None:
        return _up_to(buffer, -1, f"no frame ends within {MAX_FRAME_BYTES} bytes")
    if not is_all and _may_go_on(buffer, marks, end):
        return None
    if end.group() == b"\n":
        return _up_to(buffer, end.start(), "a new frame began before the carriage return")
    return _up_to(buffer, end.end(), "the CRC is wrong")


def _marks(buffer: bytearray) -> list[_Mark] | None:
    """The ways in which a frame may begin here, most often none or one; None while that is open."""
    if buffer[0] == _LF and len(buffer) < _LONGEST_MARK and not _LINE_END.search(buffer, 3):
        return None
    found: list[_Mark] = []
    for pattern in _MARKS:
        match = pattern.match(buffer)
        if match is not None and match.end() not in [each.body_at for each in found]:
            groups = match.groupdict()
            binary = groups.get("binary")
            crc = int(groups["crc"], 16) if binary is None else int.from_bytes(binary, "big")
            found.append(_Mark(crc, match["length"], match.end(), binary is not None))
    return found


def _by_its_length(
    buffer: bytearray, mark: _Mark, end: re.Match[bytes] | None
) -> tuple[Cut, int] | None:
    """A frame whose bytes are all there by its own length, whose CRC is right, and which does not end as it should: behind it no
    CR stands, or not yet, or there are line ends within it.
    """
    told = mark.told_end
    if not mark.body_at < told <= min(len(buffer), MAX_FRAME_BYTES):
        return None
    if end is not None and end.start() in (told, told - 1) and end.group() == _CR:
        return None
    body = bytes(buffer[mark.body_at : told])
    if crc16(body) not in (mark.crc, _swapped(mark.crc)):
        return None
    form = Form(mark.is_binary, swapped=crc16(body) != mark.crc)
    return Cut(bytes(buffer[:told]) + _CR, body, form), told


def _by_its_end(
    buffer: bytearray, mark: _Mark, end: re.Match[bytes] | None
) -> tuple[Cut, int] | None:
    """What ends with CR: a frame if its CRC is right over anything that diallers count it over."""
    if end is None or end.group() != _CR or end.start() < mark.body_at:
        return None
    raw, written = bytes(buffer[: end.end()]), bytes(buffer[mark.body_at : end.start()])
    for body in dict.fromkeys((written, written.rstrip(_BLANK))):
        for form in _FORMS:
            crc = form.span.crc(mark.length, body, form.start)
            if mark.crc == (_swapped(crc) if form.swapped else crc):
                form = replace(form, binary_crc=mark.is_binary)  # noqa: PLW2901
                return Cut(raw, body, form, mark.told_end == mark.body_at + len(body)), len(raw)
    return None


def _may_go_on(buffer: bytearray, marks: Sequence[_Mark], end: re.Match[bytes]) -> bool:
    """Whether a line end may stand within a frame that is not here in full: by its length, and while no other one begins."""
    told = max(mark.told_end for mark in marks)
    is_open = end.start() < told <= MAX_FRAME_BYTES and len(buffer) < told
    return is_open and _BEGINNING.search(buffer, end.start()) is None


def _rubbish(buffer: bytearray) -> tuple[Cut, int] | None:
    """Everything before the next place where a frame may begin, as one piece, however many lines that are."""
    reason = (
        "no CRC and length after the line feed" if buffer[0] == _LF else "bytes outside a frame"
    )
    begins = _BEGINNING.search(buffer, 1, MAX_FRAME_BYTES)
    if begins is not None:
        return _up_to(buffer, begins.start(), reason)
    if len(buffer) >= MAX_FRAME_BYTES:
        return _up_to(buffer, -1, reason)
    last = max(buffer.rfind(b"\n"), buffer.rfind(_CR))
    may_begin = buffer.find(b"\n", max(1, len(buffer) - _LONGEST_MARK, last - 2))
    if may_begin > 0:
        return _up_to(buffer, may_begin, reason)
    line_end = buffer.rfind(_CR, 1)
    return None if line_end < 0 else _up_to(buffer, line_end + 1, reason)


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
        encrypted=_is_starred(match),
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
    content_at = bracket + 1 if bracket >= 0 else len(body)
    if bracket < 0 and (without := _WITHOUT_BRACKET.match(body, match.end("token"))):
        echo, content_at = without["echo"].strip(b'"' + _BLANK), without.end()
    _, hash_sign, account = echo.rpartition(b"#")
    return Header(
        token=_token(match["token"]),
        encrypted=_is_starred(match),
        seq=echo[:4].decode("ascii") if echo[:4].isdigit() else "",
        receiver="",
        line="",
        account=_account(account) if hash_sign else "",
        echo=echo,
        content_at=content_at,
        odd=True,
    )


def _is_starred(match: re.Match[bytes]) -> bool:
    return match["star"] == b"*" or b"*" in match["token"]


def _token(given: bytes) -> str:
    token = given.decode("ascii", "replace").strip(" *").upper()
    return _TOKENS.get(_NO_LETTERS.sub("", token), token)


def _account(given: bytes) -> str:
    account = given.decode("ascii", "replace").replace("\0", "").strip()
    return canonical_account(account) if account else ""
