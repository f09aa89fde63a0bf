"""Other centres at the seat: where an incident may be given to, and what the rules would do now. The alarm process's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import Field

from callcenter.alerts.archive import find_incident
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.open_incidents import Held
from callcenter.alerts.shown import Wire
from callcenter.auth.guards import port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import NotFound
from callcenter.core.written import Written
from callcenter.devices.signals import PRIORITY_OF, Kind
from callcenter.forwarding.rules import RULE_COLUMNS, Mode, Standing, Why, judge, rule_of

router = APIRouter(prefix="/api/v1", tags=["forwarding"])

Bench = Annotated[Workbench, port(Workbench)]


class CentreChoice(Wire):
    """Another centre that this incident may be given to. `trouble` null: the last try reached it, or there was none."""

    id: int
    name: str
    way: str
    phone: str
    trouble: str | None


@router.get("/incidents/{incident_id}/centres")
async def list_centres_for_incident(
    incident_id: UUID,
    principal: Annotated[Principal, require(Action.WORK_INCIDENTS)],
    bench: Bench,
    away: Annotated[Away, port(Away)],
) -> list[CentreChoice]:
    """Those whose regions the incident lies in; while the database is away as they were known."""
    if away.remembers(incident_id):
        return _remembered(away.held(incident_id), principal, bench)
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.WORK_INCIDENTS)
        rows = await connection.fetch(_CHOICES, list(incident.region_path))
    return [CentreChoice(**row) for row in rows]


def _remembered(held: Held, principal: Principal, bench: Workbench) -> list[CentreChoice]:
    incident = held.incident
    path, subjects = incident.region_path, incident.subjects
    principal.find(Action.WORK_INCIDENTS, path, "incident", subjects)
    names = CentreChoice.model_fields
    rows = bench.forwards.centres_of(path)
    return [
        CentreChoice(
            **{"id": row["centre_id"]}, **{name: row[name] for name in names if name != "id"}
        )
        for row in rows
    ]


class ForeseeForwardBody(Written):
    """An alarm of this kind in this region, that began to ring `waited_s` seconds ago and that nobody has taken."""

    region_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    kind: Kind = Kind.SOS
    waited_s: Annotated[int, Field(ge=0, le=3600)] = 0


class ForeseenForward(Wire):
    """What a rule says of it at this moment, with who sits there now. `later`: after `after_s` seconds."""

    rule_id: int
    centre_id: int
    centre: str
    mode: Mode
    after_s: int
    why: Why
    trouble: str | None


@router.post("/forwarding/foresee")
async def foresee_forwarding(
    body: ForeseeForwardBody,
    principal: Annotated[Principal, require(Action.MANAGE_ESCALATION)],
    bench: Bench,
) -> list[ForeseenForward]:
    """Every rule that reaches the region. Nothing is sent."""
    try:
        path = bench.registry.region_path(body.region_id)
    except KeyError:
        raise NotFound("no such region", what="region") from None
    principal.find(Action.MANAGE_ESCALATION, path, "region")
    now = bench.clock.now()
    alarm = Standing(
        uuid4(),
        path,
        body.kind.value,
        PRIORITY_OF[body.kind],
        waits=True,
        rang_at=now,
    )
    manned = bench.board.manned(path)
    async with bench.connections.use() as connection:
        rows = await connection.fetch(_RULES, list(path))
    local = now.astimezone(bench.zone)
    return [_foreseen(row, alarm, body.waited_s, manned=manned, local=local) for row in rows]


def _foreseen(
    row: Mapping[str, Any], alarm: Standing, waited_s: int, *, manned: bool, local: datetime
) -> ForeseenForward:
    rule = rule_of(row)
    found = judge(rule, alarm, manned=manned, now=local)
    if found is Why.LATER and waited_s >= rule.after_s:
        found = Why.NOW
    return ForeseenForward(
        rule_id=rule.id,
        centre_id=rule.centre_id,
        centre=row["name"],
        mode=rule.mode,
        after_s=rule.after_s,
        why=found,
        trouble=row["trouble"],
    )


_CHOICES = """
SELECT id, name, way, phone, trouble FROM other_centre WHERE active AND region_id = ANY($1::bigint[]) ORDER BY name, id
"""

_RULES = f"""
SELECT {RULE_COLUMNS}, centre.name, centre.trouble
FROM forward_rule AS rule JOIN other_centre AS centre ON centre.id = rule.centre_id
WHERE rule.active AND centre.active AND $1::bigint[] @> ARRAY[rule.region_id, centre.region_id] ORDER BY rule.id
"""  # noqa: S608 constant columns
