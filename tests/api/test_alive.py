"""What the page of what must be alive rests on: watchdogs, gateways, and the rest as health has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.api.alive import gateway_facts, watchdog_facts
from callcenter.liveness.checks import Check, CheckState, judged
from callcenter.liveness.circle import Circle, Leg, LegResult, LegState, legs_after
from callcenter.liveness.limits import Limits, thresholds_of
from callcenter.liveness.watching import Watched

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def watched(seen_s: float | None = 30, **more: object) -> Watched:
    seen = None if seen_s is None else NOON - timedelta(seconds=seen_s)
    return Watched("attic", 60, 20, NOON - timedelta(hours=1), seen, **more)  # type: ignore[arg-type]


def circle(state: LegState) -> Circle:
    return Circle(pressed_at=NOON, legs=legs_after([LegResult(leg=Leg.DEVICE, state=state)]))


def states(*found: Watched) -> dict[Check, CheckState]:
    facts = watchdog_facts(found, NOON)
    return {one.check: one.state for one in judged(facts, thresholds_of(Limits()), (), NOON)}


def test_none_enrolled_is_worth_a_look():
    assert states() == {Check.WATCHDOG: CheckState.WARN}


@pytest.mark.parametrize(
    ("seen_s", "state"),
    [(30, CheckState.WELL), (200, CheckState.WARN), (900, CheckState.BAD), (None, CheckState.BAD)],
)
def test_a_silent_one_is_seen(seen_s: float | None, state: CheckState):
    assert states(watched(seen_s))[Check.WATCHDOG] is state


@pytest.mark.parametrize(
    ("leg", "state"),
    [
        (LegState.OK, CheckState.WELL),
        (LegState.KEPT, CheckState.WARN),
        (LegState.FAILED, CheckState.BAD),
    ],
)
def test_what_it_says_of_its_circle_counts(leg: LegState, state: CheckState):
    assert states(watched(circle=circle(leg)))[Check.CIRCLE] is state


def test_its_clock_is_held_against_ours():
    assert states(watched(circle=circle(LegState.OK), ahead_s=-12.0))[Check.CLOCK_WATCHDOG] is (
        CheckState.BAD
    )


def test_gateways_are_read_from_what_the_office_counts():
    text = (
        "# HELP callcenter_sms_gateway_works x\n"
        'callcenter_sms_gateway_works{gateway="kannel"} 0.0\n'
        'callcenter_sms_gateway_works{gateway="sandbox"} 1.0\n'
        'other{gateway="x"} 0.0\n'
    )
    found = {fact.subject: fact.value for fact in gateway_facts(text)}
    assert found == {"kannel": 0.0, "sandbox": 1.0}
