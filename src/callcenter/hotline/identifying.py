"""Who somebody is whom an operator has chosen: from memory, so that it works while the database is away."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callcenter.devices.callers import Chosen, Match
from callcenter.hotline.call import Call
from callcenter.hotline.telephone.calling import among_matches


class People(Protocol):
    """Port: who is known by an id. `devices.registry.Registry` fulfils it."""

    def known_as(self, said: Chosen, now: datetime) -> Match | None: ...


def identified(chosen: Chosen, call: Call, people: People, now: datetime) -> Match | None:
    """Who an operator says it is: one of those who have the number, or anybody whom memory knows by that id."""
    among = among_matches(chosen, call)
    if among is not None:
        return among
    return people.known_as(chosen, now)
