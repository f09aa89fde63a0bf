"""When the files of a call are taken in. Pure.

A file that was closed is complete. One that was not is still written to, or its exchange was killed: it is taken when its call has ended,
or when nothing was added to it for so long that nobody speaks in it any more. Silence alone adds nothing, so that takes an hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

STILL_AFTER_ITS_CALL: Final = timedelta(seconds=10)
STILL_WHATEVER_IS_SAID: Final = timedelta(hours=1)
WITHOUT_A_CALL: Final = timedelta(days=1)
"""The row of a call may come late: it is read back from the exchange's own log when this server was away."""
MIX, HEARD, SPOKEN = "", "-rx", "-tx"
"""All of it; what the exchange heard on the telephone that is recorded; what it said to it."""
_OF_A_TRUNK: Final = re.compile(r"(.*-)?\d+\.\d+")
"""As the exchange names its channels: trial-1795882628.2. Whoever was rung has a name that was given here."""


class Verdict(StrEnum):
    WAIT = "wait"
    TAKE = "take"
    TAKE_UNKNOWN = "take_unknown"
    """Of no known call."""


@dataclass(frozen=True, slots=True)
class Lying:
    """The files of one name: whether all of them are closed, and when any of them last changed."""

    closed: bool
    changed_at: datetime


def verdict(lying: Lying, *, has_call: bool, call_ended: bool, now: datetime) -> Verdict:
    """`has_call`: there is a row of it."""
    still = now - lying.changed_at
    if not has_call:
        return Verdict.TAKE_UNKNOWN if still >= WITHOUT_A_CALL else Verdict.WAIT
    if lying.closed or still >= STILL_WHATEVER_IS_SAID:
        return Verdict.TAKE
    return Verdict.TAKE if call_ended and still >= STILL_AFTER_ITS_CALL else Verdict.WAIT


def stem_of(name: str) -> tuple[str, str] | None:
    """The call's name and which of its files this is; None for what is no file of ours."""
    if not name.endswith(".wav") or name.startswith("."):
        return None
    stem = name.removesuffix(".wav")
    for part in (HEARD, SPOKEN):
        if stem.endswith(part):
            return stem.removesuffix(part), part
    return stem, MIX


def is_of_a_trunk(name: str) -> bool:
    """Recorded on the trunk, where the caller is heard; else before the trunk, on the side of the centre, which is heard there."""
    return _OF_A_TRUNK.fullmatch(name) is not None


def grouped(names: Iterable[str]) -> dict[str, set[str]]:
    """Which files there are of each call."""
    found: dict[str, set[str]] = {}
    for name in names:
        if (parted := stem_of(name)) is not None and parted[0]:
            found.setdefault(parted[0], set()).add(parted[1])
    return found
