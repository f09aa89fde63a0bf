"""Other centres over HTTP: their administration, and the address at which another centre says that a person has taken an alarm."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from callcenter.auth.guards import CurrentClock, require
from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid
from callcenter.forwarding import keeping
from callcenter.forwarding.accepting import Accepting
from callcenter.forwarding.bodies import (
    CentreBody,
    CentreChanges,
    CentreView,
    ForwardRuleBody,
    ForwardRuleChanges,
    ForwardRuleView,
)
from callcenter.forwarding.flown import Flown
from callcenter.forwarding.without_row import ForwardStanding, HandedForward
from callcenter.residents.guards import Sealed, Trail

router = APIRouter(prefix="/api/v1/centres", tags=["forwarding"])

Writer = require(Action.MANAGE_ESCALATION)
MOST_BYTES = 4096


@router.get("", dependencies=[Writer])
async def list_other_centres(asking: Trail) -> list[CentreView]:
    """In the granted regions, each with what its last try has shown."""
    return await keeping.list_centres(asking)


@router.post("", status_code=201, dependencies=[Writer])
async def add_other_centre(body: CentreBody, asking: Trail, seal: Sealed) -> CentreView:
    """409 `name_taken`; 422 `key_refused`."""
    return await keeping.add_centre(asking, seal, body)


@router.put("/{centre_id:int}", dependencies=[Writer])
async def change_other_centre(
    centre_id: int, body: CentreChanges, asking: Trail, seal: Sealed
) -> CentreView:
    """Secrets that are not given stay as they are."""
    return await keeping.change_centre(asking, seal, centre_id, body)


@router.get("/rules", dependencies=[Writer])
async def list_forward_rules(asking: Trail) -> list[ForwardRuleView]:
    return await keeping.list_rules(asking)


@router.post("/rules", status_code=201, dependencies=[Writer])
async def add_forward_rule(body: ForwardRuleBody, asking: Trail) -> ForwardRuleView:
    """422 `centre_elsewhere`: a rule reaches no further than its centre."""
    return await keeping.add_rule(asking, body)


@router.put("/rules/{rule_id:int}", dependencies=[Writer])
async def change_forward_rule(
    rule_id: int, body: ForwardRuleChanges, asking: Trail
) -> ForwardRuleView:
    return await keeping.change_rule(asking, rule_id, body)


@router.delete("/rules/{rule_id:int}", status_code=204, dependencies=[Writer])
async def remove_forward_rule(rule_id: int, asking: Trail) -> None:
    """What was forwarded by it stays as it is."""
    await keeping.remove_rule(asking, rule_id)


def outage_router(flown: Flown) -> APIRouter:
    """For the alarm process alone: it passes nobody else's request to this address (`api/passing.py`)."""
    outage = APIRouter(prefix="/internal", include_in_schema=False)

    @outage.post("/forwardings")
    async def send_without_row(forwardings: list[HandedForward]) -> list[ForwardStanding]:
        return await flown.send_without_row(forwardings)

    return outage


def taken_router(accepting: Accepting, tell: Callable[[], Awaitable[None]]) -> APIRouter:
    """Where other centres call; they prove themselves by their signature. `tell` is a hint, given after the commit."""
    taken = APIRouter(tags=["forwarding"])

    @taken.post("/forwarded/{forwarding_id}/taken", status_code=204)
    async def forwarding_taken(
        forwarding_id: UUID, request: Request, clock: CurrentClock
    ) -> Response:
        """`{"by": who, "at": when}`, signed as signals are (X-Timestamp, X-Signature). 401 for any other."""
        body = await request.body()
        if len(body) > MOST_BYTES:
            raise Invalid("more than this has room for", code="too_large")
        given = request.headers.get("x-timestamp", ""), request.headers.get("x-signature", "")
        await accepting.accept(forwarding_id, body, *given, clock.now())
        await tell()
        return Response(status_code=204)

    return taken
