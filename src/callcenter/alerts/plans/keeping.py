"""Keeping the plans: who may see and write which, that a plan with a flaw is refused, and that every version stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from callcenter.alerts.plans.bodies import PLANNED, PlanBody, PlanChanges, PlanContent, Rehearsal
from callcenter.alerts.plans.models import ActionPlan, ActionPlanVersion
from callcenter.alerts.plans.plan import PlanStep, check, read_steps, stored_steps
from callcenter.alerts.plans.playing import Done, stands
from callcenter.alerts.plans.shown import FlawView, StandingView, flaw_views, standing_view
from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.models import Home, Resident

MOST_LISTED = 500
MOST_VERSIONS = 100


class PlanLine(BaseModel):
    """A plan in the list. `resident` and `resident_latin` are empty for the plan of a region."""

    id: int
    version: int
    name: str
    name_en: str
    kinds: list[str]
    active: bool
    ring_after_s: int | None
    region_id: int | None
    """Where it holds; of a resident's own plan null."""
    region: str
    region_en: str
    resident_id: int | None
    resident: str
    resident_latin: str
    changed_by: str
    changed_by_en: str
    changed_at: datetime


class PlanView(PlanLine):
    """With its steps."""

    steps: list[PlanStep]


class VersionView(BaseModel):
    """What the plan said from then on, and who wrote it."""

    version: int
    name: str
    name_en: str
    kinds: list[str]
    active: bool
    ring_after_s: int | None
    steps: list[PlanStep]
    by: str
    by_en: str
    at: datetime


class Rehearsed(BaseModel):
    """What is wrong with a draft; where nothing is, where it stands after these answers."""

    flaws: list[FlawView]
    standing: StandingView | None = None


async def list_plans(asking: Asking) -> list[PlanLine]:
    """Those of the granted regions and their residents, by name."""
    granted = sorted(asking.principal.regions(Action.EDIT_PLANS))
    place = aliased(Region)
    query = _lines(place).where(place.path.overlap(granted)).limit(MOST_LISTED)
    rows = (await asking.session.execute(query.order_by(ActionPlan.name, ActionPlan.id))).all()
    own = [row.ActionPlan.resident_id for row in rows if row.ActionPlan.resident_id]
    if own:
        paths = {region for row in rows for region in row.path}
        await asking.note("plans_listed", "plans", sorted(paths), {"resident_ids": own})
    return [PlanLine(**_line(row)) for row in rows]


async def show_plan(asking: Asking, plan_id: int) -> PlanView:
    """Raises NotFound."""
    row = await _find(asking, plan_id)
    await asking.note("plan_seen", f"plan:{plan_id}", row.path)
    return await _view(asking, row)


async def plan_versions(asking: Asking, plan_id: int) -> list[VersionView]:
    """The newest first. Raises NotFound."""
    row = await _find(asking, plan_id)
    await asking.note("plan_versions_seen", f"plan:{plan_id}", row.path)
    query = (
        select(ActionPlanVersion, User.name, User.name_en)
        .outerjoin(User, User.id == ActionPlanVersion.by)
        .where(ActionPlanVersion.plan_id == plan_id)
        .order_by(ActionPlanVersion.version.desc())
        .limit(MOST_VERSIONS)
    )
    found = await asking.session.execute(query)
    return [
        VersionView(
            **_content(version),
            version=version.version,
            steps=list(read_steps(version.steps) or ()),
            by=name or "",
            by_en=name_en or "",
            at=version.at,
        )
        for version, name, name_en in found
    ]


async def add_plan(asking: Asking, body: PlanBody) -> PlanView:
    """Raises NotFound, Invalid `plan_refused`, Conflict `kind_has_plan`."""
    path = await _owner_path(asking, body.region_id, body.resident_id)
    _refuse_flaws(body)
    own = body.resident_id is not None
    plan = ActionPlan(
        region_id=None if own else body.region_id, resident_id=body.resident_id, version=1
    )
    _write(plan, body, asking)
    await _refuse_second(asking, plan)
    asking.session.add(plan)
    await asking.session.flush()
    return await _written(asking, plan, body, path, "plan_added")


async def change_plan(asking: Asking, plan_id: int, body: PlanChanges) -> PlanView:
    """The next version. Raises NotFound, Conflict `changed_meanwhile`, Invalid `plan_refused`, Conflict `kind_has_plan`."""
    row = await _find(asking, plan_id)
    plan = await asking.session.get_one(
        ActionPlan, plan_id, with_for_update=True, populate_existing=True
    )
    check_version(plan, body.version)
    _refuse_flaws(body)
    _write(plan, body, asking)
    await _refuse_second(asking, plan)
    return await _written(asking, plan, body, row.path, "plan_changed")


async def rehearse(asking: Asking, body: Rehearsal) -> Rehearsed:
    """Writes nothing. Raises NotFound for a place where no plans may be written."""
    await _owner_path(asking, body.region_id, body.resident_id)
    flaws = flaw_views(check(body.steps))
    if flaws:
        return Rehearsed(flaws=flaws)
    now = asking.now
    said = [Done(one.step, one.answer, now) for one in body.said]
    standing = stands(body.steps, said, now, now + timedelta(minutes=body.passed_min))
    return Rehearsed(flaws=[], standing=standing_view(body.steps, standing))


# ---- what is refused


