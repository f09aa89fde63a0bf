"""The code of a screen."""

from __future__ import annotations

from callcenter.auth.codes import code_hash
from callcenter.auth.models import WallScreen
from callcenter.auth.walls.screens import CODE_HOLDS, give_code


def test_a_screen_has_one_code_at_a_time_for_ten_minutes(clock):
    screen = WallScreen()
    first, second = give_code(screen, clock.now()), give_code(screen, clock.now())
    assert screen.code_hash == code_hash(second) != code_hash(first)
    assert screen.code_until == clock.now() + CODE_HOLDS
