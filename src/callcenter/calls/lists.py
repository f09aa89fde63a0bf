"""Lists and who is on them: made, changed, and how far each has got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.calls.item import CALLED_OUT, OF_DEVICES, CallState, ListKind
from callcenter.calls.models import CallList, CallPlan
from callcenter.calls.rule import Rule, next_after
from callcenter.calls.schemas import (
    CallListBody,
    CallListChanges,
    CallListView,
    CallPlanBody,
    CallPlanView,
)
from callcenter.calls.seeing import regions_of
from callcenter.calls.statement import statement
from callcenter.calls.writing import rule_of
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


async def lists_of(asking: Asking, list_id: int | None = None) -> list[CallListView]:
    """Those that concern the asker's regions: in them, or above them, where only the asker's part is counted."""
    parts = {"regions": regions_of(asking), "now": asking.now, "list_id": list_id}
    rows = (await asking.session.execute(_LISTS, parts)).mappings().all()
    counted = await asking.session.execute(_COUNTS, parts | {"ids": [row["id"] for row in rows]})
    counts: dict[int, list[Mapping[str, Any]]] = {}
    for count in counted.mappings():
        counts.setdefault(count["list_id"], []).append(dict(count))
    return [_view(dict(row), counts.get(row["id"], [])) for row in rows]


def _view(row: Mapping[str, Any], counts: Sequence[Mapping[str, Any]]) -> CallListView:
    oldest = [one["oldest_due_at"] for one in counts if one["oldest_due_at"] is not None]
    return CallListView.model_validate(
        {
            **row,
            "counts": {CallState(one["state"]): one["n"] for one in counts},
            "due": sum(one["due"] for one in counts),
            "oldest_due_at": min(oldest, default=None),
        }
    )


async def list_of(asking: Asking, list_id: int) -> CallListView:
    """One of them. Raises NotFound."""
    found = await lists_of(asking, list_id)
    if not found:
        raise NotFound("no such list", what="call_list")
    return found[0]


async def managed(asking: Asking, list_id: int) -> CallList:
    """The row of a list in a region whose calls the asker manages. Raises NotFound."""
    query = select(CallList).join(Region).where(CallList.id == list_id)
    return await asking.one(query, "call_list", Action.MANAGE_CALLS)


async def add_list(asking: Asking, body: CallListBody, zone: tzinfo) -> CallListView:
    """Raises Invalid `rule_incomplete`, `needs_rule`, `made_otherwise`; NotFound for a region that is not the asker's."""
    region = await asking.region(body.region_id, Action.MANAGE_CALLS)
    rule = _rule_for(body)
    row = CallList(
        kind=body.kind,
        name=body.name,
        region_id=region.id,
        active=True,
        days=body.days if body.kind is ListKind.IDLE_DEVICE else None,
        created_at=asking.now,
        created_by=asking.principal.user_id,
    )
    if rule is not None:
        _set_rule(row, rule, asking, zone)
    asking.session.add(row)
    await asking.session.flush()
    await asking.note(
        "call_list_added", f"call_list:{row.id}", region.path, {"kind": body.kind.value}
    )
    return await list_of(asking, row.id)


def _rule_for(body: CallListBody) -> Rule | None:
    if body.kind is ListKind.ROLL_CALL:
        raise Invalid("A roll-call is made from a window of time.", code="made_otherwise")
    if body.kind is ListKind.DOOR:
        raise Invalid(
            "A list of doors is made by the first that stays shut.", code="made_otherwise"
        )
    if body.kind in CALLED_OUT:
        raise Invalid("A call-out is made of everybody in a region.", code="made_otherwise")
    if body.kind in OF_DEVICES and body.rule is None:
        raise Invalid("A list of devices needs days and a time.", code="needs_rule")
    return body.rule.rule() if body.rule and body.kind in OF_DEVICES else None


def _set_rule(row: CallList | CallPlan, rule: Rule, asking: Asking, zone: tzinfo) -> None:
    row.every, row.at = rule.every, rule.at
    row.weekday, row.month_day = rule.weekday, rule.month_day
    row.next_at = next_after(rule, asking.now, zone).at


async def change_list(
    asking: Asking, list_id: int, changes: CallListChanges, zone: tzinfo
) -> CallListView:
    """A list that is taken up again begins with what is due next, not with what it has missed."""
    row = await managed(asking, list_id)
    if changes.name is not None:
        row.name = changes.name
    if changes.rule is not None and row.kind in OF_DEVICES:
        _set_rule(row, changes.rule.rule(), asking, zone)
    if changes.active is not None:
        if changes.active and not row.active:
            await _begin_again(asking, row, zone)
        row.active = changes.active
    await asking.session.flush()
    fields = sorted(changes.model_fields_set)
    path = await asking.path_of(row.region_id)
    await asking.note("call_list_changed", f"call_list:{row.id}", path, {"fields": fields})
    return await list_of(asking, list_id)


async def _begin_again(asking: Asking, row: CallList, zone: tzinfo) -> None:
    if row.every is not None:
        row.next_at = next_after(_rule(row), asking.now, zone).at
    plans = await asking.session.scalars(select(CallPlan).where(CallPlan.list_id == row.id))
    for plan in plans:
        plan.next_at = next_after(_rule(plan), asking.now, zone).at


def _rule(row: CallList | CallPlan) -> Rule:
    names = ("every", "at", "weekday", "month_day")
    return rule_of({name: getattr(row, name) for name in names})


