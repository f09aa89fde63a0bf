"""Which open incidents a text is about, and what it says about each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callcenter.alerts.incident import Incident
from callcenter.sms.inbound import Meaning, Reply, meaning as read_meaning, with_code
from callcenter.sms.outbox import code_of

_LEAST_MISTAKEN = 100
"""A smaller number that is no incident's is an amount, a time or the other choice (1 2, 1-30, 10/1), and the answer in doubt."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open incident that the sender knows of; `asked`: whether they can go there; `on_duty`: whether they take it."""

    incident: Incident
    asked: bool
    on_duty: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What the text says about one incident; `meaning` None: it may be about another one."""

    incident: Incident
    meaning: Meaning | None
    has_code: bool = False
    on_duty: bool = False


def names_another(reply: Reply, candidates: Sequence[Candidate]) -> bool:
    """Whether it has a number that none of these has: of an incident that has ended perhaps."""
    return reply.ref is not None and not any(_is_named(one.incident, reply) for one in candidates)


def meant(text: str, candidates: Sequence[Candidate]) -> list[Meant]:
    """Those it is about: the ones it names by number or code, else all that asked, else the last that the duty phone was told
    of, else all. Of the others the duty phone is told again.
    """
    reply = read_meaning(text)
    named = [one for one in candidates if _is_named(one.incident, reply)]
    if not named and reply.ref is not None and reply.ref < _LEAST_MISTAKEN:
        reply = Reply(Meaning.OTHER)
    asked = [one for one in candidates if one.asked]
    chosen = named or asked or _last_told(candidates) or candidates
    return [_about(one, reply, text, alone=len(chosen) == 1) for one in chosen]


def _is_named(incident: Incident, reply: Reply) -> bool:
    return reply.ref == incident.number or _has_code(incident, reply)


def _has_code(incident: Incident, reply: Reply) -> bool:
    return code_of(incident.id) in (reply.ref, reply.code)


def _about(one: Candidate, reply: Reply, text: str, *, alone: bool) -> Meant:
    has_code = _has_code(one.incident, reply)
    said = with_code(text) if has_code and reply.meaning is Meaning.OTHER else reply.meaning
    if not (one.asked or one.on_duty):
        return Meant(one.incident, Meaning.OTHER, has_code)
    return Meant(one.incident, said if alone else None, has_code, one.on_duty)


def _last_told(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    told = [one for one in candidates if one.on_duty and one.told_at is not None]
    return [max(told, key=lambda one: (one.told_at, one.incident.number))] if told else []
