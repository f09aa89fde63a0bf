"""A request cut out of a stream of bytes: its head, and its body by length or in chunks. No I/O, every size bounded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

import httptools

from callcenter.listeners.bounds import USUAL, HeadBounds
from callcenter.listeners.http import MAX_BODY_BYTES, WRITING

USUAL_HEAD: Final = USUAL.requests.head

MAX_TRAILER_BYTES: Final = 32 * 1024
MAX_METHOD_BYTES: Final = 64
MAX_CHUNK_LINE_BYTES: Final = 1024
MAX_CHUNKS: Final = 4096
"""Of one signal: whoever cuts a body into single bytes has the time of all others taken up by a few hundred kilobytes."""
MAX_BLANK_BYTES: Final = 1024

_END_OF_HEAD: Final = b"\r\n\r\n"
_ANY_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_ANY_END_OF_LINE: Final = re.compile(rb"\r?\n")
"""Also of devices that write no carriage return."""
_END_OF_LINE: Final = b"\r\n"
_FOLD: Final = re.compile(rb"(?:\r\n[ \t]+)+")
"""Where a header is continued on the next line, as old clients do."""
_LENGTH: Final = b"content-length"


class Malformed(ValueError):
    """This is no HTTP."""


class HeadCount:
    """Bounds the heads of requests that somebody else parses, counted before they do."""

    __slots__ = ("_before", "_bounds", "_bytes", "_lines", "_within_head")

    def __init__(self, bounds: HeadBounds = USUAL_HEAD) -> None:
        self._bounds = bounds
        self.begin()

    def begin(self) -> None:
        """A request has ended, the next bytes are a head."""
        self._bytes = self._lines = 0
        self._before = b""
        self._within_head = True

    def end(self) -> None:
        """The head is complete."""
        self._within_head = False

    @property
    def has_ended(self) -> bool:
        """The head is complete; what comes is its body."""
        return not self._within_head

    @property
    def has_begun(self) -> bool:
        """Whether there is a part of a head, and not yet the whole."""
        return self._within_head and self._bytes > 0

    def is_too_large(self, data: bytes) -> bool:
        """Whether the head has more than it may, with these bytes."""
        if not self._within_head:
            return False
        joined = self._before + data
        found = joined.find(_END_OF_HEAD)
        end = len(joined) if found < 0 else found
        self._lines += joined.count(b"\n", 0, end) - self._before.count(b"\n")
        self._bytes += end - len(self._before)
        self._before = joined[-3:]
        return _is_too_large(self._bytes, self._lines, self._bounds, complete=found >= 0)


class HeadTooLarge(ValueError):
    """More bytes or headers than it may have."""


class Body(Protocol):
    """The bytes behind a head. `content` holds at most what a signal may have, `size` counts all."""

    content: bytearray
    size: int

    def take(self, buffer: bytearray) -> bool:
        """Take from the front of the buffer what is the body's; True when it is complete. Raises Malformed."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the body; `keep_alive`: another request may follow."""

    method: bytes
    headers: Mapping[bytes, bytes]
    keep_alive: bool
    body: Body

    @property
    def expects_continue(self) -> bool:
        """The sender waits for our word before it sends the body."""
        return self.headers.get(b"expect", b"").lower() == b"100-continue"


def _is_too_large(size: int, line_ends: int, bounds: HeadBounds, *, complete: bool) -> bool:
    """`line_ends` before the end of the head are as many as headers; the last of an open head may be one more."""
    return size > bounds.most or line_ends > bounds.lines + (not complete)


def drop_blank_lines(buffer: bytearray) -> None:
    """Take the line ends from the front that some senders put behind a body (RFC 9112, 2.2). Raises Malformed for more than
    MAX_BLANK_BYTES: whoever sends nothing else is not listened to.
    """
    if not buffer.startswith((b"\r", b"\n")):
        return
    front = buffer[: MAX_BLANK_BYTES + 1]
    blank = len(front) - len(front.lstrip(_END_OF_LINE))
    if blank > MAX_BLANK_BYTES:
        raise Malformed("no request begins with so many line ends")
    del buffer[:blank]


def target_of(buffer: bytearray, bounds: HeadBounds = USUAL_HEAD) -> bytes | None:
    """What the request at the front asks for; None while that is open, b"" where no request begins."""
    if not buffer:
        return None
    if not buffer[:1].isalpha():
        return b""
    line_end = buffer.find(b"\n")
    words = bytes(buffer[: line_end if line_end >= 0 else len(buffer)]).split(b" ", 2)
    if len(words) == 3:
        return words[1]
    return b"" if line_end >= 0 or len(buffer) > bounds.most else None


def method_of(buffer: bytearray) -> bytes:
    """The method of the request at the front, whose target is there."""
    return bytes(buffer[:MAX_METHOD_BYTES]).lstrip(_END_OF_LINE).partition(b" ")[0]


def take_head(buffer: bytearray, bounds: HeadBounds = USUAL_HEAD) -> Head | None:
    """Take the head from the front of the buffer; None while it is not complete. Raises Malformed and HeadTooLarge."""
    found = _ANY_END_OF_HEAD.search(buffer, 0, bounds.most + len(_END_OF_HEAD))
    end = found.start() if found else len(buffer)
    if _is_too_large(end, buffer.count(b"\n", 0, end), bounds, complete=found is not None):
        raise HeadTooLarge
    if found is None:
        return None
    lines = _ANY_END_OF_LINE.sub(_END_OF_LINE, buffer[: found.end()])
    del buffer[: found.end()]
    return _parse(_said_once(bytes(_FOLD.sub(b" ", lines))))


