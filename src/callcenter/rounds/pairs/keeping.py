"""Pairs as people see and keep them: whom a neighbour looks in on, how often, and who has not said anything in time."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.records.models import Responsible
from callcenter.records.staff_kinds import CareDuty
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home
from callcenter.rounds.pairs.due import next_due
from callcenter.rounds.pairs.models import Pair
from callcenter.rounds.pairs.said import PairBy, PairSaid, free_code
from callcenter.rounds.pairs.ticking import Tick, pairs_of, tick


class PairBody(Written):
    """`responsible_id`: a row of `responsible` of the duty paired_neighbour and of one home."""

    responsible_id: int
    resident_id: int | None = None
    every_days: Annotated[int, Field(ge=1, le=31)] = 1


class TickBody(Written):
    """`id` is made by the client: sent twice it counts once."""

    id: UUID
    said: PairSaid
    note: Annotated[str, Field(max_length=500)] = ""


class PairView(BaseModel):
    """`overdue`: the last word that was due did not come; `call_state` of the call that was made of it."""

    id: int
    staff_id: int
    neighbour: str
    neighbour_phone: str | None
    home_id: int
    resident_id: int | None
    name: str | None
    name_latin: str | None
    address: str
    address_en: str
    every_days: int
    code: int
    due_at: datetime
    said_at: datetime | None
    said: PairSaid | None
    call_state: str | None
    overdue: bool


async def list_pairs(asking: Asking, pair_id: int | None = None) -> list[PairView]:
    """Those that want eyes first; the look is written down."""
    regions = sorted(asking.principal.regions(Action.SEE_FIELD))
    parts = {"regions": regions, "pair_id": pair_id}
    rows = (await asking.session.execute(_PAIRS, parts)).mappings().all()
    homes = sorted({row["home_id"] for row in rows})
    await asking.note("pairs_seen", "pairs", regions, {"home_ids": homes})
    return [PairView.model_validate(dict(row)) for row in rows]


async def add_pair(asking: Asking, body: PairBody, zone: tzinfo) -> PairView:
    """Raises NotFound, Invalid `no_pair`, Conflict `paired_already`."""
    responsible = await _managed(asking, body.responsible_id)
    if responsible.duty != CareDuty.PAIRED_NEIGHBOUR:
        raise Invalid(
            "Only a paired neighbour looks in on somebody every so many days.", code="no_pair"
        )
    if body.resident_id is not None:
        await asking.resident(body.resident_id, Action.SEE_PROFILES)
    today = asking.now.date()
    others = await pairs_of(asking.session, responsible.staff_id, today)
    pair = Pair(
        responsible_id=responsible.id,
        resident_id=body.resident_id,
        every_days=body.every_days,
        code=free_code([each.code for each in others]),
        due_at=next_due(asking.now, body.every_days, zone),
        created_at=asking.now,
    )
    asking.session.add(pair)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict("They are a pair already.", code="paired_already") from error
    await _note(asking, "pair_added", responsible)
    return (await list_pairs(asking, pair.id))[0]


async def end_pair(asking: Asking, pair_id: int) -> None:
    """Nobody is asked any more. Raises NotFound."""
    pair = await managed_pair(asking, pair_id)
    pair.ended_at = asking.now
    responsible = await asking.session.get_one(Responsible, pair.responsible_id)
    await _note(asking, "pair_ended", responsible)


async def tick_by_desk(asking: Asking, pair_id: int, body: TickBody, zone: tzinfo) -> None:
    """As the neighbour has told the office. Raises NotFound."""
    pair = await managed_pair(asking, pair_id)
    user_id = asking.principal.user_id
    word = Tick(
        id=body.id,
        said=body.said,
        by=PairBy.DESK,
        at=asking.now,
        user_id=user_id,
        note=body.note,
    )
    await tick(asking.session, pair_id, word, asking.now, zone)
    responsible = await asking.session.get_one(Responsible, pair.responsible_id)
    await _note(asking, "pair_ticked", responsible)


async def _managed(asking: Asking, responsible_id: int) -> Responsible:
    query = (
        select(Responsible)
        .join(Home, Home.id == Responsible.home_id)
        .join(Region, Region.id == Home.region_id)
        .where(Responsible.id == responsible_id)
    )
    return await asking.one(query, "responsible", Action.DISPATCH)


async def managed_pair(asking: Asking, pair_id: int) -> Pair:
    """Raises NotFound."""
    query = (
        select(Pair)
        .join(Responsible, Responsible.id == Pair.responsible_id)
        .join(Home, Home.id == Responsible.home_id)
        .join(Region, Region.id == Home.region_id)
        .where(Pair.id == pair_id, Pair.ended_at.is_(None))
    )
    return await asking.one(query, "pair", Action.DISPATCH)


async def _note(asking: Asking, action: str, responsible: Responsible) -> None:
    home = await asking.session.get_one(Home, responsible.home_id)
    path = await asking.path_of(home.region_id)
    await asking.note(action, f"home:{home.id}", path, {"staff_id": responsible.staff_id})


_PAIRS = statement(
    """
SELECT pair.id, responsible.staff_id, staff.name AS neighbour, staff.phone AS neighbour_phone, home.id AS home_id,
       pair.resident_id, person.name, person.name_latin, home.address, home.address_en, pair.every_days, pair.code,
       pair.due_at, pair.said_at, pair.said, item.state AS call_state,
       coalesce(item.state IN ('open', 'leased', 'escalated'), false)
           AND (pair.said IS DISTINCT FROM 'well' OR pair.said_at < item.due_at) AS overdue
FROM pair JOIN responsible ON responsible.id = pair.responsible_id
JOIN staff ON staff.id = responsible.staff_id
JOIN home ON home.id = responsible.home_id
JOIN region ON region.id = home.region_id
LEFT JOIN LATERAL (
    SELECT name, name_latin FROM resident
    WHERE resident.home_id = home.id AND (pair.resident_id IS NULL OR resident.id = pair.resident_id)
        AND status NOT IN ('deceased', 'moved') ORDER BY id LIMIT 1
) AS person ON true
LEFT JOIN call_item AS item ON item.id = pair.call_item_id
WHERE pair.ended_at IS NULL AND region.path && CAST(:regions AS bigint[])
    AND (CAST(:pair_id AS bigint) IS NULL OR pair.id = :pair_id)
ORDER BY overdue DESC, pair.due_at, pair.id LIMIT 2000
"""
)
