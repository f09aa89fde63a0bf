"""Texts that are a neighbour's word or a rating, told apart from everything else that the same digits may mean.

An open incident that the sender was texted about goes first, then a job of theirs, then the people they look after, then a ride. With the
two digits of a pair a text can mean nothing else. A digit alone answers the last question that was asked: a 1 for an alarm that has just
been closed must not stand as "she is well".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.records.models import Staff
from callcenter.rounds.pairs.models import Pair
from callcenter.rounds.pairs.said import Looked, PairBy, PairText, is_bare, meant, understood
from callcenter.rounds.pairs.ticking import Tick, pairs_of, tick
from callcenter.rounds.rides.rated import ANSWERED_WITHIN, rating_of
from callcenter.rounds.rides.rating import asked_of, rate_by_text
from callcenter.sms.catalogue import ASKING, in_sql


@dataclass(frozen=True, slots=True)
class _Asked:
    pairs: list[Pair]
    busy: bool
    """Something that goes before is open."""
    alarm_at: datetime | None
    """When they were texted about an alarm last, open or not."""

    def since(self, asked_at: datetime | None, now: datetime) -> bool:
        """Whether this was the last question, and not longer than a day ago."""
        if asked_at is None or now - asked_at > ANSWERED_WITHIN:
            return False
        return self.alarm_at is None or self.alarm_at < asked_at


async def is_ours(
    session: AsyncSession, sender: str, words: str, now: datetime, zone: tzinfo
) -> bool:
    """Whether this text is read here: for whoever decides that when it is kept."""
    asked = await _asked(session, sender, now, zone)
    said = understood(words)
    if said is not None and _pair(said, words, asked, now) is not None:
        return True
    return await _is_rating(session, sender, words, asked, now)


async def _is_rating(
    session: AsyncSession, sender: str, words: str, asked: _Asked, now: datetime
) -> bool:
    if rating_of(words) is None or asked.busy:
        return False
    ride = await asked_of(session, sender, now)
    return ride is not None and asked.since(ride.asked_at, now)


async def take(
    session: AsyncSession, inbound_id: UUID, sender: str, words: str, now: datetime, zone: tzinfo
) -> bool:
    """Carried out, once for each text. False: it is somebody else's after all."""
    asked = await _asked(session, sender, now, zone)
    said = understood(words)
    pair = None if said is None else _pair(said, words, asked, now)
    if said is not None and pair is not None:
        word = Tick(id=inbound_id, said=said.said, by=PairBy.SMS, at=now)
        await tick(session, pair.pair_id, word, now, zone)
        return True
    if not await _is_rating(session, sender, words, asked, now):
        return False
    return await rate_by_text(session, sender, words, now)


def _pair(said: PairText, words: str, asked: _Asked, now: datetime) -> Looked | None:
    if asked.busy and said.code is None:
        return None
    pairs = asked.pairs
    if is_bare(words):
        pairs = [each for each in pairs if asked.since(each.reminded_at, now)]
    return meant(said, [Looked(each.id, each.code) for each in pairs])


async def _asked(session: AsyncSession, sender: str, now: datetime, zone: tzinfo) -> _Asked:
    day = now.astimezone(zone).date()
    staff = list(await session.scalars(select(Staff.id).where(Staff.phone == sender)))
    pairs = [pair for each in staff for pair in await pairs_of(session, each, day)]
    busy = await session.scalar(_BUSY, {"sender": sender, "staff": staff})
    alarm_at = await session.scalar(_LAST_ALARM, {"sender": sender})
    return _Asked(pairs, bool(busy), alarm_at)


_BUSY = text(
    f"""
SELECT EXISTS (
    SELECT FROM sms_message JOIN incident ON incident.id = sms_message.reference
    WHERE recipient = :sender AND sms_message.state <> 'drill' AND sms_message.kind IN {in_sql(ASKING)} AND incident.state <> 'closed'
) OR EXISTS (
    SELECT FROM resident JOIN incident ON incident.home_id = resident.home_id AND class = 'alarm' AND incident.state <> 'closed' AND mode <> 'drill'
    WHERE resident.phone = :sender
) OR EXISTS (
    SELECT FROM task WHERE ended_at IS NULL AND (
        staff_id = ANY(CAST(:staff AS bigint[])) OR EXISTS (
            SELECT FROM task_offer WHERE task_id = task.id AND answer IS NULL
            AND task_offer.staff_id = ANY(CAST(:staff AS bigint[]))))
)
"""  # noqa: S608 constants
)

_LAST_ALARM = text(
    f"SELECT max(created_at) FROM sms_message WHERE recipient = :sender AND state <> 'drill' AND kind IN {in_sql(ASKING)}"  # noqa: S608 a constant
)