def _said_once(head: bytes) -> bytes:
    """Without the repeats of a length that is said several times alike (RFC 9110, 8.6); what is said differently stays."""
    if head.lower().count(_LENGTH) < 2:
        return head
    kept: dict[tuple[int, bytes], bytes] = {}
    for number, line in enumerate(head.split(_END_OF_LINE)):
        name, _, value = line.partition(b":")
        key = (-1, value.strip()) if name.lower() == _LENGTH else (number, line)
        kept.setdefault(key, line)
    return _END_OF_LINE.join(kept.values())


class _Parsed:
    """What httptools tells of a head; all but the headers is gone from the parser when the head is complete."""

    __slots__ = ("_parser", "headers", "keep_alive", "method")

    def __init__(self, head: bytes) -> None:
        self.method = b""
        self.headers: dict[bytes, bytes] = {}
        self.keep_alive = False
        self._parser = httptools.HttpRequestParser(self)
        with suppress(httptools.HttpParserUpgrade):  # which nobody has to grant (RFC 9110, 7.8)
            self._parser.feed_data(head)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        self.method = self._parser.get_method()
        is_current = self._parser.get_http_version() == "1.1"
        self.keep_alive = is_current and self._parser.should_keep_alive()


def _parse(head: bytes) -> Head:
    try:
        parsed = _Parsed(head)
    except httptools.HttpParserError as error:
        raise Malformed(str(error)) from error
    return Head(
        parsed.method, parsed.headers, parsed.keep_alive, _body(parsed.headers, parsed.method)
    )


def _body(headers: Mapping[bytes, bytes], method: bytes) -> Body:
    coding = headers.get(b"transfer-encoding")
    if coding is not None:
        if coding.strip().lower() != b"chunked":
            raise Malformed("no transfer coding but chunked is understood")
        return ChunkedBody()
    if b"content-length" not in headers:
        return OpenBody() if method in WRITING else FixedBody(0)
    length = headers[b"content-length"].strip()
    if not length.isdigit():
        raise Malformed("the content length is no number")
    return FixedBody(int(length))


def _keep(content: bytearray, piece: bytes | bytearray) -> None:
    content += piece[: MAX_BODY_BYTES - len(content)]


@dataclass(slots=True)
class FixedBody:
    """A body of known length, which is its size from the start."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    taken: int = 0

    def take(self, buffer: bytearray) -> bool:
        piece = buffer[: self.size - self.taken]
        del buffer[: len(piece)]
        self.taken += len(piece)
        _keep(self.content, piece)
        return self.taken == self.size


@dataclass(slots=True)
class OpenBody:
    """A body of which nobody has said how long it is: whoever takes it decides when it is complete."""

    size: int = 0
    content: bytearray = field(default_factory=bytearray)

    def take(self, buffer: bytearray) -> bool:
        self.size += len(buffer)
        _keep(self.content, buffer)
        buffer.clear()
        return False


@dataclass(slots=True)
class ChunkedBody:
    """A body in chunks (RFC 9112, 7.1); extensions and trailers are read over."""

    size: int = 0
    content: bytearray = field(default_factory=bytearray)
    _chunks: int = 0
    _left: int = 0
    """Bytes of the chunk that are still to come, its line end among them."""
    _trailer_bytes: int = -1
    """Of the trailers, once the last chunk is there."""

    def take(self, buffer: bytearray) -> bool:
        while buffer:
            if self._left:
                self._take_data(buffer)
                continue
            line = self._take_line(buffer)
            if line is None:
                return False
            if self._trailer_bytes < 0:
                self._begin_chunk(line)
            elif not line:
                return True
        return False

    def _take_data(self, buffer: bytearray) -> None:
        piece = buffer[: self._left]
        del buffer[: len(piece)]
        data = piece[: max(self._left - len(_END_OF_LINE), 0)]
        if not _END_OF_LINE.endswith(piece[len(data) :]) and self._left == len(piece):
            raise Malformed("a chunk is longer than it says")
        self._left -= len(piece)
        self.size += len(data)
        _keep(self.content, data)

    def _take_line(self, buffer: bytearray) -> bytes | None:
        end = buffer.find(_END_OF_LINE, 0, MAX_CHUNK_LINE_BYTES)
        if end < 0:
            if len(buffer) >= MAX_CHUNK_LINE_BYTES:
                raise Malformed("the line before a chunk does not end")
            return None
        line = bytes(buffer[:end])
        del buffer[: end + len(_END_OF_LINE)]
        if self._trailer_bytes >= 0:
            self._trailer_bytes += len(line)
            if self._trailer_bytes > MAX_TRAILER_BYTES:
                raise Malformed("the trailers do not end")
        return line

    def _begin_chunk(self, line: bytes) -> None:
        digits = line.partition(b";")[0].strip()
        try:
            length = int(digits, 16) if digits.isalnum() and len(digits) <= 8 else -1
        except ValueError:
            length = -1
        if length < 0:
            raise Malformed("the length of a chunk is no number")
        self._chunks += 1
        if self._chunks > MAX_CHUNKS:
            raise Malformed("no signal has so many chunks")
        if length:
            self._left = length + len(_END_OF_LINE)
        else:
            self._trailer_bytes = 0
