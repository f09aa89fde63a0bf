"""What a check-in proves, and what about it wants a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.proof import (
    Claimed,
    Fix,
    Flag,
    Proof,
    distance_m,
    flags_of,
    is_alike,
    put_right,
)

NOW = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)
HOME = Spot(40.0, 104.0)
AT_HOME = Fix(HOME, 20)
GOOD = Claimed(NOW, Proof.PHOTO, AT_HOME)


def north(metres: float) -> Spot:
    return Spot(HOME.lat + metres / 111_195, HOME.lng)


@pytest.mark.parametrize(
    ("changes", "due_at", "expected"),
    [
        ({}, None, set()),
        ({}, NOW, set()),
        ({}, NOW - timedelta(seconds=1), {Flag.LATE}),
        ({"fix": Fix(north(600), 30)}, None, {Flag.FAR}),
        ({"fix": Fix(north(600), 480)}, None, set()),  # it may well have been at the door
        ({"fix": Fix(north(600), 5_000)}, None, {Flag.NO_FIX}),
        ({"fix": None}, None, {Flag.NO_FIX}),
        ({"fix": Fix(Spot(-40.0, -76.0), 10)}, None, {Flag.FAR}),
        ({"seen_before": True}, None, {Flag.SEEN_PHOTO}),
        ({"clock_error": timedelta(minutes=-3)}, None, {Flag.CLOCK_OFF}),
        ({"clock_error": timedelta(seconds=30)}, None, set()),
        ({"code_holds": False}, None, {Flag.WRONG_CODE}),
    ],
)
def test_each_flag(changes: dict[str, object], due_at: datetime | None, expected: set[Flag]):
    assert flags_of(replace(GOOD, **changes), HOME, due_at) == expected  # type: ignore[arg-type]


def test_the_other_side_of_the_world_is_a_distance_like_any_other():
    assert distance_m(replace(GOOD, fix=Fix(Spot(-40.0, -76.0), 10)), HOME) == pytest.approx(
        20_015_114, rel=0.001
    )


def test_a_home_without_a_place_has_no_distance():
    assert distance_m(GOOD, None) is None
    assert flags_of(GOOD, None, None) == {Flag.NO_FIX}


@pytest.mark.parametrize(("other", "alike"), [(0b0, True), (0b111111, True), (0b1111111, False)])
def test_a_picture_pressed_anew_is_known_again(other: int, alike: bool):
    assert is_alike(0, other) is alike


def test_a_phone_that_is_an_hour_ahead_was_there_when_it_was_there():
    received = NOW + timedelta(hours=3)  # hours without a network
    assert put_right(NOW + timedelta(hours=1), timedelta(hours=1), received) == NOW
    assert put_right(NOW, None, received) == NOW
    assert put_right(received + timedelta(days=1), None, received) == received
