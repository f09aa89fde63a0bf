"""Lists that the centre rings by itself, over HTTP, in the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends

from callcenter.auth.guards import CurrentContext, require
from callcenter.auth.permissions import Action
from callcenter.hotline.call_outs import making
from callcenter.hotline.call_outs.schemas import (
    ByVoiceBody,
    CallOutBody,
    CallOutItemView,
    CallOutView,
)
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/hotline/lists", tags=["hotline"])

Worker = require(Action.WORK_INCIDENTS)
Manager = require(Action.MANAGE_CALLS)


@dataclass(frozen=True, slots=True)
class RingsByItself:
    """Port: whether this site has an exchange, without which nobody is rung by itself."""

    exchange: bool


def _zone(context: CurrentContext) -> ZoneInfo:
    return ZoneInfo(context.site_timezone)


def _exchange(context: CurrentContext) -> bool:
    found = cast("RingsByItself | None", context.ports.get(RingsByItself))
    return found is not None and found.exchange


Zone = Annotated[ZoneInfo, Depends(_zone)]
HasExchange = Annotated[bool, Depends(_exchange)]


@router.get("", dependencies=[Worker])
async def show_call_outs(asking: Trail, exchange: HasExchange) -> list[CallOutView]:
    """Lists that can be rung by itself, of the asker's regions, with how far each has got. `exchange` false: nobody is."""
    found = await making.call_outs(asking)
    return [each.model_copy(update={"exchange": exchange}) for each in found]


@router.post("", status_code=201, dependencies=[Manager])
async def make_call_out(
    body: CallOutBody, asking: Trail, zone: Zone, exchange: HasExchange
) -> CallOutView:
    """Of everybody at home in a region who has a telephone, due at once. 422 `needs_notice`, `nobody_there`, `too_many_people`."""
    made = await making.make(asking, body, zone, exchange=exchange)
    return made.model_copy(update={"exchange": exchange})


@router.patch("/{list_id}", dependencies=[Manager])
async def let_call_out_ring(
    list_id: int, body: ByVoiceBody, asking: Trail, exchange: HasExchange
) -> CallOutView:
    """By voice first, or by people alone from now on. 422 `not_by_voice` for a list of devices."""
    changed = await making.let_ring(asking, list_id, by_voice=body.by_voice, exchange=exchange)
    return changed.model_copy(update={"exchange": exchange})


@router.get("/{list_id}/items", dependencies=[Worker])
async def show_call_out_items(list_id: int, asking: Trail) -> list[CallOutItemView]:
    """Who was reached and what they pressed; first who wants to speak with somebody."""
    return await making.items_of(asking, list_id)
