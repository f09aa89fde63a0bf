"""Asks neighbours for the word that is due today, and calls those of whom nobody has said anything by the evening."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.doors import WhyDoor
from callcenter.core.database import Database
from callcenter.dispatch.greeting import greeting
from callcenter.records.models import Responsible, Staff
from callcenter.residents.models import Home, Resident
from callcenter.rounds.pairs.due import ASKED_BEFORE, is_asked, is_overdue, next_due
from callcenter.rounds.pairs.models import Pair
from callcenter.rounds.pairs.ticking import call_home
from callcenter.rounds.planning import Whereabouts, whereabouts
from callcenter.rounds.texting import called, text_to, write_text
from callcenter.sms.catalogue import MessageKind


class PairsDue:
    """The processor `pairs_due` of the office: one pair a transaction."""

    name = "pairs_due"
    interval_s = 60.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """The next that wants something; how many there were."""
        async with self._database.transaction() as session:
            pair = await session.scalar(_next(now))
            if pair is None:
                return 0
            await _look_at(session, pair, now, self._zone)
        return 1


def _next(now: datetime) -> Any:
    """Overdue, or to be asked for today and not asked yet."""
    opens = Pair.due_at - ASKED_BEFORE
    unasked = or_(Pair.reminded_at.is_(None), Pair.reminded_at < opens)
    return (
        select(Pair)
        .where(Pair.ended_at.is_(None), opens <= now, or_(Pair.due_at <= now, unasked))
        .order_by(Pair.due_at, Pair.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def _look_at(session: AsyncSession, pair: Pair, now: datetime, zone: tzinfo) -> None:
    """Whoever is known to be away is looked in on again when they are back."""
    responsible = await session.get_one(Responsible, pair.responsible_id)
    ended = (
        responsible.until_day is not None and responsible.until_day <= now.astimezone(zone).date()
    )
    where = whereabouts(await _statuses(session, pair, responsible))
    if ended or where is Whereabouts.GONE:
        pair.ended_at = now
    elif where is Whereabouts.AWAY:
        pair.due_at, pair.reminded_at = next_due(now, 1, zone), None
    elif is_overdue(pair.due_at, now):
        which = pair.due_at.date().isoformat()
        why = WhyDoor.PAIR_OVERDUE
        pair.call_item_id = await call_home(session, pair, responsible, which, why, now, zone)
        pair.due_at = next_due(now, 1, zone)
    elif is_asked(pair.due_at, pair.reminded_at, now):
        pair.reminded_at = now
        await _ask(session, pair, responsible, now)


async def _statuses(session: AsyncSession, pair: Pair, responsible: Responsible) -> list[str]:
    of_home = Resident.home_id == responsible.home_id
    whom = of_home if pair.resident_id is None else Resident.id == pair.resident_id
    return list(await session.scalars(select(Resident.status).where(whom)))


async def _ask(session: AsyncSession, pair: Pair, responsible: Responsible, now: datetime) -> None:
    staff = await session.get_one(Staff, responsible.staff_id)
    if staff.phone is None or responsible.home_id is None:
        return
    home = await session.get_one(Home, responsible.home_id)
    of_home = Resident.home_id == home.id
    whom = of_home if pair.resident_id is None else Resident.id == pair.resident_id
    resident = await session.scalar(select(Resident).where(whom).order_by(Resident.id).limit(1))
    name = called(resident.name, resident.name_latin, resident.sex) if resident else {}
    params = {**await greeting(session, home.region_id), **name}
    text = text_to(staff.phone, MessageKind.PAIR_LOOK, params, "zh-CN", _which(pair))
    await write_text(session, cause_of(pair.id), pair.code, home.region_id, text, now)


def _which(pair: Pair) -> int:
    """Tells the text of this day from that of another."""
    return pair.due_at.date().toordinal()


def cause_of(pair_id: int) -> UUID:
    """The cause of the texts of a pair."""
    return uuid5(NAMESPACE_OID, f"pair:{pair_id}")
