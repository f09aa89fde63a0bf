"""The action plans for those who write them. How an incident runs with one: `alerts/handling/router.py`."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel

from callcenter.alerts.plans import keeping
from callcenter.alerts.plans.bodies import PlanBody, PlanChanges, Rehearsal
from callcenter.alerts.plans.built_in import BUILT_IN
from callcenter.alerts.plans.keeping import PlanLine, PlanView, Rehearsed, VersionView
from callcenter.alerts.plans.plan import PlanStep
from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])

Writer = require(Action.EDIT_PLANS)


class BuiltInView(BaseModel):
    """A plan of the program itself, for the kinds that no other plan names."""

    name: str
    name_en: str
    kinds: list[str]
    steps: list[PlanStep]


@router.get("", dependencies=[Writer])
async def list_plans(asking: Trail) -> list[PlanLine]:
    """In the granted regions: those of regions and those of single residents."""
    return await keeping.list_plans(asking)


@router.post("", status_code=201, dependencies=[Writer])
async def add_plan(body: PlanBody, asking: Trail) -> PlanView:
    """422 `plan_refused` names each flaw and its step; 409 `kind_has_plan` the plan that is in force there already."""
    return await keeping.add_plan(asking, body)


@router.get("/built-in", dependencies=[Writer])
async def list_built_in_plans() -> Sequence[BuiltInView]:
    """What holds where nobody has written a plan."""
    return [
        BuiltInView(
            name=each.name, name_en=each.name_en, kinds=list(each.kinds), steps=list(each.steps)
        )
        for each in BUILT_IN
    ]


@router.post("/rehearsal", dependencies=[Writer])
async def rehearse_plan(body: Rehearsal, asking: Trail) -> Rehearsed:
    """A draft looked through and played: its flaws, else where it stands after these answers. Changes nothing."""
    return await keeping.rehearse(asking, body)


@router.get("/{plan_id:int}", dependencies=[Writer])
async def show_plan(plan_id: int, asking: Trail) -> PlanView:
    return await keeping.show_plan(asking, plan_id)


@router.put("/{plan_id:int}", dependencies=[Writer])
async def change_plan(plan_id: int, body: PlanChanges, asking: Trail) -> PlanView:
    """A new version. Incidents that run with an older one keep it."""
    return await keeping.change_plan(asking, plan_id, body)


@router.get("/{plan_id:int}/versions", dependencies=[Writer])
async def list_plan_versions(plan_id: int, asking: Trail) -> list[VersionView]:
    """Who changed it when, and what it said; the newest first."""
    return await keeping.plan_versions(asking, plan_id)
