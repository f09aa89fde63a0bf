"""What an answer by text does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.bodies import (
    Answer,
)
from callcenter.alerts.entries import (
    Reply,
    Taken,
)
from callcenter.alerts.handling.decision import (
    SYSTEM,
)
from callcenter.alerts.handling.heard import TAKE_ANSWER
from callcenter.alerts.incident import IncidentMode, State
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.inbound import Meaning
from tests.support.callers import CALLER, DAUGHTER, PERSON, SON
from tests.support.commands import COMMANDS, DUE, FACTS, PLAIN, TAKEN, by, standing
from tests.support.community import LONG_AGO


def from_duty(meaning: Meaning) -> Answer:
    return Answer(new_id(), "+8613900000009", meaning, "1", on_duty=True)


def test_a_duty_phone_that_answers_yes_takes_it_until_somebody_at_a_seat_does():
    waiting = standing(State.WAITING)
    decision = TAKE_ANSWER.decide(waiting, FACTS, SYSTEM, from_duty(Meaning.YES), LONG_AGO)
    assert decision is not None
    after = decision.after
    assert isinstance(decision.said, Reply)
    assert decision.said.takes
    assert (after.state, after.taken_by, after.taken_by_name) == (
        State.TAKEN,
        None,
        "+8613900000009",
    )
    assert after.follow_due_at == DUE
    assert [(t.recipient, t.kind) for t in decision.texts] == [
        ("+8613900000009", MessageKind.DUTY_HAS_IT)
    ]
    assert decision.texts[0].params["until"] == DUE.isoformat()
    over = COMMANDS["take"].decide(after, FACTS, by("stranger"), PLAIN, LONG_AGO)
    assert over is not None
    assert (over.said, over.after.follow_due_at) == (Taken(taken_from="+8613900000009"), None)


@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
def test_a_duty_phone_that_is_too_late_is_told_who_has_it(state: State):
    found = standing(state)
    decision = TAKE_ANSWER.decide(found, FACTS, SYSTEM, from_duty(Meaning.YES), LONG_AGO)
    assert decision is not None
    assert (decision.after.taken_by, decision.after.state) == (7, state)
    [text] = decision.texts
    assert (text.recipient, text.kind) == ("+8613900000009", MessageKind.DUTY_TAKEN_ALREADY)
    assert text.params["taker"] == "taker"
    declined = TAKE_ANSWER.decide(found, FACTS, SYSTEM, from_duty(Meaning.NO), LONG_AGO)
    assert declined is not None
    assert declined.texts == ()


def test_a_duty_phone_that_has_it_is_told_nothing_for_a_second_yes():
    has_it = replace(TAKEN, taken_by=None, taken_by_name="+8613900000009", follow_due_at=DUE)
    decision = TAKE_ANSWER.decide(has_it, FACTS, SYSTEM, from_duty(Meaning.YES), LONG_AGO)
    assert decision is not None
    assert (decision.after.taken_by_name, decision.texts) == ("+8613900000009", ())


@pytest.mark.parametrize("meaning", [Meaning.NO, Meaning.OTHER])
def test_a_duty_phone_that_says_anything_else_takes_nothing(meaning: Meaning):
    waiting = standing(State.WAITING)
    decision = TAKE_ANSWER.decide(waiting, FACTS, SYSTEM, from_duty(meaning), LONG_AGO)
    assert decision is not None
    assert (decision.after.state, decision.texts) == (State.WAITING, ())


def answer(meaning: Meaning | None) -> Answer:
    return Answer(new_id(), DAUGHTER.phone, meaning, "1")


@pytest.mark.parametrize(
    ("meaning", "said", "texts"),
    [
        (Meaning.YES, "yes", [(DAUGHTER.phone, MessageKind.ANSWER_NOTED)]),
        (Meaning.NO, "no", [(SON.phone, MessageKind.CAN_YOU_GO)]),
        (Meaning.OTHER, "other", []),
        (None, "unclear", []),
    ],
)
def test_answers_by_text(meaning: Meaning | None, said: str, texts: list[tuple[str, MessageKind]]):
    decision = TAKE_ANSWER.decide(TAKEN, FACTS, SYSTEM, answer(meaning), LONG_AGO)
    assert decision is not None
    assert decision.said.meaning == said  # type: ignore[union-attr]
    assert [(t.recipient, t.kind) for t in decision.texts] == texts
    again = replace(FACTS, answered=True)
    assert TAKE_ANSWER.decide(TAKEN, again, SYSTEM, answer(meaning), LONG_AGO) is None


def test_whatever_is_answered_nobody_is_told_of_a_test():
    tried = replace(TAKEN, mode=IncidentMode.TEST)
    decision = TAKE_ANSWER.decide(tried, FACTS, SYSTEM, answer(Meaning.NO), LONG_AGO)
    assert decision is not None
    assert not decision.texts


def test_after_a_no_the_family_of_who_has_died_is_not_asked():
    facts = replace(FACTS, caller=replace(CALLER, people=(replace(PERSON, status="deceased"),)))
    decision = TAKE_ANSWER.decide(TAKEN, facts, SYSTEM, answer(Meaning.NO), LONG_AGO)
    assert decision is not None
    assert not decision.texts
