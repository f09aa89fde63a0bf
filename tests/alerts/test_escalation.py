"""Who is called to an alarm that nobody takes: every step in every world."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.alerts.escalation import (
    DUTY_MADE,
    Climb,
    Made,
    Step,
    World,
    climb,
    duty_numbers,
    is_over,
    not_made,
)
from callcenter.regions.policies import EscalationPolicy
from tests.support.incidents import incident

POLICY = EscalationPolicy()
MANNED = World(seats=3, rings_at=3, supervisors=1, duty=2, shown=True, proved=True)
ONE_RINGS = replace(MANNED, rings_at=1)
UNPROVED = replace(ONE_RINGS, proved=False)
NO_SUPERVISOR = replace(MANNED, supervisors=0)
NO_DUTY = replace(MANNED, duty=0)
DESERTED = World(seats=0, rings_at=0, supervisors=0, duty=2, shown=False, proved=False)
LEFT = replace(DESERTED, shown=True, missing_for=timedelta(seconds=14))
LEFT_LONG_AGO = replace(LEFT, missing_for=timedelta(seconds=15))

SEATS, SUPERVISORS, DUTY = Step.ALL_SEATS, Step.SUPERVISORS, Step.DUTY


# (world, steps made before, seconds since it rings) -> what is made, and in how many seconds the next is due
@pytest.mark.parametrize(
    ("world", "before", "waited", "made", "due_in"),
    [
        # it rings everywhere, or where it rings it was seen and heard: the first step is needless
        (MANNED, 0, 3, [], 12),
        (ONE_RINGS, 0, 3, [], 12),
        (replace(MANNED, proved=False), 0, 3, [], 12),
        # the best seat has not shown it
        (UNPROVED, 0, 2, [], 1),
        (UNPROVED, 0, 3, [(SEATS, 2)], 12),
        (UNPROVED, 1, 4, [], 11),
        # whoever it was offered to is gone, pauses or has another: at once, proved or not
        (replace(MANNED, rings_at=0), 0, 0, [(SEATS, 3)], 15),
        (replace(UNPROVED, rings_at=0), 0, 1, [(SEATS, 3)], 14),
        # not taken: supervisors, then one of the duty list
        (MANNED, 0, 15, [(SUPERVISORS, 1)], 15),
        (UNPROVED, 1, 15, [(SUPERVISORS, 1)], 15),
        (MANNED, 2, 29, [], 1),
        (MANNED, 2, 30, [(DUTY, 1)], 60),
        # whose people are not there is passed at once
        (NO_SUPERVISOR, 0, 14, [], 1),
        (NO_SUPERVISOR, 0, 15, [(SUPERVISORS, 0), (DUTY, 1)], 60),
        (replace(NO_SUPERVISOR, duty=0), 0, 15, [(SUPERVISORS, 0), (DUTY, 0)], 60),
        (NO_DUTY, 2, 30, [(DUTY, 0)], 60),
        # nobody sits there: the whole list at once
        (DESERTED, 0, 0, [(SUPERVISORS, 0), (DUTY, 2)], 60),
        (DESERTED, 2, 0, [(DUTY, 2)], 60),
        # whoever has shown it may be loading the page again
        (LEFT, 0, 3, [], 12),
        (LEFT, 0, 15, [(SUPERVISORS, 0), (DUTY, 2)], 60),
        (LEFT_LONG_AGO, 0, 3, [(SUPERVISORS, 0), (DUTY, 2)], 60),
    ],
)
def test_what_is_made_and_when_the_next_is_due(
    world: World, before: int, waited: float, made: list[tuple[Step, int]], due_in: float
):
    found = climb(POLICY, before, timedelta(seconds=waited), world, due=True)
    assert [(one.step, one.reached) for one in found.made] == made
    assert found.due_in == timedelta(seconds=due_in)
    assert found.escalated == (list(Step).index(made[-1][0]) + 1 if made else before)


WORLDS = {
    "everywhere, proved": MANNED,
    "everywhere, unproved": replace(MANNED, shown=False, proved=False),
    "at one seat, proved": ONE_RINGS,
    "at one seat, unproved": UNPROVED,
    "at one seat that is gone": replace(MANNED, rings_at=0),
    "no supervisor": NO_SUPERVISOR,
    "no duty list": NO_DUTY,
    "neither": replace(NO_SUPERVISOR, duty=0),
    "deserted": DESERTED,
    "deserted, no duty list": replace(DESERTED, duty=0),
    "just left": LEFT,
    "left for good": LEFT_LONG_AGO,
}
TIMES = (3, 15, 30, 500)
"""Of the step that follows 0, 1, 2 and 3 that were made."""
NONE, EVERY, BOSS, ONE, ALL = "", "all_seats 2", "supervisors 1", "duty 1", "duty 2"
NO_BOSS, NOBODY = "supervisors 0, ", "duty 0"

# how it rings and who is there -> what is made a second before its time and at it, after each number of steps
CLIMBS: dict[str, tuple[tuple[str, str], ...]] = {
    "everywhere, proved": ((NONE, NONE), (NONE, BOSS), (NONE, ONE), (NONE, ONE)),
    "everywhere, unproved": ((NONE, NONE), (NONE, BOSS), (NONE, ONE), (NONE, ONE)),
    "at one seat, proved": ((NONE, NONE), (NONE, BOSS), (NONE, ONE), (NONE, ONE)),
    "at one seat, unproved": ((NONE, EVERY), (NONE, BOSS), (NONE, ONE), (NONE, ONE)),
    "at one seat that is gone": (("all_seats 3",) * 2, (NONE, BOSS), (NONE, ONE), (NONE, ONE)),
    "no supervisor": ((NONE, NONE), (NONE, NO_BOSS + ONE), (NONE, ONE), (NONE, ONE)),
    "no duty list": ((NONE, NONE), (NONE, BOSS), (NONE, NOBODY), (NONE, NOBODY)),
    "neither": ((NONE, NONE), (NONE, NO_BOSS + NOBODY), (NONE, NOBODY), (NONE, NOBODY)),
    "deserted": ((NO_BOSS + ALL,) * 2, (NO_BOSS + ALL,) * 2, (ALL, ALL), (NONE, ONE)),
    "deserted, no duty list": (
        (NO_BOSS + NOBODY,) * 2,
        (NO_BOSS + NOBODY,) * 2,
        (NOBODY, NOBODY),
        (NONE, NOBODY),
    ),
    "just left": ((NONE, NONE), (NONE, NO_BOSS + ALL), (NONE, ALL), (NONE, ONE)),
    "left for good": ((NO_BOSS + ALL,) * 2, (NO_BOSS + ALL,) * 2, (ALL, ALL), (NONE, ONE)),
}


@pytest.mark.parametrize("before", range(DUTY_MADE + 1))
@pytest.mark.parametrize("world", WORLDS)
def test_every_number_of_steps_in_every_world_just_before_its_time_and_at_it(
    world: str, before: int
):
    for early, expected in zip((1, 0), CLIMBS[world][before], strict=True):
        waited = timedelta(seconds=TIMES[before] - early)
        found = climb(POLICY, before, waited, WORLDS[world], due=not early)
        assert ", ".join(f"{one.step} {one.reached}" for one in found.made) == expected
        assert found.escalated >= before


@pytest.mark.parametrize("world", [MANNED, DESERTED, NO_DUTY])
def test_after_the_first_the_list_is_gone_down_by_time_alone(world: World):
    waited = timedelta(seconds=500)
    assert climb(POLICY, DUTY_MADE, waited, world, due=False).made == []
    found = climb(POLICY, DUTY_MADE, waited, world, due=True)
    assert found == Climb([Made(DUTY, min(world.duty, 1))], 4, timedelta(seconds=60))


NUMBERS = ["one", "two", "three"]


@pytest.mark.parametrize(
    ("escalated", "reached", "told"),
    [
        (2, 1, ("one",)),
        (0, 1, ("one",)),  # the steps before had nobody
        (3, 1, ("two",)),
        (4, 1, ("three",)),
        (5, 1, ("one",)),  # from its top again
        (0, 3, ("one", "two", "three")),
        (2, 3, ("one", "two", "three")),
    ],
)
def test_the_list_is_gone_down_and_begins_again(escalated: int, reached: int, told: tuple[str]):
    assert tuple(duty_numbers(NUMBERS, escalated, reached)) == told


def test_an_empty_list_has_nobody():
    assert tuple(duty_numbers([], 3, 0)) == ()


@pytest.mark.parametrize(
    ("escalated", "ring_to", "spared"),
    [
        (0, (), ("supervisors", "duty")),
        (0, (7,), ("all_seats", "supervisors", "duty")),
        (1, (), ("supervisors", "duty")),
        (2, (), ("duty",)),
        (3, (), ()),
        (9, (), ()),
    ],
)
def test_who_takes_it_spares_what_was_not_made(
    escalated: int, ring_to: tuple[int, ...], spared: tuple[str, ...]
):
    assert not_made(incident(escalated=escalated, ring_to=ring_to)) == spared


def test_what_is_past_its_horizon_calls_nobody():
    assert not is_over(POLICY, timedelta(hours=4))
    assert is_over(POLICY, timedelta(hours=4, seconds=1))


@given(
    world=st.builds(
        World,
        seats=st.integers(0, 3),
        rings_at=st.integers(0, 3),
        supervisors=st.integers(0, 2),
        duty=st.integers(1, 3),
        shown=st.booleans(),
        proved=st.booleans(),
        missing_for=st.integers(0, 30).map(lambda s: timedelta(seconds=s)),
    ).filter(lambda world: world.rings_at <= world.seats and world.supervisors <= world.seats)
)
def test_within_its_time_somebody_outside_is_always_told(world: World):
    """Whoever is there, or not: looked at each second, the duty list is told by its time, and never later."""
    escalated, told_after = 0, None
    for second in range(31):
        found = climb(POLICY, escalated, timedelta(seconds=second), world, due=True)
        escalated = found.escalated
        if told_after is None and any(one.step is DUTY for one in found.made):
            told_after = second
    assert told_after is not None
    assert told_after <= POLICY.duty_s
