"""One angle, in all the ways in which devices write it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from callcenter.devices.angles import read_angle, read_pair


@pytest.mark.parametrize(
    "written",
    [
        40.0012,
        "40.0012",
        "+40.0012",
        " 40.0012 ",
        "40,0012",
        "4.00012e1",
        "40.0012N",
        "N40.0012",
        "n 40.0012",
        "40.0012° N",
        "40.0012deg",
        "北纬40.0012",
        "北緯40.0012°",
        "４０．００１２",
        "40°0'4.32\"N",
        "40° 0′ 4.32″",
        "40°00.072'N",
        "40:00:04.32",
        "40 00 04.32",
        "40N00.072",
        "4000.072N",
    ],
)
def test_one_latitude(written: str | float) -> None:
    assert read_angle(written)[0] == pytest.approx(40.0012, abs=1e-6)


@pytest.mark.parametrize(
    "written", ["104E00.042", "10400.042E", "E104.0007", "东经104.0007", "104°0'2.52\"E"]
)
def test_one_longitude(written: str) -> None:
    angle, half = read_angle(written)
    assert (angle, half) == (pytest.approx(104.0007, abs=1e-6), "E")


@pytest.mark.parametrize(
    "written", ["-40.0012", "40.0012S", "S40.0012", "南纬40.0012", "-40°0'4.32\""]
)
def test_the_other_half_of_the_earth(written: str) -> None:
    assert read_angle(written)[0] == pytest.approx(-40.0012, abs=1e-6)


@pytest.mark.parametrize(
    "written",
    ["", "here", "N", "40N75.0", "40 61 00", "40 00 75", "1_0", "N/A", "lat", "40,5,2", "9" * 400],
)
def test_what_is_no_angle_is_not_guessed(written: str) -> None:
    with suppress(ValueError):
        assert read_angle(written)[0] > 180  # which is no place either


def test_halves_that_prove_it_turn_a_pair_round() -> None:
    assert read_pair("40N00.0", "104E00.0") == (40.0, 104.0)
    assert read_pair("104E00.0", "40N00.0") == (40.0, 104.0)
    for pair in (("40N", "104N"), ("40E", "104E"), ("40", "104N"), ("40E", "104")):
        with pytest.raises(ValueError, match="north or south"):
            read_pair(*pair)


@given(st.text(max_size=60) | st.floats() | st.integers(-(10**400), 10**400))
def test_nothing_but_what_is_expected_is_raised(written: str | float) -> None:
    with suppress(ValueError, OverflowError):
        read_angle(written)
