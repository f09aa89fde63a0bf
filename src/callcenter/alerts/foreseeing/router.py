"""What would happen now, at this home: asked of the process that knows who sits there. Nothing is sent, the look is written down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Request
from pydantic import Field, model_validator

from callcenter.alerts.foreseeing.walking import Foreseen, Happening, foresee
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.shown import Wire
from callcenter.alerts.telling import AT_ONCE, TEXTED
from callcenter.audit.trail import record_raw
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import NotFound
from callcenter.core.phone import mask
from callcenter.core.written import Written
from callcenter.devices.callers import Caller
from callcenter.devices.signals import PRIORITY_OF
from callcenter.regions.duty_shifts import OnDuty
from callcenter.regions.policies import PRIORITIES, EscalationPolicy
from callcenter.regions.tree import RegionSettings

router = APIRouter(prefix="/api/v1/escalation", tags=["regions"])

TEXTED_PRIORITIES = frozenset(PRIORITY_OF[kind] for kind in TEXTED)
"""Priorities of the alarms whose family is told."""


RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ForeseeBody(Written):
    """An alarm of this priority (1: the most urgent) at a home, else of an unknown caller in a region."""

    home_id: RowId | None = None
    region_id: RowId | None = None
    priority: Annotated[int, Field(ge=PRIORITIES[0], le=PRIORITIES[-1])] = 1

    @model_validator(mode="after")
    def _somewhere(self) -> ForeseeBody:
        if self.home_id is None and self.region_id is None:
            raise ValueError("name a home or a region")
        return self


class Reached(Wire):
    """Somebody at a seat or a contact, by name, or a number: of a contact only the ends of it."""

    name: str = ""
    name_en: str = ""
    number: str = ""


class ForeseenStep(Wire):
    """`nobody`: its people are not there, and the next step is made at once; for `duty` there is nobody who could be told at all.
    `one_of`: only the best of these seats. `waits_for_operator`: the region tells families after confirmation.
    """

    event: Happening
    after_s: int
    at: datetime
    people: list[Reached]
    nobody: bool
    one_of: bool
    waits_for_operator: bool = False


class ForeseenLadder(Wire):
    """What would happen if it rang at `now` and nobody took it. After the last telling of the duty list it goes on every `again_s`
    seconds, down the list and round, until somebody takes it.
    """

    now: datetime
    region_id: int
    home_id: int | None
    priority: int
    again_s: int
    steps: list[ForeseenStep]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where it would ring."""

    region_id: int
    path: Sequence[int]
    settings: RegionSettings
    caller: Caller | None = None

    @property
    def subject(self) -> str:
        return f"home:{self.caller.home_id}" if self.caller else f"region:{self.region_id}"


@router.post("/foresee")
async def foresee_escalation(
    body: ForeseeBody,
    principal: Annotated[Principal, require(Action.MANAGE_ESCALATION)],
    bench: Annotated[Workbench, port(Workbench)],
    request: Request,
) -> ForeseenLadder:
    """Every step with its time and the people it reaches, with who is there at this moment. Nothing is sent; the look is in the
    audit trail as `escalation_foreseen`.
    """
    now = bench.clock.now()
    async with bench.connections.use() as connection:
        place = await _find(connection, bench, body, principal, now)
        policy = place.settings.policy(body.priority)
        manning = bench.board.manning(place.path)
        duty = {one.number: one for one in place.settings.on_duty(now)}
        steps = foresee(policy, manning, tuple(duty))
        names = await _names(connection, manning.users)
        await record_raw(
            connection,
            at=now,
            principal_id=principal.user_id,
            action="escalation_foreseen",
            subject=place.subject,
            region_ids=place.path,
            address=client_address(request),
            detail={"priority": body.priority},
        )
    return _ladder(
        now, place, body.priority, policy, [_step(one, names, duty, now) for one in steps]
    )


async def _find(
    connection: asyncpg.Connection,
    bench: Workbench,
    body: ForeseeBody,
    principal: Principal,
    now: datetime,
) -> _Place:
    """Raises NotFound for what is not there, or not the asker's."""
    registry, action = bench.registry, Action.MANAGE_ESCALATION
    if body.home_id is not None:
        await registry.find_home(connection, body.home_id)
        caller = registry.home_caller(body.home_id, None, now)
        if caller is None:
            raise NotFound("no such home", what="home")
        principal.find(action, caller.region_path, "home")
        return _Place(caller.region_id, caller.region_path, caller.settings, caller)
    if body.region_id is None:
        raise AssertionError("the body names a home or a region")
    try:
        path = registry.region_path(body.region_id)
    except KeyError:
        raise NotFound("no such region", what="region") from None
    principal.find(action, path, "region")
    return _Place(body.region_id, path, registry.region_settings(body.region_id))


async def _names(connection: asyncpg.Connection, users: Collection[int]) -> Mapping[int, Reached]:
    rows = await connection.fetch(_NAMES, sorted(users)) if users else ()
    return {row["id"]: Reached(name=row["name"], name_en=row["name_en"]) for row in rows}


def _step(
    one: Foreseen, names: Mapping[int, Reached], duty: Mapping[str, OnDuty], now: datetime
) -> ForeseenStep:
    people = [names[user] for user in sorted(one.users) if user in names]
    return ForeseenStep(
        event=one.event,
        after_s=one.after_s,
        at=now + timedelta(seconds=one.after_s),
        people=people + [Reached(name=duty[number].name, number=number) for number in one.numbers],
        nobody=one.nobody,
        one_of=one.one_of,
    )


def _ladder(
    now: datetime,
    place: _Place,
    priority: int,
    policy: EscalationPolicy,
    steps: Sequence[ForeseenStep],
) -> ForeseenLadder:
    rings, *later = steps
    told = [_contacts(place.caller, now)] if place.caller and priority in TEXTED_PRIORITIES else []
    return ForeseenLadder(
        now=now,
        region_id=place.region_id,
        home_id=place.caller.home_id if place.caller else None,
        priority=priority,
        again_s=policy.again_s,
        steps=[rings, *told, *later],
    )


def _contacts(caller: Caller, now: datetime) -> ForeseenStep:
    """The first text to families; what follows depends on their answers."""
    people = [
        Reached(name=contact.name, name_en=contact.name_latin, number=mask(contact.phone))
        for _, contact in caller.recipients
    ]
    return ForeseenStep(
        event=Happening.CONTACTS,
        after_s=0,
        at=now,
        people=people,
        nobody=not people,
        one_of=False,
        waits_for_operator=caller.settings.sms_policy != AT_ONCE,
    )


_NAMES = "SELECT id, name, name_en FROM app_user WHERE id = ANY($1::bigint[])"
