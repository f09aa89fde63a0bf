"""A neighbour's word or a rating by text: what this number was asked, and what is carried out of its answer."""

from __future__ import annotations

from datetime import datetime, tzinfo
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.records.models import Staff
from callcenter.rounds.asked import Asked, claims_of, pair_meant
from callcenter.rounds.pairs.said import Looked, PairBy, understood
from callcenter.rounds.pairs.ticking import Tick, pairs_of, tick
from callcenter.rounds.rides.rating import asked_of, rate_by_text
from callcenter.sms.arrivals import Claims
from callcenter.sms.catalogue import ASKING, in_sql
from callcenter.sms.whose import Asker, Claim, asker_of


def claims_in(zone: tzinfo) -> Claims:
    """For whoever decides who reads a text when it is kept; in this zone days begin."""

    async def claims(session: AsyncSession, sender: str, words: str, now: datetime) -> list[Claim]:
        return claims_of(words, await _asked(session, sender, now, zone), now)

    return claims


async def take(
    session: AsyncSession, inbound_id: UUID, sender: str, words: str, now: datetime, zone: tzinfo
) -> bool:
    """Carried out, once for each text. False: it is somebody else's after all."""
    asked = await _asked(session, sender, now, zone)
    asker = asker_of(claims_of(words, asked, now))
    if asker is Asker.RIDE:
        return await rate_by_text(session, sender, words, now)
    said = understood(words)
    pair = None if said is None else pair_meant(said, words, asked, now)
    if asker is not Asker.PAIR or said is None or pair is None:
        return False
    word = Tick(id=inbound_id, said=said.said, by=PairBy.SMS, at=now)
    await tick(session, pair.pair_id, word, now, zone)
    return True


async def _asked(session: AsyncSession, sender: str, now: datetime, zone: tzinfo) -> Asked:
    day = now.astimezone(zone).date()
    staff = await session.scalars(select(Staff.id).where(Staff.phone == sender))
    pairs = [pair for each in staff.all() for pair in await pairs_of(session, each, day)]
    ride = await asked_of(session, sender, now)
    alarms = (await session.execute(_ALARMS, {"sender": sender})).one()
    return Asked(
        pairs=[Looked(each.id, each.code, each.reminded_at) for each in pairs],
        ride_at=None if ride is None else ride.asked_at,
        alarm_open=alarms.at_home or alarms.open_at is not None,
        open_alarm_at=alarms.open_at,
        alarm_at=alarms.last_at,
    )


_ALARMS = text(
    f"""
SELECT max(created_at) AS last_at, max(created_at) FILTER (WHERE incident.state <> 'closed') AS open_at, EXISTS (
    SELECT FROM resident JOIN incident ON incident.home_id = resident.home_id AND class = 'alarm' AND incident.state <> 'closed' AND mode <> 'drill'
    WHERE resident.phone = :sender
) AS at_home
FROM sms_message LEFT JOIN incident ON incident.id = sms_message.reference
WHERE recipient = :sender AND sms_message.state <> 'drill' AND sms_message.kind IN {in_sql(ASKING)}
"""  # noqa: S608 constants
)
