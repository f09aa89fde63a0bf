"""Incidents over HTTP: one with its timeline, and the operators' commands.

A command carries an id made by the client; sent again it changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from callcenter.alerts import telling
from callcenter.alerts.archive import (
    IncidentDetail,
    Look,
    find_incident,
    read_detail,
    read_incident,
    write_look,
)
from callcenter.alerts.handling import assigning, commands
from callcenter.alerts.handling.carrying_out import CommandOf, Workbench, perform, told
from callcenter.alerts.handling.commands import By, Closing, Decision, Step, StepResult
from callcenter.alerts.incident import Actor, Outcome
from callcenter.alerts.wire import IncidentView
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import ACTIONS_OF, Action, Role
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.core.errors import NotFound

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
Bench = Annotated[Workbench, port(Workbench)]

LongText = Annotated[str, Field(max_length=2_000)]
ShortText = Annotated[str, Field(max_length=200)]


class CommandBody(BaseModel):
    command_id: UUID


class OfferBody(CommandBody):
    to_user: int


class NoteBody(CommandBody):
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class AssignBody(CommandBody):
    resident_id: int


class StepBody(CommandBody):
    step: Step
    result: StepResult
    contact_id: int | None = None
    note: LongText = ""
    by: ShortText | None = None
    where: ShortText | None = None
    tell_contacts: bool = True
    """With `ambulance_called`: text those who know of the alarm."""


class CloseBody(CommandBody):
    outcome: Outcome
    note: LongText = ""
    safe_by: ShortText | None = None
    safe_where: ShortText | None = None
    safe_where_en: ShortText | None = None
    """For the English texts."""


@router.get("/{incident_id}", response_model=IncidentDetail)
async def show_incident(
    incident_id: UUID, principal: Seeing, bench: Bench, request: Request
) -> Response:
    """The incident, its timeline, its texts and proofs."""
    look = Look(principal, client_address(request), bench.clock.now())
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.SEE_INCIDENTS)
        detail = await read_detail(connection, incident)
        await write_look(connection, look, "incident_seen", incident)
    return _json(detail)


@router.post("/{incident_id}/take", response_model=IncidentView)
async def take_incident(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """接警: first taker wins. 409 `taken_by_other` names who was faster."""

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return commands.take(incident, by, bench.clock.now())

    return await _command(incident_id, "take", body, principal, bench, decide)


@router.post("/{incident_id}/release", response_model=IncidentView)
async def release_incident(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """退回: back to the queue."""
    return await _command(incident_id, "release", body, principal, bench, commands.release)


@router.post("/{incident_id}/follow", response_model=IncidentView)
async def follow_incident(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """跟踪中: somebody is on the way."""
    return await _command(incident_id, "follow", body, principal, bench, commands.follow)


@router.post("/{incident_id}/resume", response_model=IncidentView)
async def resume_incident(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """From following back to working on it."""
    return await _command(incident_id, "resume", body, principal, bench, commands.resume)


@router.post("/{incident_id}/decline", response_model=IncidentView)
async def decline_incident(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """Not taking what a colleague offered."""
    return await _command(incident_id, "decline", body, principal, bench, commands.decline)


@router.post("/{incident_id}/offer", response_model=IncidentView)
async def offer_incident(
    incident_id: UUID, body: OfferBody, principal: Working, bench: Bench
) -> Response:
    """转交: offer it to a colleague; it stays here until they take it."""
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.WORK_INCIDENTS)
        name = await connection.fetchval(
            _COLLEAGUE, body.to_user, _WORKING_ROLES, incident["region_path"]
        )
    if name is None:
        raise NotFound(f"There is no user {body.to_user}.", what="user")

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return commands.offer(incident, by, body.to_user, name)

    return await _command(incident_id, "offer", body, principal, bench, decide)


@router.post("/{incident_id}/note", response_model=IncidentView)
async def note_on_incident(
    incident_id: UUID, body: NoteBody, principal: Working, bench: Bench
) -> Response:
    """Free words on the timeline."""

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return commands.note(incident, by, body.text.replace("\0", ""))

    return await _command(incident_id, "note", body, principal, bench, decide)


@router.post("/{incident_id}/steps", response_model=IncidentView)
async def record_step(
    incident_id: UUID, body: StepBody, principal: Working, bench: Bench
) -> Response:
    """A step of the call: called back, contact called, 120 called, worker sent, safe."""
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.WORK_INCIDENTS)
        contact = await connection.fetchrow(_CONTACT, body.contact_id, incident["home_id"])
        known = await told(connection, incident_id)
    if contact is None and body.contact_id is not None:
        raise NotFound(f"This home has no contact {body.contact_id}.", what="contact")
    data = {
        "step": body.step.value,
        "result": body.result.value,
        "contact_id": body.contact_id,
        "contact_name": contact["name"] if contact else None,
        "relation": contact["relation"] if contact else None,
        "relation_en": contact["relation_en"] if contact else None,
        "note": body.note.replace("\0", ""),
        "by": body.by,
        "where": body.where,
    }
    calls_ambulance = body.step is Step.AMBULANCE_CALLED and body.result in _DONE_RESULTS
    texts = (
        commands.ambulance_texts(known, bench.clock.now())
        if calls_ambulance and body.tell_contacts
        else []
    )

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return commands.record(incident, by, data, texts)

    return await _command(incident_id, "step", body, principal, bench, decide)


@router.post("/{incident_id}/tell-next", response_model=IncidentView)
async def tell_next_contact(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """Ask the next contact in rank order. 409 `nobody_to_tell` when all know."""
    async with bench.connections.use() as connection:
        known = await told(connection, incident_id)

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        caller = bench.caller(incident)
        following = commands.next_contact(caller, known)
        texts = [commands.next_text(caller, *following, incident["opened_at"])] if following else []
        return commands.tell(incident, by, texts, [following[1].name] if following else [])

    return await _command(incident_id, "tell-next", body, principal, bench, decide)


@router.post("/{incident_id}/confirm", response_model=IncidentView)
async def confirm_alarm(
    incident_id: UUID, body: CommandBody, principal: Working, bench: Bench
) -> Response:
    """Where families are told only after confirmation: tell them now."""

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        caller = bench.caller(incident)
        recipients = caller.recipients
        texts = [
            telling.alarm_text(caller, person, contact, incident["opened_at"])
            for person, contact in recipients
        ]
        return commands.tell(incident, by, texts, [contact.name for _, contact in recipients])

    return await _command(incident_id, "confirm", body, principal, bench, decide)


@router.post("/{incident_id}/assign", response_model=IncidentView)
async def assign_caller(
    incident_id: UUID, body: AssignBody, principal: Working, bench: Bench, request: Request
) -> Response:
    """An unknown caller is this resident; the device is attached to them."""
    async with bench.connections.use() as connection:
        resident = await assigning.find_resident(connection, body.resident_id)
        principal.find(Action.SEE_PROFILES, resident.region_path, "resident")
        await assigning.make_known(bench, resident)

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return assigning.assign(bench, incident, by, resident)

    look = Look(principal, client_address(request), bench.clock.now())
    answer = await _command(incident_id, "assign", body, principal, bench, decide)
    async with bench.connections.use() as connection:
        incident = await read_incident(connection, incident_id)
        await assigning.attach_device(connection, incident, resident, bench.clock.now())
        await write_look(connection, look, "caller_assigned", incident)
    bench.directory_changed()
    return answer


@router.post("/{incident_id}/close", response_model=IncidentView)
async def close_incident(
    incident_id: UUID, body: CloseBody, principal: Working, bench: Bench
) -> Response:
    """办结: with an outcome; an emergency needs who confirmed safe, and where (422 `needs_safe`)."""
    closing = Closing(
        body.outcome, body.note.replace("\0", ""), body.safe_by, body.safe_where, body.safe_where_en
    )
    async with bench.connections.use() as connection:
        known = await told(connection, incident_id)

    def decide(incident: Mapping[str, Any], by: By) -> Decision:
        return commands.close(incident, by, closing, known, bench.clock.now())

    return await _command(incident_id, "close", body, principal, bench, decide)


async def _command(
    incident_id: UUID,
    action: str,
    body: CommandBody,
    principal: Principal,
    bench: Workbench,
    decide: Any,
) -> Response:
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.WORK_INCIDENTS)
        by = _by(principal, incident["region_path"])
        command = CommandOf(body.command_id, action, principal.user_id, principal.name)
        after = await perform(
            connection, bench, incident_id, command, lambda current: decide(current, by)
        )
    return _json(after)


def _by(principal: Principal, region_path: Sequence[int]) -> By:
    supervises = any(
        grant.role is Role.SUPERVISOR and grant.region_id in region_path
        for grant in principal.grants
    )
    return By(Actor(principal.user_id, supervises), principal.name)


def _json(document: object) -> Response:
    return Response(encode(document), media_type="application/json")


_DONE_RESULTS = frozenset({StepResult.DONE, StepResult.REACHED})

_WORKING_ROLES = [role for role, held in ACTIONS_OF.items() if Action.WORK_INCIDENTS in held]

_COLLEAGUE = """
SELECT u.name FROM app_user u WHERE u.id = $1 AND u.active AND EXISTS (
  SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY($2) AND g.region_id = ANY($3))
"""

_CONTACT = """
SELECT c.name, c.relation, c.relation_en FROM contact c JOIN resident r ON r.id = c.resident_id
WHERE c.id = $1 AND r.home_id = $2
"""
