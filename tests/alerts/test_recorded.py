"""What was recorded decides what a family reads, and whether a reason must be given."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from callcenter.alerts.bodies import CloseBody, StepKind, StepResult
from callcenter.alerts.entries import Entry, Note, Step
from callcenter.alerts.incident import BY_PEOPLE, Outcome
from callcenter.alerts.recorded import (
    ASSERTS,
    Fact,
    Recorded,
    check_reason,
    closing_kind,
    facts_at_close,
    facts_of,
    may_say,
    steps_in,
    unexplained,
)
from callcenter.core.errors import Invalid
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import MessageKind
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

SPOKEN = Recorded(StepKind.CALL_BACK, StepResult.REACHED)
RANG_IN_VAIN = Recorded(StepKind.CALL_BACK, StepResult.NO_ANSWER)
DAUGHTER_REACHED = Recorded(StepKind.CONTACT_CALLED, StepResult.REACHED)
AMBULANCE = Recorded(StepKind.AMBULANCE_CALLED, StepResult.DONE)
CONFIRMED = Recorded(StepKind.SAFE, StepResult.DONE)
SAFE, MISTAKE, NOBODY, OVER = (
    MessageKind.SAFE_CLOSED, MessageKind.MISTAKEN_PRESS, MessageKind.NOBODY_REACHED, MessageKind.CLOSED_OTHER,
)  # fmt: skip


def closing(outcome: Outcome, safe_by: str | None = None, note: str = "") -> CloseBody:
    return CloseBody(command_id=new_id(), outcome=outcome, safe_by=safe_by, note=note)


@pytest.mark.parametrize(
    ("outcome", "safe_by", "steps", "kind"),
    [
        (Outcome.EMERGENCY, "沈岚", (), SAFE),
        (Outcome.ASSISTANCE, "沈岚", (), SAFE),
        (Outcome.ASSISTANCE, None, (), OVER),
        (Outcome.ASSISTANCE, "", (), OVER),
        (Outcome.ASSISTANCE, None, (CONFIRMED,), SAFE),
        (Outcome.MISTAKEN_PRESS, None, (SPOKEN,), MISTAKE),
        (Outcome.MISTAKEN_PRESS, None, (RANG_IN_VAIN,), OVER),  # nobody has phoned anybody
        (Outcome.MISTAKEN_PRESS, None, (DAUGHTER_REACHED,), OVER),
        (Outcome.MISTAKEN_PRESS, None, (), OVER),
        (Outcome.MISTAKEN_PRESS, "网格员", (), SAFE),
        (Outcome.NOBODY_REACHED, None, (), NOBODY),
        (Outcome.NOBODY_REACHED, None, (RANG_IN_VAIN,), NOBODY),
        (Outcome.NOBODY_REACHED, None, (SPOKEN,), OVER),  # somebody was
        (Outcome.NOBODY_REACHED, "沈岚", (), OVER),
        (Outcome.FALSE_ALARM, "沈岚", (), OVER),
        (Outcome.TEST, None, (), OVER),
        (Outcome.TECHNICAL, None, (AMBULANCE,), OVER),
    ],
)
def test_the_end_is_told_as_it_was_recorded(
    outcome: Outcome, safe_by: str | None, steps: tuple[Recorded, ...], kind: MessageKind
):
    assert closing_kind(outcome, facts_at_close(steps, closing(outcome, safe_by))) is kind


def test_every_kind_of_text_says_what_it_asserts():
    assert set(ASSERTS) == set(MessageKind)


@pytest.mark.parametrize("kind", MessageKind)
def test_no_text_goes_out_without_what_it_asserts(kind: MessageKind):
    for missing in ASSERTS[kind]:
        assert not may_say(kind, frozenset(Fact) - {missing})


def test_every_call_is_a_try_and_what_nobody_did_is_nothing():
    assert facts_of(()) == frozenset()
    for step in (StepKind.CALL_BACK, StepKind.CONTACT_CALLED):
        for result in StepResult:
            assert Fact.TRIED in facts_of([Recorded(step, result)])
    assert facts_of([Recorded(StepKind.AMBULANCE_CALLED, StepResult.NO_ANSWER)]) == frozenset()
    assert facts_of([Recorded("of a newer server", "done")]) == frozenset()


@pytest.mark.parametrize(
    ("outcome", "steps", "note", "allowed"),
    [
        (Outcome.MISTAKEN_PRESS, (), "", False),
        (Outcome.MISTAKEN_PRESS, (), "   ", False),
        (Outcome.MISTAKEN_PRESS, (), "坐到按钮上了", True),
        (Outcome.MISTAKEN_PRESS, (SPOKEN,), "", True),
        (Outcome.MISTAKEN_PRESS, (RANG_IN_VAIN,), "", False),
        (Outcome.FALSE_ALARM, (), "", False),
        (Outcome.FALSE_ALARM, (DAUGHTER_REACHED,), "", True),
        (Outcome.NOBODY_REACHED, (), "", False),
        (Outcome.NOBODY_REACHED, (RANG_IN_VAIN,), "", True),
        (Outcome.NOBODY_REACHED, (), "门锁着，已请邻居留意", True),
        (Outcome.TEST, (), "", True),
        (Outcome.ASSISTANCE, (), "", True),
    ],
)
def test_what_nothing_recorded_explains_needs_a_reason(
    outcome: Outcome, steps: tuple[Recorded, ...], note: str, allowed: bool
):
    body = closing(outcome, note=note)
    facts = facts_at_close(steps, body)
    check_reason(incident(signal_class="technical", kind="low_battery"), body, facts)
    if allowed:
        check_reason(incident(), body, facts)
        return
    with pytest.raises(Invalid) as error:
        check_reason(incident(), body, facts)
    assert error.value.code == "needs_reason"


NOTHING_THE_MATTER = [Outcome.MISTAKEN_PRESS, Outcome.FALSE_ALARM]


@pytest.mark.parametrize(
    ("steps", "outcomes"),
    [
        ((), [*NOTHING_THE_MATTER, Outcome.NOBODY_REACHED]),
        ((AMBULANCE,), [*NOTHING_THE_MATTER, Outcome.NOBODY_REACHED]),
        ((RANG_IN_VAIN,), NOTHING_THE_MATTER),
        ((SPOKEN,), []),
        ((DAUGHTER_REACHED,), []),
    ],
)
def test_what_needs_a_reason_is_told_before_it_is_asked_for(
    steps: tuple[Recorded, ...], outcomes: list[Outcome]
):
    told = unexplained("alarm", steps)
    assert set(told) == set(outcomes)
    for outcome in BY_PEOPLE:
        refused = outcome in told
        with pytest.raises(Invalid) if refused else nullcontext():
            check_reason(incident(), closing(outcome), facts_of(steps))


def test_a_weak_battery_explains_itself():
    assert unexplained("technical", ()) == []


def test_steps_are_found_among_all_that_a_timeline_tells():
    said = [
        Note(text="敲门三下"),
        Step(step=StepKind.CALL_BACK, result=StepResult.NO_ANSWER),
        {"of": "later"},
    ]
    entries = [
        Entry(new_id(), number, LONG_AGO, "any", None, None, one) for number, one in enumerate(said)
    ]
    assert steps_in(entries) == [RANG_IN_VAIN]
