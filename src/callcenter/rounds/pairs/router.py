"""Pairs over HTTP, in the office."""

from __future__ import annotations

from fastapi import APIRouter

from callcenter.auth.guards import Zone, require
from callcenter.auth.permissions import Action
from callcenter.residents.guards import Trail
from callcenter.rounds.pairs import keeping
from callcenter.rounds.pairs.keeping import PairBody, PairView, TickBody

router = APIRouter(prefix="/api/v1/pairs", tags=["rounds"])

Sees = require(Action.SEE_FIELD)
Dispatches = require(Action.DISPATCH)


@router.get("", dependencies=[Sees])
async def show_pairs(asking: Trail) -> list[PairView]:
    """Who looks in on whom; those of whom nobody has said anything in time first."""
    return await keeping.list_pairs(asking)


@router.post("", status_code=201, dependencies=[Dispatches])
async def add_pair(body: PairBody, asking: Trail, zone: Zone) -> PairView:
    return await keeping.add_pair(asking, body, zone)


@router.post("/{pair_id}/ticks", status_code=204, dependencies=[Dispatches])
async def tick_pair(pair_id: int, body: TickBody, asking: Trail, zone: Zone) -> None:
    """As the neighbour has told the office."""
    await keeping.tick_by_desk(asking, pair_id, body, zone)


@router.delete("/{pair_id}", status_code=204, dependencies=[Dispatches])
async def end_pair(pair_id: int, asking: Trail) -> None:
    await keeping.end_pair(asking, pair_id)
