"""What would happen if an alarm rang now and nobody took it: every world, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callcenter.alerts.board import Manning
from callcenter.alerts.foreseeing.walking import Happening, foresee
from callcenter.regions.policies import STANDARD, EscalationPolicy

ONE = EscalationPolicy(ring="one", unproved_s=5)
NOBODY = Manning()
ALONE = Manning(frozenset({1}))
TWO = Manning(frozenset({1, 2}))
WITH_BOSS = Manning(frozenset({1, 9}), frozenset({9}))
NUMBERS = ("+861", "+862")
OVER = ("over", STANDARD.horizon_s, [])


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
                ("duty", 30, ["+861"]), ("duty", 90, ["+862"]), ("duty", 150, ["+861"]), OVER,
            ],
        ),
        (  # no supervisor: the duty list in their place
            STANDARD, ALONE, NUMBERS,
            [
                ("rings", 0, [1]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+862"]), ("duty", 135, ["+861"]), OVER,
            ],
        ),
        (  # nobody sits there: the whole list at once
            STANDARD, NOBODY, NUMBERS,
            [
                ("rings", 0, []), ("duty", 0, ["+861", "+862"]),
                ("duty", 60, ["+862"]), ("duty", 120, ["+861"]), OVER,
            ],
        ),
        (  # nobody at all
            STANDARD, NOBODY, (),
            [("rings", 0, []), ("supervisors", 0, []), ("duty", 0, []), OVER],
        ),
        (STANDARD, ALONE, (), [("rings", 0, [1]), ("supervisors", 15, []), ("duty", 15, []), OVER]),
        (
            STANDARD, WITH_BOSS, (),
            [("rings", 0, [1, 9]), ("supervisors", 15, [9]), ("duty", 30, []), OVER],
        ),
        (  # at the best seat first
            ONE, TWO, ("+861",),
            [
                ("rings", 0, [1, 2]), ("all_seats", 5, [1, 2]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+861"]), OVER,
            ],
        ),
        (  # of which there is but one
            ONE, ALONE, ("+861",),
            [
                ("rings", 0, [1]), ("supervisors", 15, []),
                ("duty", 15, ["+861"]), ("duty", 75, ["+861"]), OVER,
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


def test_no_step_is_foreseen_after_the_end():
    slow = EscalationPolicy(again_s=1_800, horizon_s=600)
    steps = foresee(slow, WITH_BOSS, NUMBERS)
    assert [step.event for step in steps].count(Happening.DUTY) == 1
    assert steps[-1].after_s == 600
