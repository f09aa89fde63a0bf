"""Addresses that an SMS gateway calls: receipts and texts that came in.

smsbox forgets what it hands over before it has our answer, so both are stored and answered within milliseconds. Kannel signs
nothing: the secret in the path is all that tells it from a stranger, which is why nothing here raises anybody's rights.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Annotated, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound, Unauthenticated, Unavailable
from callcenter.core.ids import new_id
from callcenter.core.phone import mask
from callcenter.sms import arrivals, receipts
from callcenter.sms.arrivals import Arrival
from callcenter.sms.phones import Phone, phones
from callcenter.sms.receipts import Receipt

KANNEL: Final = "kannel"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the addresses need. `on_changed` and `on_arrival` are hints, given after the commit."""

    database: Database
    clock: Clock
    secret: str = field(repr=False)
    on_changed: Callable[[Sequence[UUID]], None]
    on_arrival: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the virtual phones need. `token` is known to the process that shows them."""

    hooks: Hooks
    zone: tzinfo
    token: str = field(repr=False)
    gateway: str = "sandbox"


class PhoneReply(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=arrivals.LONGEST_TEXT)]


def hooks_router(hooks: Hooks) -> APIRouter:
    """`/hooks/kannel/{secret}/receipt` and `.../inbound`, by GET as Kannel calls them, or POST."""

    async def known_caller(secret: Annotated[str, Path()]) -> None:
        if not secrets.compare_digest(secret.encode(), hooks.secret.encode()):
            raise NotFound("There is nothing at this address.")

    router = APIRouter(
        prefix="/hooks/kannel/{secret}",
        dependencies=[Depends(known_caller)],
        include_in_schema=False,
    )

    @router.api_route("/receipt", methods=["GET", "POST"])
    async def receive_receipt(
        id: UUID,
        attempt: int,
        type: int,
        fid: Annotated[str, Query(max_length=200)] = "",
        answer: Annotated[str, Query(max_length=2_000)] = "",
    ) -> Response:
        receipt = Receipt(id, attempt, type, fid.replace("\x00", "") or None, answer)
        await _take_receipt(hooks, receipt)
        return Response()

    @router.api_route("/inbound", methods=["GET", "POST"])
    async def receive_text(
        sender: Annotated[str, Query(alias="from", max_length=200)],
        text: str = "",
        id: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        key = arrivals.provider_key(id, sender, text, hooks.clock.now())
        await take_arrival(hooks, Arrival(new_id(), KANNEL, key, sender, text))
        return Response()

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
            return await phones(session, demo.zone)

    @router.post("/{number}/reply", status_code=204)
    async def reply(number: str, said: PhoneReply) -> None:
        arrival_id = new_id()
        arrival = Arrival(arrival_id, demo.gateway, str(arrival_id), number, said.text)
        await take_arrival(demo.hooks, arrival)

    return router


async def _take_receipt(hooks: Hooks, receipt: Receipt) -> None:
    try:
        async with hooks.database.transaction() as session:
            changed = await receipts.apply(session, receipt, hooks.clock.now())
    except (DBAPIError, OSError) as error:
        raise Unavailable("The receipt cannot be stored now.") from error
    log.info("sms_receipt", id=str(receipt.message_id), mask=receipt.mask, changed=changed)
    if changed:
        hooks.on_changed([receipt.message_id])


async def take_arrival(hooks: Hooks, arrival: Arrival) -> bool:
    """Stores one text and gives the hint; False when it is a repeat. Raises Unavailable: the gateway keeps it."""
    try:
        async with hooks.database.transaction() as session:
            new = await arrivals.keep(session, arrival, hooks.clock.now())
    except (DBAPIError, OSError) as error:
        raise Unavailable("The text cannot be stored now.") from error
    log.info("sms_arrived", sender=mask(arrival.sender), new=new)
    if new:
        hooks.on_arrival()
    return new
