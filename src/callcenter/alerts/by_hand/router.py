"""Incidents that operators open by hand. They go through intake as a device's signal does; nothing of the office is asked."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request, Response

from callcenter.alerts.archive import Look, find_incident, read_incident, write_look
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.bodies import CommandBody
from callcenter.alerts.by_hand.trying import TrialBody, send_trial, trial_region
from callcenter.alerts.called import OFFICE, CalledBody, as_told, office_of, signal_of, stranger
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.router import operator_of
from callcenter.alerts.incident import Incident
from callcenter.audit.trail import record_raw
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.core.errors import Conflict, NotFound, Unavailable
from callcenter.devices.callers import Caller

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
Bench = Annotated[Workbench, port(Workbench)]
WayIn = Annotated[Intake, port(Intake)]
WhileAway = Annotated[Away, port(Away)]

_TAKE = next(command for command in OPERATORS if command.name == "take")


@router.post("", name="open_incident", response_model=Incident, status_code=201)
async def open_incident(
    body: CalledBody,
    principal: Working,
    bench: Bench,
    intake: WayIn,
    away: WhileAway,
    request: Request,
) -> Response:
    """人工建单: somebody calls for help without a device. Rings and texts as an alarm of a device does, and joins what is
    open at that home. With `take` whoever opens it has it, unless a colleague was faster: the answer says who. While the database
    is away, for a home or in words.
    """
    if away.is_away():
        return await _from_memory(body, principal, bench, intake, away)
    look = Look(principal, client_address(request), bench.clock.now())
    async with bench.connections.use() as connection:
        known = await _opened_before(connection, body.command_id)
        if known is not None:
            incident = await find_incident(connection, known, principal, Action.WORK_INCIDENTS)
            return _json(incident, 200)
        caller = await _caller(connection, bench, principal, body)
        contact = await _contact(connection, caller, body.contact_id)
    signal = signal_of(body, contact, (principal.user_id, principal.name))
    [stored] = await intake.accept(
        office_of(caller.region_id), [signal], look.at, as_told(caller, signal)
    )
    if stored.incident_id is None:
        raise AssertionError("what calls for help opens an incident or joins one")
    async with bench.connections.use() as connection:
        incident = await read_incident(connection, stored.incident_id)
        await write_look(connection, look, "incident_opened_by_hand", incident)
        if body.take:
            incident = await _taken(connection, bench, principal, incident, body.command_id)
    return _json(incident, 201 if stored.outcome == "opened" else 200)


@router.post("/trial", name="send_trial_alarm", status_code=202)
async def send_trial_alarm(
    body: TrialBody,
    principal: Annotated[Principal, require(Action.MANAGE_USERS)],
    bench: Bench,
    intake: WayIn,
    request: Request,
) -> None:
    """试警: an alarm of nobody, in test, that rings at the seats of a community: the checklist says who saw, heard and took it. 409
    `real_waits` while something real waits there, `trial_open` until the one before is closed.
    """
    now = bench.clock.now()
    async with bench.connections.use() as connection:
        path = await trial_region(connection, bench.registry, principal, body)
        await record_raw(
            connection,
            at=now,
            principal_id=principal.user_id,
            action="trial_alarm_sent",
            subject=f"region:{path[-1]}",
            region_ids=path,
            address=client_address(request),
        )
    user = (principal.user_id, principal.name)
    await send_trial(intake, bench.registry, user, body.command_id, path, now)


async def _from_memory(
    body: CalledBody, principal: Principal, bench: Workbench, intake: Intake, away: Away
) -> Response:
    """While the database is away; who looked is on the timeline."""
    now = bench.clock.now()
    caller = _known_caller(bench, principal, body, now)
    contact = _contact_of(caller, body.contact_id)
    signal = signal_of(body, contact, (principal.user_id, principal.name))
    source, called = office_of(caller.region_id), as_told(caller, signal)
    [stored] = await intake.accept(source, [signal], now, called)
    if stored.incident_id is None:
        raise AssertionError("what calls for help opens an incident or joins one")
    if body.take:
        command = CommandBody(command_id=body.command_id)
        order = Order(_TAKE, command, body.command_id, operator_of(principal))
        with suppress(Conflict):
            await away.carry_out(stored.incident_id, order)
    incident = away.held(stored.incident_id).incident
    return _json(incident, 201 if stored.outcome == "opened" else 200)


def _known_caller(
    bench: Workbench, principal: Principal, body: CalledBody, now: datetime
) -> Caller:
    if body.home_id is None and body.resident_id is None:
        return _stranger(bench, principal, body)
    if body.home_id is None:
        raise Unavailable(
            "The database does not answer: say which home it is, or open it in words.",
            code="waits_for_database",
        )
    found = bench.registry.home_caller(body.home_id, body.resident_id, now)
    if found is None:
        raise NotFound("no such home", what="home")
    principal.find(Action.WORK_INCIDENTS, found.region_path, "home")
    return found


def _contact_of(caller: Caller, contact_id: int | None) -> str | None:
    """Of those who may be texted, whom this process knows."""
    known = [one for person in caller.people for one in person.recipients]
    return next((one.name for one in known if one.contact_id == contact_id), None)


async def _caller(
    connection: asyncpg.Connection, bench: Workbench, principal: Principal, body: CalledBody
) -> Caller:
    """Who needs help, as the registry knows them. Raises NotFound where the operator does not work."""
    if body.resident_id is None and body.home_id is None:
        return _stranger(bench, principal, body)
    home_id = body.home_id
    if body.resident_id is not None:
        home_id = await connection.fetchval(_LIVES, body.resident_id)
    await bench.registry.find_home(connection, home_id)
    now = bench.clock.now()
    found = home_id and bench.registry.home_caller(home_id, body.resident_id, now)
    what = "home" if body.resident_id is None else "resident"
    if not found:
        raise NotFound(f"no such {what}", what=what)
    principal.find(Action.WORK_INCIDENTS, found.region_path, what)
    return found


def _stranger(bench: Workbench, principal: Principal, body: CalledBody) -> Caller:
    registry = bench.registry
    works_in = principal.regions(Action.WORK_INCIDENTS)
    region_id = body.region_id
    try:
        if region_id is None:
            region_id = min(works_in, key=lambda one: (len(registry.region_path(one)), one))
        path = registry.region_path(region_id)
    except KeyError:
        raise NotFound("no such region", what="region") from None
    principal.find(Action.WORK_INCIDENTS, path, "region")
    return stranger(body, region_id, path, registry.region_settings(region_id))


async def _contact(
    connection: asyncpg.Connection, caller: Caller, contact_id: int | None
) -> str | None:
    """Name of the contact who calls. Raises NotFound for somebody else's."""
    if contact_id is None:
        return None
    name: str | None = await connection.fetchval(_CONTACT, contact_id, caller.home_id)
    if name is None:
        raise NotFound(f"This home has no contact {contact_id}.", what="contact")
    return name


async def _opened_before(connection: asyncpg.Connection, command_id: UUID) -> UUID | None:
    found: UUID | None = await connection.fetchval(_OPENED, OFFICE, command_id.bytes)
    return found


async def _taken(
    connection: asyncpg.Connection,
    bench: Workbench,
    principal: Principal,
    incident: Incident,
    command_id: UUID,
) -> Incident:
    """By whoever opened it; as it is where somebody has it already."""
    order = Order(_TAKE, CommandBody(command_id=command_id), command_id, operator_of(principal))
    with suppress(Conflict):
        return await carry_out(connection, bench, incident.id, order)
    return await read_incident(connection, incident.id)


def _json(incident: Incident, status: int) -> Response:
    return Response(encode(incident), status, media_type="application/json")


_LIVES = "SELECT home_id FROM resident WHERE id = $1"

_CONTACT = """
SELECT c.name FROM contact c JOIN resident r ON r.id = c.resident_id WHERE c.id = $1 AND r.home_id = $2
"""

_OPENED = """
SELECT journal.incident_id FROM signal_dedup AS held JOIN journal ON journal.id = held.journal_id
WHERE held.source = $1 AND held.key = $2
"""
