"""What follows from a call and what it was about, for every state and every word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from callcenter.core.errors import CallCenterError, Conflict, Invalid
from callcenter.devices.signals import Kind
from callcenter.dispatch.task import TaskKind
from callcenter.hotline.call import State
from callcenter.hotline.disposition import BUILT_IN, Choice, Opens
from callcenter.hotline.filing.following import (
    CASE_OF,
    FILED_IN,
    CaseKind,
    Known,
    following,
)

NOW = datetime(2026, 11, 12, 9, 26, tzinfo=UTC)
KNOWN = Known(
    state=State.ENDED,
    filings=0,
    has_incident=False,
    has_task=False,
    has_home=True,
    has_number=True,
)
GROUPS = {each.parent for each in BUILT_IN}
LEAVES = [each for each in BUILT_IN if each.code not in GROUPS and each.key]


@pytest.mark.parametrize(("state", "choice"), list(product(State, LEAVES)))
def test_every_word_opens_what_it_says_once_somebody_has_spoken(state: State, choice: Choice):
    known = replace(KNOWN, state=state)
    if state not in FILED_IN:
        with pytest.raises(Conflict):
            following(known, choice, NOW)
        return
    found = following(known, choice, NOW)
    assert found.opens is choice.opens
    assert (found.signal is not None) == (choice.opens is Opens.INCIDENT)
    assert (found.task is not None) == (choice.opens in (Opens.VISIT, Opens.TASK))
    assert found.case is CASE_OF.get(choice.opens)
    assert (found.due_at is None) == (found.case is None)


@pytest.mark.parametrize("choice", LEAVES)
def test_what_stands_already_is_not_opened_twice(choice: Choice):
    known = replace(
        KNOWN,
        has_incident=True,
        has_task=True,
        open_case=choice.opens if choice.opens in CASE_OF else None,
    )
    found = following(known, choice, NOW)
    assert (found.case, found.signal, found.task) == (None, None, None)
    assert not found.withdraws_case


def choice_of(opens: Opens) -> Choice:
    return next(each for each in LEAVES if each.opens is opens)


@pytest.mark.parametrize(("before", "after"), list(product(CASE_OF, Opens)))
@pytest.mark.parametrize("touched", [True, False])
def test_a_case_goes_with_its_word_only_where_nobody_has_touched_it(
    before: Opens, after: Opens, touched: bool
):
    known = replace(KNOWN, open_case=before, case_touched=touched)
    found = following(known, choice_of(after), NOW)
    assert found.withdraws_case == (before is not after and not touched)


@pytest.mark.parametrize("opens", [Opens.VISIT, Opens.TASK])
def test_nobody_goes_to_no_home(opens: Opens):
    with pytest.raises(Invalid) as refused:
        following(replace(KNOWN, has_home=False), choice_of(opens), NOW)
    assert refused.value.code == "needs_person"


def test_an_alarm_needs_a_number_at_least():
    help_ = choice_of(Opens.INCIDENT)
    assert following(replace(KNOWN, has_home=False), help_, NOW).signal is Kind.SOS
    with pytest.raises(CallCenterError):
        following(replace(KNOWN, has_home=False, has_number=False), help_, NOW)


def test_times_are_the_words_unless_somebody_says_another():
    complaint = choice_of(Opens.COMPLAINT)
    assert following(KNOWN, complaint, NOW).due_at == NOW + timedelta(days=3)
    said = following(KNOWN, complaint, NOW, due=timedelta(hours=1), call_again=timedelta(minutes=5))
    assert said.due_at == NOW + timedelta(hours=1)
    assert said.call_again_at == NOW + timedelta(minutes=5)
    assert said.case is CaseKind.COMPLAINT


def test_a_visit_without_a_kind_is_a_visit():
    assert following(KNOWN, choice_of(Opens.VISIT), NOW).task is TaskKind.VISIT
