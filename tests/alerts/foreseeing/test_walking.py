"""What would happen if an alarm rang now and nobody took it: every world, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callcenter.alerts.board import Manning
from callcenter.alerts.foreseeing.walking import foresee
from callcenter.regions.policies import STANDARD, EscalationPolicy

ONE = EscalationPolicy(ring="one", unproved_s=5)
NOBODY = Manning()
ALONE = Manning(frozenset({1}))
TWO = Manning(frozenset({1, 2}))
WITH_BOSS = Manning(frozenset({1, 9}), frozenset({9}))
NUMBERS = ("+861", "+862")


def told(policy: EscalationPolicy, manning: Manning, numbers: Sequence[str]) -> list[object]:
    """Happening, seconds, whom: users or numbers."""
    return [
        (step.event.value, step.after_s, [*sorted(step.users), *step.numbers])
        for step in foresee(policy, manning, numbers)
    ]


@pytest.mark.parametrize(
    ("policy", "manning", "numbers", "expected"),
    [
        (  # everybody is there: supervisors, then the list down and from its top again
            STANDARD, WITH_BOSS, NUMBERS,
            [
                ("rings", 0, [1, 9]), ("supervisors", 15, [9]),
                ("duty", 30, ["+861"]), ("duty", 90, ["+862"]), ("duty", 150, ["+861"]),
            ],
        ),
        (  # no supervisor: the duty list in their place
            STANDARD, ALONE, NUMBERS,
            [
                ("rings", 0, [1]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+862"]), ("duty", 135, ["+861"]),
            ],
        ),
        (  # nobody sits there: the whole list at once
            STANDARD, NOBODY, NUMBERS,
            [
                ("rings", 0, []), ("duty", 0, ["+861", "+862"]),
                ("duty", 60, ["+862"]), ("duty", 120, ["+861"]),
            ],
        ),
        (  # nobody at all
            STANDARD, NOBODY, (),
            [("rings", 0, []), ("supervisors", 0, []), ("duty", 0, [])],
        ),
        (STANDARD, ALONE, (), [("rings", 0, [1]), ("supervisors", 15, []), ("duty", 15, [])]),
        (
            STANDARD, WITH_BOSS, (),
            [("rings", 0, [1, 9]), ("supervisors", 15, [9]), ("duty", 30, [])],
        ),
        (  # at the best seat first
            ONE, TWO, ("+861",),
            [
                ("rings", 0, [1, 2]), ("all_seats", 5, [1, 2]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+861"]),
            ],
        ),
        (  # of which there is but one
            ONE, ALONE, ("+861",),
            [
                ("rings", 0, [1]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+861"]),
            ],
        ),
    ],
)  # fmt: skip
def test_every_world_has_its_ladder(
    policy: EscalationPolicy, manning: Manning, numbers: Sequence[str], expected: object
):
    assert told(policy, manning, numbers) == expected


def test_where_nobody_is_there_it_says_so_and_of_the_best_seat_that_it_is_one():
    rings, everywhere, supervisors, *_ = foresee(ONE, TWO, NUMBERS)
    assert (rings.one_of, everywhere.one_of) == (True, False)
    assert (rings.nobody, everywhere.nobody, supervisors.nobody) == (False, False, True)
    assert not foresee(ONE, ALONE, NUMBERS)[0].one_of
