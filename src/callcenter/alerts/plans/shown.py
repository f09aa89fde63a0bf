"""A run of a plan as seats and the preview show it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from callcenter.alerts.plans.plan import Found, PlanStep, Steps, by_id
from callcenter.alerts.plans.playing import Done, Run, Standing, answers_to
from callcenter.alerts.shown import Wire


class DoneView(Wire):
    """An answer that counts."""

    step: str
    answer: str
    at: datetime
    by: str | None = None


class StandingView(Wire):
    """Where a run stands. `answers`: what can be said to the step it stands on."""

    current: str | None
    since: datetime
    due_at: datetime | None
    """Of a wait: when it goes on by itself."""
    round: int
    """Grows with each retry."""
    done: list[DoneView]
    undone: list[str]
    """Passed over, and what is still to come as far as no answer decides about it."""
    answers: list[str]


class PlanName(Wire):
    """`plan_id` null: the built-in plan."""

    plan_id: int | None
    version: int
    name: str
    name_en: str


class RunView(PlanName):
    """The plan that an incident runs with, in the version of its take; before that the plan that would hold."""

    kind: str
    resident_id: int | None
    """Whose own plan it is."""
    started_at: datetime | None
    """null: it has not begun."""
    steps: list[PlanStep]
    standing: StandingView
    other: PlanName | None = None
    """Another plan, or a newer version, that holds by now."""


class FlawView(Wire):
    """Why a plan is refused, and at which step."""

    flaw: str
    step: str | None
    field: str
    more: str


def standing_view(steps: Steps, standing: Standing) -> StandingView:
    """With what can be said next."""
    current = by_id(steps).get(standing.current or "")
    return StandingView(
        current=standing.current,
        since=standing.since,
        due_at=standing.due_at,
        round=standing.round,
        done=[_done_view(one) for one in standing.done],
        undone=list(standing.undone),
        answers=list(answers_to(current)) if current else [],
    )


def _done_view(one: Done) -> DoneView:
    return DoneView(step=one.step, answer=one.answer, at=one.at, by=one.by)


def run_view(run: Run, other: Run | None, now: datetime) -> RunView:
    """`other`: the plan that holds now."""
    differs = other is not None and other.choice != run.choice
    return RunView(
        **_named(run),
        kind=run.choice.kind,
        resident_id=run.resident_id,
        started_at=run.started_at,
        steps=list(run.steps),
        standing=standing_view(run.steps, run.standing(now)),
        other=PlanName(**_named(other)) if other is not None and differs else None,
    )


def _named(run: Run) -> dict[str, object]:
    choice = run.choice
    return {
        "plan_id": choice.plan_id,
        "version": choice.version,
        "name": run.name,
        "name_en": run.name_en,
    }


def flaw_views(found: Sequence[Found]) -> list[FlawView]:
    """As they are refused."""
    return [FlawView(flaw=one.flaw, step=one.step, field=one.field, more=one.more) for one in found]
