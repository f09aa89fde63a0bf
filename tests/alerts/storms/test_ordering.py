"""An order for a storm: what it does to each alarm, and every reason for which it leaves one alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from callcenter.alerts.incident import Outcome, State
from callcenter.alerts.storm_shown import OrderState, StormAction
from callcenter.alerts.storms.ordering import (
    ORDER_TRANSITIONS,
    OUTCOMES,
    LeftOut,
    StormOrder,
    StormOrderBody,
    check_order,
    commands_for,
    leaves_out,
)
from callcenter.core.errors import Invalid
from callcenter.core.ids import new_id
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from tests.support.incidents import incident

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
BOSS, WANG = 7, 8
TECHNICAL = incident(
    1, 2, 3, signal_class="technical", kind="power_fail", last_signal_at=NOW - timedelta(seconds=5)
)
TAKEN = replace(TECHNICAL, state=State.TAKEN, taken_by=BOSS)


def order(action: StormAction = StormAction.CLOSE, **more: Any) -> StormOrder:
    values: dict[str, Any] = {
        "id": new_id(), "storm_id": new_id(), "action": action, "user_id": BOSS, "user_name": "boss", "regions": (2,),
        "outcome": Outcome.TECHNICAL if action is StormAction.CLOSE else None, "note": "停电", "ordered_at": NOW,
    }  # fmt: skip
    return StormOrder(**values | more)


def body(**fields: Any) -> StormOrderBody:
    return StormOrderBody(command_id=new_id(), **fields)


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_storm_closes_with_what_needs_nobody_s_word(outcome: Outcome | None):
    closing = body(action="close", outcome=outcome, note="停电")
    if outcome in OUTCOMES:
        check_order(closing)
        return
    with pytest.raises(Invalid) as refused:
        check_order(closing)
    assert refused.value.code == "storm_outcome"


@pytest.mark.parametrize(
    ("action", "note", "fits"),
    [
        ("take", "", True),
        ("note", " ", False),
        ("note", "供电局抢修中", True),
        ("close", "", False),
        ("close", "已来电", True),
    ],
)
def test_what_stands_at_every_alarm_says_why(action: str, note: str, fits: bool):
    given = body(action=action, note=note, outcome="technical" if action == "close" else None)
    if fits:
        check_order(given)
        return
    with pytest.raises(Invalid) as refused:
        check_order(given)
    assert refused.value.code == "needs_reason"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("action", StormAction)
def test_nothing_but_technical_signals_is_ever_worked_by_the_hundred(
    action: StormAction, kind: Kind
):
    joined = replace(TECHNICAL, kinds=("power_fail", kind.value))
    technical = CLASS_OF[kind] is SignalClass.TECHNICAL
    expected = None if technical else LeftOut.ALARM
    assert leaves_out(order(action), joined, needs_help=False) is expected


@pytest.mark.parametrize("signal_class", ["alarm", "service"])
def test_an_alarm_never_is_whatever_it_was_called(signal_class: str):
    found = replace(TECHNICAL, signal_class=signal_class)  # type: ignore[arg-type]
    assert leaves_out(order(), found, needs_help=False) is LeftOut.ALARM


STATES = {
    "waiting": TECHNICAL,
    "mine": TAKEN,
    "offered": replace(TAKEN, offered_to=WANG),
    "theirs": replace(TAKEN, taken_by=WANG),
    "followed": replace(TAKEN, state=State.FOLLOWING),
}


@pytest.mark.parametrize(("state", "action"), list(product(STATES, StormAction)))
def test_what_somebody_works_on_is_left_to_them(state: str, action: StormAction):
    free = state in ("waiting", "mine") or action is StormAction.NOTE
    expected = None if free else LeftOut.IN_HAND
    assert leaves_out(order(action), STATES[state], needs_help=False) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (StormAction.TAKE, LeftOut.NEEDS_HELP),
        (StormAction.NOTE, None),
        (StormAction.CLOSE, LeftOut.NEEDS_HELP),
    ],
)
def test_a_home_that_has_an_alarm_keeps_its_line(action: StormAction, expected: LeftOut | None):
    assert leaves_out(order(action), TECHNICAL, needs_help=True) is expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, None), (1, LeftOut.LATER)])
def test_what_was_heard_of_again_after_the_order_was_not_meant(
    seconds: int, expected: LeftOut | None
):
    again = replace(TECHNICAL, last_signal_at=NOW + timedelta(seconds=seconds))
    assert leaves_out(order(), again, needs_help=False) is expected


@pytest.mark.parametrize(
    ("regions", "expected"), [((1,), None), ((3,), None), ((4,), LeftOut.ELSEWHERE), ((), LeftOut.ELSEWHERE)]
)  # fmt: skip
def test_it_reaches_as_far_as_whoever_ordered_may(
    regions: tuple[int, ...], expected: LeftOut | None
):
    assert leaves_out(order(regions=regions), TECHNICAL, needs_help=False) is expected


@pytest.mark.parametrize(
    ("action", "state", "names"),
    [
        (StormAction.TAKE, "waiting", ["take"]),
        (StormAction.TAKE, "mine", []),
        (StormAction.NOTE, "waiting", ["note"]),
        (StormAction.NOTE, "theirs", ["note"]),
        (StormAction.CLOSE, "waiting", ["take", "close"]),
        (StormAction.CLOSE, "mine", ["close"]),
    ],
)
def test_it_goes_by_the_commands_of_one_incident(action: StormAction, state: str, names: list[str]):
    given = commands_for(order(action), STATES[state])
    assert [command.name for command, _ in given] == names
    assert all(isinstance(said, command.body) for command, said in given)


def test_given_again_after_a_crash_a_command_has_the_same_id_and_no_other_incident_s():
    given = order()
    first, again, other = (
        [said.command_id for _, said in commands_for(given, one)]
        for one in (TECHNICAL, TECHNICAL, replace(TECHNICAL, id=new_id()))
    )
    assert first == again
    assert len({*first, *other}) == 4


def test_every_state_of_an_order_is_in_the_table_and_its_ends_are_ends():
    assert set(ORDER_TRANSITIONS) == set(OrderState)
    ends = {state for state, after in ORDER_TRANSITIONS.items() if not after}
    assert ends == {OrderState.DONE, OrderState.TAKEN_BACK, OrderState.LAPSED}
