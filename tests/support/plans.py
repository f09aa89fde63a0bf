"""Steps of plans in a line each, and plans as rows."""

from __future__ import annotations

from typing import Any

import asyncpg

from callcenter.alerts.plans.plan import PlanAnswer, PlanStep, StepType, Whom, stored_steps
from tests.support.community import LONG_AGO


def say(step: str, to: str | None = None, text: str = "做这个") -> PlanStep:
    return PlanStep(id=step, type=StepType.INSTRUCTION, text=text, next=to)


def ask(step: str, *ways: tuple[str, str | None]) -> PlanStep:
    answers = [PlanAnswer(text=text, next=to) for text, to in ways]
    return PlanStep(id=step, type=StepType.QUESTION, text="怎样？", answers=answers)


def call(
    step: str, to: str | None = None, otherwise: str | None = None, whom: Whom = Whom.RESIDENT, **more: Any
) -> PlanStep:  # fmt: skip
    return PlanStep(
        id=step, type=StepType.CALL, text="", whom=whom, next=to, otherwise=otherwise, **more
    )


def wait(step: str, minutes: int, to: str | None = None) -> PlanStep:
    return PlanStep(id=step, type=StepType.WAIT, text="", minutes=minutes, next=to)


def retry(step: str, back: str, times: int, to: str | None = None) -> PlanStep:
    return PlanStep(id=step, type=StepType.RETRY, text="", to=back, times=times, next=to)


def text(step: str, to: str | None = None) -> PlanStep:
    return PlanStep(id=step, type=StepType.TEXT, text="", next=to)


def send(step: str, to: str | None = None) -> PlanStep:
    return PlanStep(id=step, type=StepType.SEND, text="", next=to)


async def write_plan(
    owner: asyncpg.Connection,
    *steps: PlanStep,
    name: str = "预案",
    kinds: tuple[str, ...] = ("sos",),
    region: int | None = None,
    resident: int | None = None,
    active: bool = True,
    ring_after_s: int | None = None,
) -> int:
    """A plan in its first version; its id."""
    plan_id: int = await owner.fetchval(
        "INSERT INTO action_plan (region_id, resident_id, kinds, name, name_en, active, version, changed_at, ring_after_s)"
        " VALUES ($1, $2, $3, $4, '', $5, 1, $6, $7) RETURNING id",
        region,
        resident,
        list(kinds),
        name,
        active,
        LONG_AGO,
        ring_after_s,
    )
    await write_version(owner, plan_id, 1, *steps, name=name)
    return plan_id


async def write_version(
    owner: asyncpg.Connection, plan_id: int, version: int, *steps: PlanStep, name: str = "预案"
) -> None:
    """What the plan says from now on."""
    await owner.execute(
        "INSERT INTO action_plan_version (plan_id, version, kinds, name, name_en, active, steps, at, ring_after_s)"
        " SELECT id, $2, kinds, $3, '', active, $4, $5, ring_after_s FROM action_plan WHERE id = $1",
        plan_id,
        version,
        name,
        stored_steps(steps),
        LONG_AGO,
    )
    await owner.execute("UPDATE action_plan SET version = $2 WHERE id = $1", plan_id, version)
