"""Somebody on their way."""

from __future__ import annotations

from random import Random

from callcenter.demo.field.walking import NOISE_M, Walker, metres, moved
from callcenter.dispatch.choosing import Spot

HOME = Spot(40.0, 104.0)


def test_a_walk_leads_there_and_ends_there() -> None:
    door = moved(HOME, 300, 400)
    walker = Walker(HOME, door, 1.25)
    half = walker.after(200)
    assert round(metres(HOME, half.at)) == 250
    assert round(metres(half.at, door)) == 250
    there = half.after(3_600)
    assert (there.at, there.to, there.is_at(door)) == (door, None, True)
    assert there.after(60) == there


def test_a_telephone_says_about_where_it_is() -> None:
    walker, dice = Walker(HOME, None, 1.25), Random(1)
    seen = [metres(HOME, walker.seen(dice)) for _ in range(200)]
    assert 0 < sum(seen) / len(seen) < 3 * NOISE_M
    assert len(set(seen)) == 200
