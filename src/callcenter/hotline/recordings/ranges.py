"""Which part of a file a browser asks for (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_AT_ONCE: Final = 2 * 1024 * 1024
"""Two minutes of sound: a player asks for what follows when it gets there."""
_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """`count` bytes from `first`."""

    first: int
    count: int

    def content_range(self, size: int) -> str:
        return f"bytes {self.first}-{self.first + self.count - 1}/{size}"


def span_of(asked: str | None, size: int) -> Span | None:
    """What is answered with 206, at most `MOST_AT_ONCE`. None: the whole file is asked for, or something that is no range of bytes.
    Raises ValueError for a range that lies outside of it (416).
    """
    found = _ONE.fullmatch(asked.strip()) if asked else None
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if first >= size or last < first:
        raise ValueError(asked)
    return Span(first, min(last + 1, size, first + MOST_AT_ONCE) - first)
