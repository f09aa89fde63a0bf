"""Every plan of the community can be followed, in both languages, and belongs to somebody who is there."""

from __future__ import annotations

from collections import Counter

import pytest

from callcenter.alerts.plans.bodies import PLANNED
from callcenter.alerts.plans.plan import StepType, check
from callcenter.demo.community.people import households
from callcenter.demo.community.plans import DemoPlan, demo_plans

PLANS = list(demo_plans())
RESIDENTS = {person.name for home in households() for person in home.people}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name_en)
def test_it_can_be_followed(plan: DemoPlan):
    assert check(plan.steps) == []
    assert plan.resident is None or plan.resident in RESIDENTS
    spoken = [step for step in plan.steps if step.type not in (StepType.WAIT, StepType.RETRY)]
    assert all(step.text and step.text_en for step in spoken)
    assert all(answer.text and answer.text_en for step in spoken for answer in step.answers)


def test_each_owner_has_one_plan_for_a_kind():
    counted = Counter((plan.resident, kind) for plan in PLANS for kind in plan.kinds)
    assert set(counted.values()) == {1}
    assert {kind for owner, kind in counted if owner is None} == {kind.value for kind in PLANNED}


def test_his_oxygen_and_her_deafness_have_plans_of_their_own():
    assert {plan.resident for plan in PLANS} == {None, "贺长林", "梁淑贞"}
    [hers] = [plan for plan in PLANS if plan.resident == "梁淑贞"]
    assert not [step for step in hers.steps if step.whom == "resident"]
