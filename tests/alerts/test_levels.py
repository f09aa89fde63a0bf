"""A target is reached exactly or not, in whole numbers."""

from __future__ import annotations

import pytest

from callcenter.alerts.levels import Target, level_of


@pytest.mark.parametrize(
    ("permille", "decided", "met", "reached"),
    [
        (975, 0, 0, None),
        (975, 40, 39, True),
        (975, 41, 39, False),
        (975, 1_000, 975, True),
        (975, 1_000, 974, False),
        (1_000, 3, 3, True),
        (1_000, 3, 2, False),
    ],
)
def test_a_level_against_its_target(permille: int, decided: int, met: int, reached: bool | None):
    level = level_of(Target(60, permille), decided, met)
    assert (level.seconds, level.permille, level.decided, level.met) == (60, permille, decided, met)
    assert level.reached is reached
