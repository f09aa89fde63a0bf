"""What a check-in proves, and what about it wants a look. Pure.

A flag keeps nobody out: a caregiver in a cellar has no position, an old phone has a wrong clock, and the person at home matters more. It
stands beside the check-in for whoever looks at the work afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.dispatch.choosing import Spot, metres


class CheckKind(StrEnum):
    ARRIVE = "arrive"
    DEPART = "depart"
    STOP = "stop"


class Proof(StrEnum):
    PHOTO = "photo"
    DOOR_CODE = "door_code"
    CARD = "card"
    NONE = "none"


class Flag(StrEnum):
    FAR = "far"
    LATE = "late"
    NO_FIX = "no_fix"
    SEEN_PHOTO = "seen_photo"
    NO_PHOTO = "no_photo"
    """One was sent, and is none that can be kept."""
    CLOCK_OFF = "clock_off"
    WRONG_CODE = "wrong_code"


AT_THE_DOOR_M: Final = 150.0
"""Between tall houses a phone is a hundred metres wrong."""
LARGEST_ERROR_M: Final = 500.0
"""Of a position that says so little that it is none."""
CLOCK_MAY_BE_OFF: Final = timedelta(minutes=2)
ALIKE_BITS: Final = 6
"""Of 64: perceptual hashes that differ in no more are the same picture, shrunk or pressed anew."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as the phone gave it; `accuracy_m` is the radius in which it is with 68 % (W3C Geolocation)."""

    spot: Spot
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """What came with a check-in. `occurred_at` is the phone's word, put right by the error of its clock; `clock_error` is what that
    was, None where it was never measured.
    """

    occurred_at: datetime
    proof: Proof
    fix: Fix | None = None
    clock_error: timedelta | None = None
    code_holds: bool = True
    seen_before: bool = False
    photo_refused: bool = False


def distance_m(claimed: Claimed, home: Spot | None) -> float | None:
    """From the home; None: nobody knows."""
    if claimed.fix is None or home is None or claimed.fix.accuracy_m > LARGEST_ERROR_M:
        return None
    return metres(claimed.fix.spot, home)


def flags_of(claimed: Claimed, home: Spot | None, due_at: datetime | None) -> frozenset[Flag]:
    """`due_at`: until when it should have been; None: no time was promised."""
    return frozenset(_flags(claimed, home, due_at))


def _flags(claimed: Claimed, home: Spot | None, due_at: datetime | None) -> Iterable[Flag]:
    away = distance_m(claimed, home)
    if away is None:
        yield Flag.NO_FIX
    elif claimed.fix is not None and away - claimed.fix.accuracy_m > AT_THE_DOOR_M:
        yield Flag.FAR
    if due_at is not None and claimed.occurred_at > due_at:
        yield Flag.LATE
    if claimed.seen_before:
        yield Flag.SEEN_PHOTO
    if claimed.photo_refused:
        yield Flag.NO_PHOTO
    if claimed.clock_error is not None and abs(claimed.clock_error) > CLOCK_MAY_BE_OFF:
        yield Flag.CLOCK_OFF
    if not claimed.code_holds:
        yield Flag.WRONG_CODE


def is_alike(one: int, other: int) -> bool:
    """Whether two perceptual hashes of 64 bits are of the same picture."""
    return (one ^ other).bit_count() <= ALIKE_BITS


def put_right(said: datetime, measured: timedelta | None, received_at: datetime) -> datetime:
    """When something happened by the server's clock: what the phone says, less what its clock was ahead when it was measured last
    (None: never). Nothing has happened after it was received.
    """
    return min(said - (measured or timedelta()), received_at)
