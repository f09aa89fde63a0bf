"""Working by the action plan: answering its steps, and what an ordinary step of the call does for it. Pure.

The plan guides and never stands in the way: a step of the call is recorded whatever the plan says, and answers the plan's step
where it is the very one that the plan stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from callcenter.alerts.bodies import CommandBody, PlanStepBody, StepBody, StepKind
from callcenter.alerts.entries import PlanChosen, PlanStepDone
from callcenter.alerts.handling.decision import (
    By,
    Decision,
    Facts,
    PlanWait,
    demand_taker,
    moved,
)
from callcenter.alerts.incident import PLAN_DUE, Event, Incident
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.plan import PlanStep, StepType, Whom, by_id
from callcenter.alerts.plans.playing import BACK, Done, Run, answers_to
from callcenter.core.errors import Conflict, Invalid


def answer_step(
    incident: Incident, facts: Facts, by: By, body: PlanStepBody, now: datetime
) -> Decision:
    """Raises Conflict `no_plan`, `plan_moved_on`, `nothing_to_take_back`, Invalid `no_such_answer`."""
    after = moved(incident, Event.RECORD, by, marks=incident.unmarked(PLAN_DUE))
    demand_taker(incident, by)
    if facts.run is None:
        raise Conflict("This incident runs with no plan: choose one.", code="no_plan")
    if body.answer == BACK:
        said = _taken_back(facts.run, body, now)
        return Decision(after, said, wait=wait_after(facts, body.step, BACK, now))
    step = _standing_on(facts.run, now)
    if step is None or step.id != body.step:
        raise Conflict(
            "The plan does not stand on this step any more.",
            code="plan_moved_on",
            step=step.id if step else None,
        )
    if body.answer not in answers_to(step):
        raise Invalid(f"{body.answer!r} is no answer to this step.", code="no_such_answer")
    return Decision(
        after, _said(step, body.answer), wait=wait_after(facts, step.id, body.answer, now)
    )


def _taken_back(run: Run, body: PlanStepBody, now: datetime) -> PlanStepDone:
    done = run.standing(now).done
    if not done or done[-1].step != body.step:
        raise Conflict("This is not the step that was answered last.", code="nothing_to_take_back")
    return _said(by_id(run.steps)[body.step], BACK)


def _said(step: PlanStep, answer: str) -> PlanStepDone:
    chosen = None
    if step.type is StepType.QUESTION and answer != BACK:
        chosen = step.answers[int(answer) - 1]
    return PlanStepDone(
        step=step.id,
        type=step.type,
        answer=answer,
        text=step.text,
        text_en=step.text_en,
        answer_text=chosen.text if chosen else "",
        answer_text_en=chosen.text_en if chosen else "",
    )


def choose_plan(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """The plan that holds now, from its beginning: another kind of alarm came, or the plan was changed. Raises Conflict
    `plan_holds_already`.
    """
    after = moved(incident, Event.RECORD, by, marks=incident.unmarked(PLAN_DUE))
    demand_taker(incident, by)
    plan = facts.next_plan
    if plan is None or plan.choice == facts.begun:
        raise Conflict("The incident runs with this plan already.", code="plan_holds_already")
    said = PlanChosen(
        plan_id=plan.choice.plan_id,
        plan_version=plan.choice.version,
        name=plan.name,
        name_en=plan.name_en,
    )
    return Decision(after, said, plan=plan.choice, wait=wait_at_start(plan, now))


def plan_at_take(incident: Incident, facts: Facts) -> Choice | None:
    """What it runs with from its first take on; a graver alarm since then has its own plan."""
    if facts.begun is not None and facts.begun.kind == incident.kind:
        return None
    return facts.plan


def plan_at_assignment(facts: Facts) -> Choice | None:
    """Whoever called has a plan of their own perhaps; before the first take nothing runs yet."""
    if facts.begun is None or facts.plan is None or facts.begun.plan_id == facts.plan.plan_id:
        return None
    return facts.plan


# ---- what an ordinary step does for the plan

_CALLED: Mapping[StepKind, Whom] = MappingProxyType(
    {
        StepKind.CALL_BACK: Whom.RESIDENT,
        StepKind.CONTACT_CALLED: Whom.CONTACT,
        StepKind.AMBULANCE_CALLED: Whom.AMBULANCE,
        StepKind.FIRE_CALLED: Whom.FIRE,
        StepKind.POLICE_CALLED: Whom.POLICE,
    }
)


def step_done_by(facts: Facts, body: StepBody, now: datetime) -> str | None:
    """The step of the plan that is done by this step of the call."""
    step = _standing_on(facts.run, now)
    if step is None:
        return None
    if body.step is StepKind.WORKER_SENT:
        return step.id if step.type is StepType.SEND else None
    if step.type is not StepType.CALL or step.whom is not _CALLED.get(body.step):
        return None
    if step.whom is Whom.CONTACT and (facts.contact is None or facts.contact.rank != step.rank):
        return None
    return step.id


def step_done_by_sending(facts: Facts, now: datetime) -> str | None:
    """The same for somebody who is asked to go there."""
    step = _standing_on(facts.run, now)
    return step.id if step is not None and step.type is StepType.SEND else None


def step_done_by_telling(facts: Facts, now: datetime) -> str | None:
    """The same for a text to the next contact."""
    step = _standing_on(facts.run, now)
    return step.id if step is not None and step.type is StepType.TEXT else None


def _standing_on(run: Run | None, now: datetime) -> PlanStep | None:
    if run is None or run.started_at is None:
        return None
    return by_id(run.steps).get(run.standing(now).current or "")


# ---- waits, which are timers (`timers.TimerKind.PLAN_WAIT`)


def wait_after(facts: Facts, step: str | None, answer: str, now: datetime) -> PlanWait | None:
    """How the plan waits once this step was answered; None: it stands where it stood."""
    run = facts.run
    if run is None or step is None:
        return None
    return PlanWait(_waits_until(replace(run, said=(*run.said, Done(step, answer, now))), now))


def wait_at_start(run: Run | None, now: datetime) -> PlanWait:
    """How a plan waits that begins now; nothing is left of the one before."""
    return PlanWait(_waits_until(replace(run, started_at=now), now) if run is not None else None)


def _waits_until(run: Run, now: datetime) -> datetime | None:
    """The end of the last of the waits that follow each other."""
    due = run.standing(now).due_at
    while due is not None and (later := run.standing(due).due_at) is not None:
        due = later
    return due


def unmarked_by_step(incident: Incident, step: str | None) -> Incident:
    """Whoever has done the step that was due needs no reminder."""
    return incident if step is None else replace(incident, marks=incident.unmarked(PLAN_DUE))
