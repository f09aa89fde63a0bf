"""The numbers that nothing ever dials by itself."""

from __future__ import annotations

import pytest

from callcenter.telephony.emergency import EMERGENCY


@pytest.mark.parametrize("number", ["110", "119", "120", "122", "112", "999", "911"])
def test_police_fire_ambulance_and_what_others_dial_for_them(number: str):
    assert number in EMERGENCY


def test_each_is_what_a_keypad_can_dial_and_stands_once():
    assert all(each.isascii() and each.isdigit() for each in EMERGENCY)
    assert len(set(EMERGENCY)) == len(EMERGENCY)