def _refuse_flaws(body: PlanContent) -> None:
    strange = [kind for kind in body.kinds if kind not in PLANNED]
    if strange:
        raise Invalid(
            f"{strange[0]} opens no incident and needs no plan.",
            code="no_plan_for",
            kind=strange[0],
        )
    flaws = flaw_views(check(body.steps))
    if flaws:
        first = flaws[0]
        raise Invalid(
            f"This plan cannot be followed: {first.flaw} at step {first.step}.",
            code="plan_refused",
            flaws=[flaw.model_dump() for flaw in flaws],
        )


async def _refuse_second(asking: Asking, plan: ActionPlan) -> None:
    """Of two plans of one owner for one kind nobody could say which holds."""
    if not plan.active:
        return
    await asking.session.execute(
        select(
            func.pg_advisory_xact_lock(_OWNERS, (plan.resident_id or plan.region_id or 0) % _ANY)
        )
    )
    query = (
        select(ActionPlan)
        .where(ActionPlan.active, ActionPlan.kinds.overlap(list(plan.kinds)))
        .where(ActionPlan.region_id.is_not_distinct_from(plan.region_id))
        .where(ActionPlan.resident_id.is_not_distinct_from(plan.resident_id))
    )
    if plan.id is not None:
        query = query.where(ActionPlan.id != plan.id)
    with asking.session.no_autoflush:
        other = await asking.session.scalar(query.limit(1))
    if other is not None:
        kind = next(one for one in plan.kinds if one in other.kinds)
        raise Conflict(
            f"{other.name} is in force for {kind} here already: change that one, or put it out of force.",
            code="kind_has_plan",
            kind=kind,
            plan_id=other.id,
            name=other.name,
        )


_OWNERS, _ANY = 18, 2**31


# ---- reading and writing


def _lines(place: type[Region]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ActionPlan,
            place.path.label("path"),
            place.name.label("region"),
            place.name_en.label("region_en"),
            Resident.name.label("resident"),
            Resident.name_latin.label("resident_latin"),
            User.name.label("changer"),
            User.name_en.label("changer_en"),
        )
        .select_from(ActionPlan)
        .outerjoin(Resident, Resident.id == ActionPlan.resident_id)
        .outerjoin(Home, Home.id == Resident.home_id)
        .join(place, or_(place.id == ActionPlan.region_id, place.id == Home.region_id))
        .outerjoin(User, User.id == ActionPlan.changed_by)
    )


async def _find(asking: Asking, plan_id: int) -> Row[Any]:
    granted = sorted(asking.principal.regions(Action.EDIT_PLANS))
    place = aliased(Region)
    query = _lines(place).where(ActionPlan.id == plan_id, place.path.overlap(granted))
    row: Row[Any] | None = (await asking.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("no such plan", what="plan")
    return row


async def _owner_path(
    asking: Asking, region_id: int | None, resident_id: int | None
) -> Sequence[int]:
    if resident_id is not None:
        resident = await asking.resident(resident_id, Action.EDIT_PLANS)
        home = await asking.session.get_one(Home, resident.home_id)
        return await asking.path_of(home.region_id)
    if region_id is None:
        raise Invalid("A plan belongs to a region or to a resident.", code="no_owner")
    return (await asking.region(region_id, Action.EDIT_PLANS)).path


def _write(plan: ActionPlan, body: PlanContent, asking: Asking) -> None:
    plan.name, plan.name_en, plan.active = body.name, body.name_en, body.active
    plan.ring_after_s = body.ring_after_s
    plan.kinds = list(dict.fromkeys(kind.value for kind in body.kinds))
    plan.changed_by, plan.changed_at = asking.principal.user_id, asking.now


async def _written(
    asking: Asking, plan: ActionPlan, body: PlanContent, path: Sequence[int], action: str
) -> PlanView:
    asking.session.add(
        ActionPlanVersion(
            **_content(plan),
            plan_id=plan.id,
            version=plan.version,
            steps=stored_steps(body.steps),
            by=plan.changed_by,
            at=plan.changed_at,
        )
    )
    await asking.session.flush()
    await asking.note(action, f"plan:{plan.id}", path, {"version": plan.version})
    return await _view(asking, await _find(asking, plan.id))


async def _view(asking: Asking, row: Row[Any]) -> PlanView:
    plan = row.ActionPlan
    steps = await asking.session.scalar(
        select(ActionPlanVersion.steps).where(
            ActionPlanVersion.plan_id == plan.id, ActionPlanVersion.version == plan.version
        )
    )
    return PlanView(**_line(row), steps=list(read_steps(steps) or ()))


def _line(row: Row[Any]) -> dict[str, Any]:
    plan = row.ActionPlan
    return {
        **_content(plan),
        "id": plan.id,
        "version": plan.version,
        "region_id": plan.region_id,
        "region": row.region,
        "region_en": row.region_en,
        "resident_id": plan.resident_id,
        "resident": row.resident or "",
        "resident_latin": row.resident_latin or "",
        "changed_by": row.changer or "",
        "changed_by_en": row.changer_en or "",
        "changed_at": plan.changed_at,
    }


def _content(of: ActionPlan | ActionPlanVersion) -> dict[str, Any]:
    names = ("name", "name_en", "kinds", "active", "ring_after_s")
    return {name: getattr(of, name) for name in names}