# ---- who is on a list of well-being calls


async def plans_of(asking: Asking, list_id: int) -> list[CallPlanView]:
    """By name; the look is written down."""
    row = await managed(asking, list_id)
    return await _plans(asking, row.id)


async def _plans(asking: Asking, list_id: int, plan_id: int | None = None) -> list[CallPlanView]:
    parts = {
        "regions": regions_of(asking, Action.MANAGE_CALLS),
        "list_id": list_id,
        "plan_id": plan_id,
    }
    found = (await asking.session.execute(_PLANS, parts)).mappings().all()
    detail = {"residents": [row["resident_id"] for row in found]}
    await asking.note("call_plans_seen", f"call_list:{list_id}", parts["regions"], detail)  # type: ignore[arg-type]
    return [CallPlanView.model_validate(dict(row)) for row in found]


async def add_plan(asking: Asking, list_id: int, body: CallPlanBody, zone: tzinfo) -> CallPlanView:
    """Raises Conflict `planned_already`, Invalid `made_otherwise`, NotFound for a resident who is not the asker's."""
    row = await managed(asking, list_id)
    if row.kind != ListKind.WELL_BEING:
        raise Invalid("Only well-being calls are planned for a resident.", code="made_otherwise")
    resident = await asking.resident(body.resident_id, Action.MANAGE_CALLS)
    plan = CallPlan(list_id=list_id, resident_id=resident.id)
    _set_rule(plan, body.rule(), asking, zone)
    asking.session.add(plan)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict("They are on this list already.", code="planned_already") from error
    return (await _plans(asking, list_id, plan.id))[0]


async def remove_plan(asking: Asking, plan_id: int) -> None:
    """Nobody calls them by this list any more; what is due already is withdrawn. Raises NotFound."""
    query = (
        select(CallPlan)
        .join(CallList, CallList.id == CallPlan.list_id)
        .join(Region, Region.id == CallList.region_id)
        .where(CallPlan.id == plan_id)
    )
    plan = await asking.one(query, "call_plan", Action.MANAGE_CALLS)
    resident = await asking.resident(plan.resident_id, Action.MANAGE_CALLS)
    await asking.session.delete(plan)
    parts = {"list_id": plan.list_id, "subject": f"resident:{resident.id}", "now": asking.now}
    await asking.session.execute(_WITHDRAW, parts)
    home = await asking.home(resident.home_id, Action.MANAGE_CALLS)
    path = await asking.path_of(home.region_id)
    detail = {"list_id": plan.list_id}
    await asking.note("call_plan_removed", f"resident:{resident.id}", path, detail)


_CONCERNS = """
(region.path && CAST(:regions AS bigint[])
 OR EXISTS (SELECT FROM region AS mine WHERE mine.id = ANY(:regions) AND mine.path @> ARRAY[list.region_id]))
"""

_LISTS = statement(
    f"""
SELECT list.id, list.kind, list.name, list.region_id, region.name AS region_name, region.name_en AS region_name_en, list.active,
       list.every, list.weekday, list.month_day, list.at, list.days, list.next_at, list.since, list.until, list.source,
       list.created_at
FROM call_list AS list JOIN region ON region.id = list.region_id
WHERE {_CONCERNS} AND (CAST(:list_id AS bigint) IS NULL OR list.id = :list_id)
    AND (CAST(:list_id AS bigint) IS NOT NULL OR list.kind <> 'roll_call' OR list.created_at > :now - interval '30 days'
         OR EXISTS (SELECT FROM call_item WHERE list_id = list.id AND state IN ('open', 'leased')))
ORDER BY list.active DESC, list.kind = 'roll_call' DESC, list.name, list.id
"""  # noqa: S608 constant parts
)

_COUNTS = statement(
    """
SELECT item.list_id, item.state, count(*) AS n,
       count(*) FILTER (WHERE item.state = 'open' AND item.next_try_at <= :now AND coalesce(item.voice_until < :now, true)) AS due,
       min(item.next_try_at) FILTER (
           WHERE item.state = 'open' AND item.next_try_at <= :now AND coalesce(item.voice_until < :now, true)
       ) AS oldest_due_at
FROM call_item AS item
JOIN call_list AS list ON list.id = item.list_id
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id
WHERE item.list_id = ANY(CAST(:ids AS bigint[])) AND region.path && CAST(:regions AS bigint[])
    AND (list.kind = 'roll_call' OR item.state IN ('open', 'leased')
         OR coalesce(item.ended_at, item.due_at) > :now - interval '1 day')
GROUP BY item.list_id, item.state
"""
)

_PLANS = statement(
    """
SELECT plan.id, plan.list_id, plan.resident_id, resident.name, resident.name_latin, resident.phone, resident.status, plan.every,
       plan.weekday, plan.month_day, plan.at, plan.next_at
FROM call_plan AS plan
JOIN resident ON resident.id = plan.resident_id
JOIN home ON home.id = resident.home_id
JOIN region ON region.id = home.region_id
WHERE plan.list_id = :list_id AND region.path && CAST(:regions AS bigint[])
    AND (CAST(:plan_id AS bigint) IS NULL OR plan.id = :plan_id)
ORDER BY resident.name COLLATE "C", plan.id
"""
)

_WITHDRAW = statement(
    """
UPDATE call_item SET state = 'given_up', result = 'gone', ended_at = :now
WHERE list_id = :list_id AND subject = :subject AND state = 'open'
"""
)
