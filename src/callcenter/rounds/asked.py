"""How a text fits what a neighbour or a passenger was asked. Pure.

Who reads it is `sms/whose.py`. With the two digits of a pair a text can mean nothing else; a digit alone is a word or a rating only as
the answer to the last question, and not longer than a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callcenter.rounds.pairs.said import Looked, PairText, is_bare, meant, understood
from callcenter.rounds.rides.rated import in_time, rating_of
from callcenter.sms.whose import Asker, Claim, Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What this number was asked, as it stands now."""

    pairs: Sequence[Looked] = ()
    ride_at: datetime | None = None
    """When they were asked how a ride was that they have not rated."""
    alarm_open: bool = False
    """They were texted about an incident that is open, or live where one is."""
    open_alarm_at: datetime | None = None
    """When they were texted about one that is open last."""
    alarm_at: datetime | None = None
    """When they were texted about an alarm last, open or not."""


def claims_of(words: str, asked: Asked, now: datetime) -> list[Claim]:
    """Of incidents, pairs and rides."""
    claims = []
    if asked.alarm_open:
        claims.append(Claim(Asker.INCIDENT, Fit.OPEN, asked.open_alarm_at))
    if asked.alarm_at is not None:
        claims.append(Claim(Asker.INCIDENT, Fit.EVERYDAY, asked.alarm_at))
    said = understood(words)
    pair = None if said is None else pair_meant(said, words, asked, now)
    if said is not None and pair is not None:
        claims.append(Claim(Asker.PAIR, _fit(said, words), pair.asked_at))
    if rating_of(words) is not None and asked.ride_at is not None and in_time(asked.ride_at, now):
        claims.append(Claim(Asker.RIDE, Fit.EVERYDAY, asked.ride_at))
    return claims


def _fit(said: PairText, words: str) -> Fit:
    if said.code is not None:
        return Fit.CODE
    return Fit.EVERYDAY if is_bare(words) else Fit.WORDS


def pair_meant(said: PairText, words: str, asked: Asked, now: datetime) -> Looked | None:
    """Whom a neighbour's word is about; a digit alone only whom they were asked about since the last alarm."""
    pairs = asked.pairs
    if is_bare(words):
        pairs = [each for each in pairs if _is_asked(each, asked.alarm_at, now)]
    return meant(said, pairs)


def _is_asked(pair: Looked, alarm_at: datetime | None, now: datetime) -> bool:
    if pair.asked_at is None or not in_time(pair.asked_at, now):
        return False
    return alarm_at is None or alarm_at < pair.asked_at
