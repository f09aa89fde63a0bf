"""How the gateways stand: which there are, what is wrong with each, what waits for them, and when one last took a text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.sms import lifetime
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.gateway import Gateway
from callcenter.sms.lifetime import OF_ROWS

ANSWER_WITHIN_S: Final = 3.0
LOOKED_AT: Final = 5_000
"""The newest texts: enough to see whether a gateway works, on a site of any size."""


@dataclass(frozen=True, slots=True)
class Gateways:
    """Port: the gateways of this server in the order in which they are asked, and what is known of their way."""

    gateways: Sequence[Gateway] = ()
    routes: Callable[[], Mapping[str, Route]] = dict


class GatewayView(BaseModel):
    """`trouble`: code of what is wrong now; null: it would take a text. `rests`: it has failed several times in a row, and only
    emergencies are tried on it. Counts are of the newest texts of all.
    """

    name: str
    trouble: str | None
    rests: bool
    in_flight: int
    window: int
    taken_at: datetime | None
    taken: int
    not_taken: int
    last_error: str | None


class QueueView(BaseModel):
    """Texts that wait to leave, and since when the oldest does."""

    waiting: int
    since: datetime | None
    emergencies: int
    emergency_since: datetime | None


class GatewaysView(BaseModel):
    items: list[GatewayView]
    queue: QueueView
    looked_at: int = LOOKED_AT


async def standing(
    gateways: Gateways,
    session: AsyncSession,
    now: datetime,
    within_s: float = ANSWER_WITHIN_S,
) -> GatewaysView:
    """Asks each; none is waited for longer than `within_s`."""
    troubles = await asyncio.gather(*(_trouble(each, within_s) for each in gateways.gateways))
    rows = await session.execute(text(_FARED), {"looked_at": LOOKED_AT})
    fared = {row["gateway"]: row for row in rows.mappings()}
    routes = gateways.routes()
    items = [
        _view(gateway, trouble, routes.get(gateway.name), fared.get(gateway.name, {}))
        for gateway, trouble in zip(gateways.gateways, troubles, strict=True)
    ]
    queued = (
        await session.execute(
            text(_QUEUE),
            {"now": now, "emergency": EMERGENCY, "steady": OF_ROWS.steady, "lived": OF_ROWS.lived},
        )
    ).mappings()
    return GatewaysView(items=items, queue=QueueView(**queued.one()))


async def _trouble(gateway: Gateway, within_s: float) -> str | None:
    try:
        async with asyncio.timeout(within_s):
            return await gateway.health()
    except TimeoutError:
        return "no_answer"


def _view(
    gateway: Gateway, trouble: str | None, route: Route | None, fared: Mapping[Any, Any]
) -> GatewayView:
    return GatewayView(
        name=gateway.name,
        trouble=trouble,
        rests=route is not None and route.breaker.open_until is not None,
        in_flight=route.in_flight if route else 0,
        window=gateway.window,
        taken_at=fared.get("taken_at"),
        taken=fared.get("taken", 0),
        not_taken=fared.get("not_taken", 0),
        last_error=fared.get("last_error"),
    )


# Ids of texts grow with time.
_FARED = """
SELECT gateway, max(submitted_at) AS taken_at, count(submitted_at) AS taken,
       count(*) FILTER (WHERE submitted_at IS NULL AND error IS NOT NULL) AS not_taken,
       (array_agg(error ORDER BY created_at DESC) FILTER (WHERE error IS NOT NULL AND submitted_at IS NULL))[1] AS last_error
FROM (SELECT * FROM sms_message ORDER BY id DESC LIMIT :looked_at) AS newest
WHERE gateway IS NOT NULL
GROUP BY gateway
"""

_QUEUE = f"""
SELECT count(*) AS waiting, min(created_at) AS since,
       count(*) FILTER (WHERE priority <= :emergency) AS emergencies,
       min(created_at) FILTER (WHERE priority <= :emergency) AS emergency_since
FROM sms_message WHERE state = 'queued' AND (attempt > 0 OR due_at <= :now)
  AND NOT {lifetime.over(":now", ":steady", ":lived")}
"""  # noqa: S608 names of parameters
