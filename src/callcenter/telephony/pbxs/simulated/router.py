"""What the page of everybody outside orders, over the demo's device process alone. In the alarm process of the demo, and nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, StringConstraints

from callcenter.core.errors import Unauthenticated
from callcenter.telephony.pbxs.simulated.exchange import Simulated

Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{2,20}$")]


class RingIn(BaseModel):
    line: Number
    number: Number
    """Of whoever rings."""


class OfCall(BaseModel):
    id: Annotated[str, StringConstraints(max_length=100)]


class Press(OfCall):
    digit: Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]


def outside_router(exchange: Simulated, token: str) -> APIRouter:
    """`/api/demo/telephone`. Refuses whoever does not know the demo's token."""

    async def known_caller(x_demo_token: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(x_demo_token.encode(), token.encode()):
            raise Unauthenticated("The demo token is missing or wrong.")

    router = APIRouter(
        prefix="/api/demo/telephone",
        dependencies=[Depends(known_caller)],
        include_in_schema=False,
    )

    @router.get("")
    async def list_outside_calls() -> dict[str, Any]:
        return {"there": exchange.is_there, "calls": [asdict(each) for each in exchange.outside]}

    @router.post("/ring")
    async def ring_in(body: RingIn) -> dict[str, str]:
        return {"id": exchange.ring_in(body.line, body.number)}

    @router.post("/answer")
    async def pick_up(body: OfCall) -> dict[str, str]:
        exchange.pick_up(body.id)
        return {}

    @router.post("/hang-up")
    async def put_down(body: OfCall) -> dict[str, str]:
        exchange.put_down(body.id)
        return {}

    @router.post("/press")
    async def press_key(body: Press) -> dict[str, str]:
        exchange.press(body.id, body.digit)
        return {}

    return router
