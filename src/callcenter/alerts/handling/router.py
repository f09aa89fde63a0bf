"""Incidents over HTTP: one with its timeline, and the operators' commands.

A command carries an id made by the client; sent again it changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request, Response
from pydantic import create_model

from callcenter.alerts.archive import (
    Look,
    find_incident,
    read_detail,
    write_look,
)
from callcenter.alerts.detail import IncidentDetail
from callcenter.alerts.handling.away import Away, either
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import By, Command
from callcenter.alerts.handling.previewing import DraftText, preview
from callcenter.alerts.incident import Actor, Incident
from callcenter.alerts.plans.running import holding, read_run, would_run
from callcenter.alerts.plans.shown import RunView, run_view
from callcenter.alerts.recorded import steps_in, unexplained
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action, Role
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.core.errors import NotFound
from callcenter.core.ids import new_id

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
Bench = Annotated[Workbench, port(Workbench)]
WhileAway = Annotated[Away, port(Away)]


@router.get("/{incident_id}", response_model=IncidentDetail)
async def show_incident(
    incident_id: UUID, principal: Seeing, bench: Bench, away: WhileAway, request: Request
) -> Response:
    """The incident, its timeline, its texts and proofs, and what closing it would ask. While the database is away, what passed
    through this process of it, with `from_memory`: whom one can telephone, for those who may see profiles.
    """
    look = Look(principal, client_address(request), bench.clock.now())

    async def asked(connection: asyncpg.Connection) -> IncidentDetail:
        incident = await find_incident(connection, incident_id, principal, Action.SEE_INCIDENTS)
        detail = await read_detail(connection, incident)
        await write_look(connection, look, "incident_seen", incident)
        return detail

    async def known() -> IncidentDetail:
        return away.detail(incident_id, look)

    detail = await either(bench.connections, away, incident_id, asked, known)
    needed = unexplained(detail.incident.signal_class, steps_in(detail.entries))
    return _json(replace(detail, needs_reason=needed))


@router.get("/{incident_id}/plan")
async def show_incident_plan(
    incident_id: UUID, principal: Seeing, bench: Bench, away: WhileAway, request: Request
) -> RunView:
    """The action plan that it runs with, in the version of its take, and where it stands, or stood when it was closed; before
    the take the plan that would hold. 503 `waits_for_database` while the database is away.
    """
    away.needs_database(incident_id)
    look = Look(principal, client_address(request), bench.clock.now())
    async with bench.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.SEE_INCIDENTS)
        run = await read_run(connection, incident)
        other = await would_run(connection, await holding(connection, incident))
        await write_look(connection, look, "incident_plan_seen", incident)
    shown = run or other
    if shown is None:
        raise NotFound("The plan of this incident cannot be read.", what="plan")
    return run_view(shown, other, incident.closed_at or look.at)


@dataclass(frozen=True, slots=True)
class _Route:
    """How a command is reached: last part of the path, name of the operation, what the document says, and the entry of the
    audit trail it leaves, if it shows a profile.
    """

    path: str
    operation: str
    says: str
    look: str | None = None


_ROUTES = {
    "take": _Route(
        "take",
        "take_incident",
        "接警: first taker wins. 409 `taken_by_other` names who was faster.",
    ),
    "release": _Route("release", "release_incident", "退回: back to the queue."),
    "follow": _Route("follow", "follow_incident", "跟踪中: somebody is on the way."),
    "resume": _Route("resume", "resume_incident", "From following back to working on it."),
    "decline": _Route("decline", "decline_incident", "Not taking what a colleague offered."),
    "offer": _Route(
        "offer",
        "offer_incident",
        "转交: offer it to a colleague; it stays here until they take it.",
    ),
    "reassign": _Route(
        "reassign",
        "reassign_incident",
        "改派: a supervisor gives it to another operator, with a reason (422 `reason_needed`); it rings at their seat.",
    ),
    "note": _Route("note", "note_on_incident", "Free words on the timeline."),
    "step": _Route(
        "steps",
        "record_step",
        "A step of the call: called back, contact called, 120, 119 or 110 called, worker sent, safe.",
    ),
    "tell-next": _Route(
        "tell-next",
        "tell_next_contact",
        "Ask the next contact in rank order. 409 `nobody_to_tell` when all know.",
    ),
    "stop-telling": _Route(
        "stop-telling",
        "stop_telling_contacts",
        "No further contact is told by itself; whoever is still to be told, the operator tells. 409 `telling_stopped` when it is.",
    ),
    "confirm": _Route(
        "confirm",
        "confirm_alarm",
        "Where families are told only after confirmation: tell them now.",
    ),
    "assign": _Route(
        "assign",
        "assign_caller",
        "An unknown caller is this resident; the device is attached to them.",
        look="caller_assigned",
    ),
    "unassign": _Route(
        "unassign",
        "unassign_caller",
        "It was somebody else: unknown again, with the reason (422 `reason_missing`); texts not sent yet are cancelled, whoever has"
        " got one is sent a correction. 409 `home_has_called` once that home has called itself.",
        look="caller_unassigned",
    ),
    "make-real": _Route(
        "make-real",
        "make_incident_real",
        "转为真实求助: what was shown as a test rings and texts. 409 `already_real`.",
    ),
    "close": _Route(
        "close",
        "close_incident",
        "办结: with an outcome; an emergency needs who confirmed safe, and where (422 `needs_safe`);"
        " what nothing recorded explains needs a reason (422 `needs_reason`).",
    ),
    "wanted": _Route(
        "wanted",
        "record_want",
        "What somebody who asks for service wants, whom it was passed to, and until when (422 `until_when`).",
    ),
    "raise": _Route(
        "raise",
        "raise_alarm",
        "转为紧急求助: a request for service rings and texts as an SOS. 409 `not_a_request`, `home_has_incident`.",
    ),
    "plan-step": _Route(
        "plan-steps",
        "answer_plan_step",
        "An answer to the step that the action plan stands on; 409 `plan_moved_on` names where it stands.",
    ),
    "plan": _Route(
        "plan",
        "choose_plan",
        "Go on with the plan that holds now, from its beginning. 409 `plan_holds_already`.",
    ),
    "forward": _Route(
        "forward",
        "forward_incident",
        "转送: give it to another centre as well, with the reason (422 `reason_needed`). It stays open here. 409 `came_from_there`.",
    ),
    "send": _Route(
        "send",
        "send_somebody",
        "派人: somebody is asked to go there, the best who may, or the one that is named; who goes is told as they say so. Also while"
        " the office or the database is away. 409 `in_test`, `not_an_alarm`, 422 `place_needed`, `not_for_phones` (names the word).",
    ),
    "forward-accepted": _Route(
        "forward-accepted",
        "record_forward_accepted",
        "Somebody at the other centre has said on the phone that they have it: who (422 `name_needed`).",
    ),
}


def _add(command: Command, route: _Route) -> None:
    async def give(
        incident_id: UUID,
        body: Any,
        principal: Working,
        bench: Bench,
        away: WhileAway,
        request: Request,
    ) -> Response:
        order = Order(command, body, body.command_id, operator_of(principal))

        async def asked(connection: asyncpg.Connection) -> Incident:
            incident = await carry_out(connection, bench, incident_id, order)
            if route.look is not None:
                look = Look(principal, client_address(request), bench.clock.now())
                await write_look(connection, look, route.look, incident)
            return incident

        async def remember() -> Incident:
            return await away.carry_out(incident_id, order)

        return _json(await either(bench.connections, away, incident_id, asked, remember))

    give.__annotations__["body"] = command.body
    router.add_api_route(
        f"/{{incident_id}}/{route.path}",
        give,
        methods=["POST"],
        response_model=Incident,
        name=route.operation,
        description=route.says,
    )


def _add_preview(command: Command, route: _Route) -> None:
    async def show(
        incident_id: UUID,
        body: Any,
        principal: Working,
        bench: Bench,
        away: WhileAway,
        request: Request,
    ) -> Response:
        away.needs_database(incident_id)
        order = Order(command, body, new_id(), operator_of(principal))
        async with bench.connections.use() as connection:
            incident, drafts = await preview(connection, bench, incident_id, order)
            if route.look is not None:
                look = Look(principal, client_address(request), bench.clock.now())
                await write_look(connection, look, f"{route.look}_previewed", incident)
        return _json([draft.model_dump() for draft in drafts])

    show.__annotations__["body"] = _without_id(command.body)
    router.add_api_route(
        f"/{{incident_id}}/{route.path}/preview",
        show,
        methods=["POST"],
        response_model=list[DraftText],
        name=f"preview_{route.operation}",
        description="The texts that this would send at this moment, word for word. Changes nothing.",
    )


def _without_id(body: type[Any]) -> type[Any]:
    """The body of a command that is not given yet: it needs no id, and may have one."""
    made: type[Any] = create_model(
        f"{body.__name__.removesuffix('Body')}Draft", __base__=body, command_id=(UUID | None, None)
    )
    return made


TEXTING = frozenset(
    {"step", "tell-next", "confirm", "assign", "unassign", "close", "make-real", "raise"}
)
"""Commands that may text somebody."""

for _command in OPERATORS:
    _add(_command, _ROUTES[_command.name])
    if _command.name in TEXTING:
        _add_preview(_command, _ROUTES[_command.name])


def operator_of(principal: Principal) -> Callable[[Incident], By]:
    """Who this user is to an incident. Raises NotFound where they do not work."""

    def by(incident: Incident) -> By:
        principal.find(Action.WORK_INCIDENTS, incident.region_path, "incident", incident.subjects)
        actor = Actor(principal.user_id, _supervises(principal, incident.region_path))
        return By(actor, principal.name, principal.regions(Action.SEE_PROFILES))

    return by


def _supervises(principal: Principal, region_path: Sequence[int]) -> bool:
    return any(
        grant.role is Role.SUPERVISOR and grant.region_id in region_path
        for grant in principal.grants
    )


def _json(document: object) -> Response:
    return Response(encode(document), media_type="application/json")
