"""The file of a night: JSON Lines, gzipped, each line under a hash over itself and the one before. Pure.

A line that was altered, moved, left out or cut off is refused by its number. The first line says what is in the file, the last
that it is whole.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import orjson

from callcenter.core.errors import Invalid

FORM: Final = 1
_PIECE: Final = 256
_DIGITS: Final = 16
"""Of the hash that stands before each line."""


class What(StrEnum):
    """What a line is about, in the order of the file."""

    HEADER = "header"
    WORLD = "world"
    """A row of those that say who calls and who decides."""
    SIGNAL = "signal"
    COMMAND = "command"
    ANSWER = "answer"
    """A text that came in."""
    SEAT = "seat"
    PROOF = "proof"
    TEXT = "text"
    """What became of a text that went out."""
    ACT = "act"
    """An instant at which the system itself did something."""
    SAID = "said"
    """A line of the canonical form."""
    END = "end"


_PLACES: Final = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True, slots=True)
class Night:
    """Everything a file says."""

    header: Mapping[str, Any]
    lines: Mapping[What, Sequence[Any]]

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.header["since"])

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.header["until"])

    @property
    def said(self) -> Sequence[str]:
        """The canonical form of what happened."""
        return self.lines.get(What.SAID, ())


def written(night: Night) -> bytes:
    """The file. The same night is the same bytes."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", mtime=0) as packed:
        packed.writelines(_hashed(_documents(night)))
    return made.getvalue()


def _documents(night: Night) -> Iterator[tuple[str, Any]]:
    yield What.HEADER, {"form": FORM, **night.header}
    count = 1
    for what, lines in sorted(night.lines.items(), key=lambda item: _PLACES[item[0]]):
        for line in lines:
            count += 1
            yield what, line
    yield What.END, count


def _hashed(documents: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    before = ""
    for what, line in documents:
        body = orjson.dumps([what, line])
        before = _hash(before, body)
        yield before.encode() + b" " + body + b"\n"


def _hash(before: str, body: bytes) -> str:
    return sha256(before.encode() + body).hexdigest()[:_DIGITS]


def read(content: bytes) -> Night:
    """Raises Invalid `night_torn` with the number of the first line that is not as it was written."""
    text, whole = _unpacked(content)
    lines: dict[What, list[Any]] = {what: [] for what in What}
    before, number, ended = "", 0, False
    for number, line in enumerate(text.splitlines(), 1):
        before, (what, said) = _checked(number, before, line)
        if ended:
            raise _torn(number, "it stands behind the end")
        ended = what is What.END
        if ended and said != number - 1:
            raise _torn(number, f"it ends {said} lines")
        lines[what].append(said)
    if not (ended and whole):
        raise _torn(number + 1, "the file ends before it is whole")
    del lines[What.END]
    [header] = lines.pop(What.HEADER) or [{}]
    if header.get("form") != FORM:
        raise Invalid(
            f"line 1: the file has form {header.get('form')!r}, and this release reads form {FORM}",
            code="night_of_other_form",
        )
    return Night(header, lines)


def _unpacked(content: bytes) -> tuple[bytes, bool]:
    """As much as can be unpacked, and whether that is all."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    text = bytearray()
    try:
        for place in range(0, len(content), _PIECE):
            text += unpacking.decompress(content[place : place + _PIECE])
    except zlib.error:
        return bytes(text), False
    return bytes(text), unpacking.eof


def _checked(number: int, before: str, line: bytes) -> tuple[str, tuple[What, Any]]:
    told, _, body = line.partition(b" ")
    found = _hash(before, body)
    if told.decode("ascii", "replace") != found:
        raise _torn(number, "it is not as it was written")
    what, said = orjson.loads(body)
    return found, (What(what), said)


def _torn(number: int, why: str) -> Invalid:
    return Invalid(f"line {number}: {why}. Export the night again", code="night_torn", line=number)


def first_difference(one: Sequence[str], other: Sequence[str]) -> int | None:
    """The number of the first line in which they differ, None where there is none."""
    for number, (left, right) in enumerate(zip(one, other, strict=False), 1):
        if left != right:
            return number
    return None if len(one) == len(other) else min(len(one), len(other)) + 1
