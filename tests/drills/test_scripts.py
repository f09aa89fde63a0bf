"""The ready-made drills hold what a drill may."""

from __future__ import annotations

import pytest

from callcenter.devices.signals import Kind
from callcenter.drills.course import LATEST, MOST_PRESSES, PRESSED
from callcenter.drills.scripts import SCRIPTS, Script, homes_needed


@pytest.mark.parametrize("script", Script)
def test_each_could_be_started_as_it_stands(script: Script):
    planned = SCRIPTS[script]
    assert 0 < len(planned) <= MOST_PRESSES
    assert {each.kind for each in planned} <= set(PRESSED)
    assert all(0 < each.after_s <= LATEST.total_seconds() for each in planned)
    assert {each.home for each in planned} == set(range(homes_needed(script)))


def test_in_the_storm_a_fall_is_hidden():
    kinds = [each.kind for each in SCRIPTS[Script.STORM_AND_FALL]]
    assert kinds.count(Kind.SOS) >= 8
    assert kinds.count(Kind.FALL) == 1
