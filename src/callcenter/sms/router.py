"""Addresses of texts: those that gateways call, how the gateways stand, and the virtual phones of the demo."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from callcenter.auth.guards import CurrentClock, CurrentContext, DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.core.errors import Unauthenticated
from callcenter.core.ids import new_id
from callcenter.sms import arrivals
from callcenter.sms.arrived_away import ArrivedAway, ArrivedTexts
from callcenter.sms.gateway import Handled, HookRequest, InboundText
from callcenter.sms.hooks import Hooks
from callcenter.sms.links import LinkOf, no_link
from callcenter.sms.phones import Phone, phones
from callcenter.sms.sender import Sender
from callcenter.sms.standing import Gateways, GatewaysView, standing

PREFIX: Final = "/hooks"
INTERNAL: Final = "/internal"
ARRIVED: Final = "/arrived"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the virtual phones need. `token` is known to the process that shows them."""

    hooks: Hooks
    zone: tzinfo
    token: str = field(repr=False)
    gateway: str = "sandbox"
    link_of: LinkOf = no_link
    """The address of the family page in a text."""


class PhoneReply(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=arrivals.LONGEST_TEXT)]


gateways_router = APIRouter(prefix="/api/v1", tags=["operations"])


@gateways_router.get("/gateways", dependencies=[require(Action.MANAGE_ESCALATION)])
async def list_gateways(
    context: CurrentContext, session: DatabaseSession, clock: CurrentClock
) -> GatewaysView:
    """Whether each SMS gateway would take a text now, when one last did, and what waits."""
    found = context.ports.get(Gateways)
    gateways = found if isinstance(found, Gateways) else Gateways()
    return await standing(gateways, session, clock.now())


def hooks_router(hooks: Hooks) -> APIRouter:
    """`/hooks/<gateway name>/<secret>/...`, handed to the gateway as it came."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.api_route("/{gateway}/{secret}/{tail:path}", methods=["GET", "POST", "PUT"])
    async def call(gateway: str, secret: str, tail: str, request: Request) -> Response:
        answer = await hooks.call(gateway, secret, await _undecoded(request, tail))
        return Response(answer.body, answer.status, media_type=answer.media_type)

    return router


class TextWithoutRow(BaseModel):
    """A text as its row will say it, with the number of its incident among the parameters."""

    id: UUID
    recipient: str
    kind: str
    params: dict[str, Any]
    language: str
    priority: int
    expires_at: datetime


def outage_router(sender: Sender, arrived: ArrivedTexts) -> APIRouter:
    """For the alarm process alone: it passes nobody else's request to this address (`api/passing.py`)."""
    router = APIRouter(prefix=INTERNAL, include_in_schema=False)

    @router.post("/texts")
    async def send_without_row(texts: list[TextWithoutRow]) -> list[UUID]:
        return await sender.send_without_row([text.model_dump() for text in texts])

    @router.get(ARRIVED)
    async def arrived_without_row() -> list[ArrivedAway]:
        return arrived.all()

    return router


def demo_router(demo: Demo) -> APIRouter:
    """`/api/demo/phones`, mounted in demo mode only: numbers and texts stand there in full."""

    async def known_caller(x_demo_token: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(x_demo_token.encode(), demo.token.encode()):
            raise Unauthenticated("The demo token is missing or wrong.")

    router = APIRouter(
        prefix="/api/demo/phones", dependencies=[Depends(known_caller)], include_in_schema=False
    )

    @router.get("")
    async def list_phones() -> list[Phone]:
        async with demo.hooks.database.transaction() as session:
            return await phones(session, demo.zone, demo.link_of)

    @router.post("/{number}/reply", status_code=204)
    async def reply(number: str, said: PhoneReply) -> None:
        text = InboundText(number, said.text, str(new_id()))
        await demo.hooks.take(demo.gateway, Handled(arrivals=(text,)))

    return router


async def _undecoded(request: Request, tail: str) -> HookRequest:
    return HookRequest(
        tail, request.scope["query_string"], dict(request.headers), await request.body()
    )
