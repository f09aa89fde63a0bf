"""Incidents over HTTP: lists, one with its timeline, and the operators' commands.

A command carries an id made by the client; sent again it changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from callcenter.alerts import assigning, commands, telling
from callcenter.alerts.commands import By, Closing, Decision, Step, StepResult
from callcenter.alerts.history import Asked, Histories, closed_incidents
from callcenter.alerts.incident import Actor, Outcome
from callcenter.alerts.printing import print_page
from callcenter.alerts.view import ENTRY_COLUMNS, INCIDENT_COLUMNS, view
from callcenter.alerts.wire import IncidentView, ProofView, SmsView, TimelineView
from callcenter.alerts.work import CommandOf, Workbench, perform, read_incident, told
from callcenter.audit.trail import record_raw
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import ACTIONS_OF, Action, Role
from callcenter.auth.sessions import Principal
from callcenter.core.errors import NotFound
from callcenter.sms import views as sms_views

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
Bench = Annotated[Workbench, port(Workbench)]
LookingBack = Annotated[Histories, port(Histories)]

LongText = Annotated[str, Field(max_length=2_000)]
ShortText = Annotated[str, Field(max_length=200)]


class IncidentDetail(BaseModel):
    """One incident with everything its page shows."""

    incident: IncidentView
    entries: list[TimelineView]
    messages: list[SmsView]
    proofs: list[ProofView]


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


class ListQuery(BaseModel):
    """All that is given must hold. The next page of closed ones lies before `opened_at` and `id` of the last."""

    state: Literal["open", "waiting", "taken", "following", "closed"] | None = None
    home_id: int | None = None
    before: datetime | None = None
    before_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.get("", response_model=list[IncidentView])
async def list_incidents(
    principal: Seeing,
    bench: Bench,
    histories: LookingBack,
    request: Request,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """Newest first, in the regions of the user."""
    regions = principal.regions(Action.SEE_INCIDENTS)
    async with histories.use() as connection:
        if query.state == "closed":
            asked = Asked(regions, query.home_id, query.before, query.before_id, query.limit)
            found = await closed_incidents(connection, asked)
        else:
            found = [view(row) for row in await connection.fetch(_LIST, *_list_of(regions, query))]
        await _audit_list(connection, bench, principal, request, found)
    return _json(found)


def _list_of(regions: Iterable[int], query: ListQuery) -> tuple[object, ...]:
    states = {"open": ["waiting", "taken", "following"], None: None}.get(
        query.state, [str(query.state)]
    )
    return list(regions), states, query.home_id, query.before, query.limit


@router.get("/{incident_id}", response_model=IncidentDetail)
async def show_incident(
    incident_id: UUID, principal: Seeing, bench: Bench, request: Request
) -> Response:
    """The incident, its timeline, its texts and proofs."""
    async with bench.connections.use() as connection:
        incident = await _find(connection, incident_id, principal, Action.SEE_INCIDENTS)
        detail = await _detail(connection, incident)
        await _audit(connection, bench, principal, request, "incident_seen", incident)
    return _json(detail)


@router.get("/{incident_id}/print", response_class=Response)
async def print_incident(
    incident_id: UUID,
    principal: Seeing,
    bench: Bench,
    request: Request,
    lang: Literal["zh-CN", "en"] = "zh-CN",
) -> Response:
    """The incident on one page (处置单), for the printer."""
    async with bench.connections.use() as connection:
        incident = await _find(connection, incident_id, principal, Action.SEE_INCIDENTS)
        detail = await _detail(connection, incident)
        await _audit(connection, bench, principal, request, "incident_printed", incident)
    page = print_page(detail, lang, bench.zone, bench.clock.now())
    return Response(page, media_type="text/html; charset=utf-8")


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
        incident = await _find(connection, incident_id, principal, Action.WORK_INCIDENTS)
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
        incident = await _find(connection, incident_id, principal, Action.WORK_INCIDENTS)
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

    answer = await _command(incident_id, "assign", body, principal, bench, decide)
    async with bench.connections.use() as connection:
        incident = await read_incident(connection, incident_id)
        await assigning.attach_device(connection, incident, resident, bench.clock.now())
        await _audit(connection, bench, principal, request, "caller_assigned", incident)
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
        incident = await _find(connection, incident_id, principal, Action.WORK_INCIDENTS)
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


async def _find(
    connection: asyncpg.Connection, incident_id: UUID, principal: Principal, action: Action
) -> dict[str, Any]:
    incident = await read_incident(connection, incident_id)
    principal.find(action, incident["region_path"], "incident")
    return incident


async def _detail(connection: asyncpg.Connection, incident: dict[str, Any]) -> dict[str, Any]:
    entries = await connection.fetch(_ENTRIES, incident["id"])
    proofs = await connection.fetch(_PROOFS, incident["id"])
    messages = await sms_views.of_incident(connection, incident["id"])
    return {
        "incident": incident,
        "entries": [view(row) for row in entries],
        "messages": [sms_views.sms_view(row) for row in messages],
        "proofs": [view(row) for row in proofs],
    }


async def _audit(
    connection: asyncpg.Connection,
    bench: Workbench,
    principal: Principal,
    request: Request,
    action: str,
    incident: Mapping[str, Any],
) -> None:
    await record_raw(
        connection,
        at=bench.clock.now(),
        principal_id=principal.user_id,
        action=action,
        subject=f"incident:{incident['id']}",
        region_ids=incident["region_path"],
        address=client_address(request),
        detail={"home_id": incident["home_id"]},
    )


async def _audit_list(
    connection: asyncpg.Connection,
    bench: Workbench,
    principal: Principal,
    request: Request,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """One entry for the cards of a whole list."""
    if rows:
        await record_raw(
            connection,
            at=bench.clock.now(),
            principal_id=principal.user_id,
            action="incidents_listed",
            subject="incidents",
            region_ids=sorted({region for row in rows for region in row["region_path"]}),
            address=client_address(request),
            detail={"home_ids": sorted({row["home_id"] for row in rows if row["home_id"]})},
        )


def _json(document: object) -> Response:
    return Response(orjson.dumps(document, default=str), media_type="application/json")


_DONE_RESULTS = frozenset({StepResult.DONE, StepResult.REACHED})

_LIST = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE region_path && $1::bigint[] AND ($2::text[] IS NULL OR state = ANY($2))
  AND ($3::bigint IS NULL OR home_id = $3) AND ($4::timestamptz IS NULL OR opened_at < $4)
ORDER BY opened_at DESC LIMIT $5
"""  # noqa: S608 constant columns

_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM timeline_entry WHERE incident_id = $1 ORDER BY number"  # noqa: S608 constant columns

_PROOFS = "SELECT incident_id, ring, proof, user_id, at FROM incident_proof WHERE incident_id = $1 ORDER BY at"

_WORKING_ROLES = [role for role, held in ACTIONS_OF.items() if Action.WORK_INCIDENTS in held]

_COLLEAGUE = """
SELECT u.name FROM app_user u WHERE u.id = $1 AND u.active AND EXISTS (
  SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY($2) AND g.region_id = ANY($3))
"""

_CONTACT = """
SELECT c.name, c.relation, c.relation_en FROM contact c JOIN resident r ON r.id = c.resident_id
WHERE c.id = $1 AND r.home_id = $2
"""
