"""When a listener last let somebody in, and last read something: kept by an assignment, for those who watch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Heard:
    """In seconds of the monotonic clock; the listener's start, where nobody has come yet."""

    accepted_at: float
    read_at: float


@dataclass(frozen=True, slots=True)
class ListenerAge:
    """`open`: it takes in who comes. Seconds since it last let a connection in, and since it last read something of any
    device; since its start, where nobody has come yet. Over UDP there are no connections.
    """

    open: bool
    accepted_s: float
    read_s: float

    @classmethod
    def of(cls, heard: Heard, now: float, *, is_open: bool) -> ListenerAge:
        """By `now` (monotonic s)."""
        accepted_s, read_s = now - heard.accepted_at, now - heard.read_at
        return cls(is_open, round(max(accepted_s, 0.0), 1), round(max(read_s, 0.0), 1))
