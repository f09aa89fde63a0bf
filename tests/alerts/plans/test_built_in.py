"""The plans of the program itself hold for every kind that opens an incident, and can be followed."""

from __future__ import annotations

import re

import pytest

from callcenter.alerts.plans.bodies import PLANNED
from callcenter.alerts.plans.built_in import BUILT_IN, BuiltIn, built_in
from callcenter.alerts.plans.plan import StepType, check

WORDLESS = (StepType.WAIT, StepType.RETRY)


def test_every_kind_has_one():
    assert sorted(kind for plan in BUILT_IN for kind in plan.kinds) == sorted(PLANNED)
    assert all(kind in built_in(kind).kinds for kind in PLANNED)


def test_what_nobody_knows_is_treated_as_a_call_for_help():
    assert built_in("of tomorrow") is built_in("sos")


@pytest.mark.parametrize("plan", BUILT_IN, ids=lambda plan: plan.name_en)
def test_it_can_be_followed_in_both_languages(plan: BuiltIn):
    assert check(plan.steps) == []
    assert plan.name_en
    for step in plan.steps:
        texts = [(step.text, step.text_en)] if step.type not in WORDLESS else []
        for chinese, english in [*texts, *((one.text, one.text_en) for one in step.answers)]:
            assert re.search(r"[\u4e00-\u9fff]", chinese)
            assert english
            assert not re.search(r"[\u4e00-\u9fff]", english)
