"""Who somebody is whom an operator has chosen: from memory, so that it works while the database is away."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callcenter.devices.callers import Match, Whose
from callcenter.hotline.call import Call
from callcenter.hotline.telephone.calling import Chosen, among_matches


class People(Protocol):
    """Port: who is known by an id. `devices.registry.Registry` fulfils it."""

    def known_as(  # noqa: PLR0913 - an id each
        self,
        whose: Whose,
        now: datetime,
        *,
        home_id: int | None,
        resident_id: int | None,
        contact_id: int | None,
        device_id: int | None,
        staff_id: int | None,
        organisation_id: int | None,
    ) -> Match | None: ...


def identified(chosen: Chosen, call: Call, people: People, now: datetime) -> Match | None:
    """Who an operator says it is: one of those who have the number, or anybody whom memory knows by that id."""
    among = among_matches(chosen, call)
    if among is not None:
        return among
    return people.known_as(
        chosen.whose,
        now,
        home_id=chosen.home_id,
        resident_id=chosen.resident_id,
        contact_id=chosen.contact_id,
        device_id=chosen.device_id,
        staff_id=chosen.staff_id,
        organisation_id=chosen.organisation_id,
    )
