"""One position of somebody on duty, as a phone or a tracker says it, and what of it is believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from callcenter.dispatch.models import PositionSource
from callcenter.residents.problems import InvalidFields, problem

MOST_ACCURACY_M: Final = 1_000_000.0
"""What says more than that about itself says nothing."""


@dataclass(frozen=True, slots=True)
class Fix:
    """WGS-84 degrees. `at` is when it was taken, by whoever took it."""

    staff_id: int
    at: datetime
    lat: float
    lng: float
    accuracy_m: float | None
    source: PositionSource


def believed(fix: Fix, now: datetime) -> Fix:
    """The fix with a time that is not to come and an accuracy that means something. Raises InvalidFields for what is no place on
    earth, and for 0,0, which is what receivers without a fix say.
    """
    wrong = [
        problem(name, "not_a_position", value)
        for name, value, most in (("lat", fix.lat, 90.0), ("lng", fix.lng, 180.0))
        if not isfinite(value) or abs(value) > most
    ]
    if not wrong and fix.lat == 0 and fix.lng == 0:
        wrong = [problem("lat", "not_a_position", "0,0")]
    if wrong:
        raise InvalidFields(wrong)
    return replace(fix, at=min(fix.at, now), accuracy_m=_accuracy(fix.accuracy_m))


def _accuracy(said: float | None) -> float | None:
    if said is None or not isfinite(said) or not 0 <= said <= MOST_ACCURACY_M:
        return None
    return said


def newest(fixes: Iterable[Fix]) -> list[Fix]:
    """One for each moment of each person, in the order in which rows are locked everywhere."""
    found = {(fix.staff_id, fix.at): fix for fix in fixes}
    return [found[key] for key in sorted(found)]


def of_way(fixes: Sequence[Fix], apart: timedelta) -> list[bool]:
    """Of each whether it lies so far behind the last of the same person that is; in the order of `newest`."""
    last: dict[int, datetime] = {}
    said = []
    for fix in fixes:
        is_of_way = fix.staff_id not in last or fix.at >= last[fix.staff_id] + apart
        if is_of_way:
            last[fix.staff_id] = fix.at
        said.append(is_of_way)
    return said
