"""What a neighbour says of those they look after: well, and the next word is due days later; nobody, and a call is due at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.doors import Door, WhyDoor, call_about, found_after_all
from callcenter.core.errors import Conflict, NotFound
from callcenter.records.models import Responsible
from callcenter.rounds.pairs.due import next_due
from callcenter.rounds.pairs.models import Pair, PairTick
from callcenter.rounds.pairs.said import PairBy, PairSaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A word of a neighbour. `id` is made by whoever sends it, so that a repeat is one; `at` is never later than now."""

    id: UUID
    said: PairSaid
    by: PairBy
    at: datetime
    user_id: int | None = None
    note: str = ""


async def held(session: AsyncSession, pair_id: int) -> tuple[Pair, Responsible]:
    """Locked until the transaction ends. Raises NotFound for one that has ended."""
    pair = await session.get(Pair, pair_id, with_for_update=True, populate_existing=True)
    if pair is None or pair.ended_at is not None:
        raise NotFound("no such pair", what="pair")
    return pair, await session.get_one(Responsible, pair.responsible_id)


async def tick(
    session: AsyncSession, pair_id: int, said: Tick, now: datetime, zone: tzinfo
) -> bool:
    """Whether it is new. A word that is older than the last one changes nothing. Raises NotFound, Conflict `id_used`."""
    pair, responsible = await held(session, pair_id)
    before = await session.get(PairTick, said.id)
    if before is not None:
        if before.pair_id != pair_id:
            raise Conflict("This id belongs to another pair.", code="id_used")
        return False
    at = min(said.at, now)
    row = PairTick(
        id=said.id,
        pair_id=pair_id,
        at=at,
        said=said.said,
        by=said.by,
        user_id=said.user_id,
        note=said.note,
    )
    session.add(row)
    if pair.said_at is None or at > pair.said_at:
        await _takes_hold(session, pair, responsible, row, now, zone)
    await session.flush()
    return True


async def _takes_hold(
    session: AsyncSession,
    pair: Pair,
    responsible: Responsible,
    row: PairTick,
    now: datetime,
    zone: tzinfo,
) -> None:
    if row.said == PairSaid.WELL:
        pair.due_at = next_due(row.at, pair.every_days, zone)
        if pair.call_item_id is not None:
            await found_after_all(session, [pair.call_item_id], now)
    else:
        pair.call_item_id = await call_home(
            session, pair, responsible, f"{row.id}", WhyDoor.NOBODY_OPENED, now, zone
        )
        pair.due_at = next_due(row.at, 1, zone)
    pair.said, pair.said_at = row.said, row.at


async def call_home(
    session: AsyncSession,
    pair: Pair,
    responsible: Responsible,
    which: str,
    why: WhyDoor,
    now: datetime,
    zone: tzinfo,
) -> int | None:
    """The call about whoever they look after; None where that is a whole region."""
    if responsible.home_id is None:
        return None
    today = now.astimezone(zone).date()
    subject = f"pair:{pair.id}:{which}"
    door = Door(subject, responsible.home_id, pair.resident_id, today, why)
    return (await call_about(session, [door], now, today))[subject]


async def pairs_of(session: AsyncSession, staff_id: int, day: date) -> list[Pair]:
    """Those whom somebody looks after on this day, by their number."""
    rows = await session.scalars(
        select(Pair)
        .join(Responsible, Responsible.id == Pair.responsible_id)
        .where(
            Responsible.staff_id == staff_id,
            Pair.ended_at.is_(None),
            Responsible.from_day <= day,
            Responsible.until_day.is_(None) | (Responsible.until_day > day),
        )
        .order_by(Pair.code)
    )
    return list(rows)
