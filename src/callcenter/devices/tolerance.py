"""The one way in which an optional part of a message may fail: it is left out, and that is said. Pure.

No field decides about another, and none about the alarm (G3); the raw bytes keep what is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

UNREADABLE = (ValueError, TypeError, ArithmeticError, OSError, RecursionError)
"""What reading a value of a stranger raises: no number, out of range, nested too deeply. LookupError would be our fault."""


class Remarks:
    """The flags of a message, gathered while it is read."""

    __slots__ = ("_flags",)

    def __init__(self) -> None:
        self._flags: dict[str, None] = {}

    def add(self, *flags: str) -> None:
        """Note what is odd, once each."""
        self._flags.update(dict.fromkeys(flags))

    def optional(self, field: str, read: Callable[[], T | None]) -> T | None:
        """What `read` gives; None with the flag `<field>_not_read` where it fails."""
        try:
            return read()
        except UNREADABLE:
            self.add(f"{field}_not_read")
            return None

    @property
    def flags(self) -> tuple[str, ...]:
        """In the order they were noted."""
        return tuple(self._flags)


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which no text column takes."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
