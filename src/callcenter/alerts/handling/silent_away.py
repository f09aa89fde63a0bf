"""Contacts who do not answer while the database is away: the next one is told in its time, by the same pure function and from memory.

It goes by whom this process has told of an alarm since the outage began. Who was told of an alarm that rang before stands in rows, and
waits for them; so do the waits of plans, whose steps are no part of what is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.bodies import Silence
from callcenter.alerts.entries import TellingEnded
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Order, of_system
from callcenter.alerts.handling.decision import Facts
from callcenter.alerts.handling.remembering import Remembering
from callcenter.alerts.handling.telling_away import TELL_ON_AWAY
from callcenter.alerts.handling.telling_next import first_wait_s, known, next_contact_s
from callcenter.alerts.incident import Incident, IncidentMode
from callcenter.alerts.open_incidents import Held
from callcenter.alerts.timers_in_memory import order_id
from callcenter.core.clock import Clock
from callcenter.core.errors import CallCenterError
from callcenter.devices.registry import Registry

log = structlog.get_logger(__name__)

NAME: Final = "silent_contacts_without_database"


@dataclass(frozen=True, slots=True)
class Asked:
    """So many contacts were told of an incident, and since when (s) nobody more was. `at_once`: all of them with its opening."""

    count: int
    since: float
    at: datetime
    at_once: bool


def waits_s(incident: Incident, facts: Facts, asked: Asked) -> int:
    """Seconds until, without an answer, the next contact is told; 0: not by itself."""
    if asked.at_once and not first_wait_s(incident, known(facts)):
        return 0
    return next_contact_s(incident, facts)


def has_ended(held: Held, asked: Asked) -> bool:
    """Whether it was said since that nobody more is told."""
    return any(isinstance(e.data, TellingEnded) and e.at >= asked.at for e in held.entries)


class SilentContactsAway:
    """A processor without a database. While that answers it does nothing."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(self, away: Away, keeping: Keeping, registry: Registry, clock: Clock) -> None:
        self._away = away
        self._keeping = keeping
        self._memory = Remembering(registry, keeping, dict)
        self._clock = clock
        self._asked: dict[UUID, Asked] = {}

    async def run_once(self, now: datetime) -> int:
        """Zero always: it waits for the next look, whatever it found."""
        self._asked = {each: self._of(each, count, now) for each, count in self._counted()}
        if not self._away.is_away():
            return 0
        for incident_id, asked in self._asked.items():
            held = self._keeping.incidents.get(incident_id)
            if held is None or held.incident.mode is not IncidentMode.REAL:
                continue
            try:
                await self._look_at(held, asked, now)
            except CallCenterError as error:
                log.warning(
                    "incident_left_for_later", incident_id=str(incident_id), code=error.code
                )
            except Exception:  # whatever is wrong with it is wrong with it alone
                log.exception("incident_failed", incident_id=str(incident_id))
        return 0

    def _counted(self) -> Iterable[tuple[UUID, int]]:
        told = self._keeping.told.items()
        return [(each, len({one.recipient for one in to})) for each, to in told if to]

    def _of(self, incident_id: UUID, count: int, now: datetime) -> Asked:
        known_of = self._asked.get(incident_id)
        if known_of is not None and known_of.count == count:
            return known_of
        return Asked(count, self._clock.monotonic(), now, at_once=known_of is None)

    async def _look_at(self, held: Held, asked: Asked, now: datetime) -> None:
        if has_ended(held, asked):
            return
        order = _order(held.incident, asked)
        facts = self._memory.facts(held, order, now)
        wait_s = waits_s(held.incident, facts, asked)
        if wait_s and self._clock.monotonic() - asked.since >= wait_s:
            await self._away.do_by_itself(held.incident.id, order)


def _order(incident: Incident, asked: Asked) -> Order:
    """Recognised by how many were told: nobody is told twice for one silence."""
    order = of_system(TELL_ON_AWAY, Silence(asked.at))
    name = f"{TELL_ON_AWAY.name} {asked.count}"
    return replace(order, id=order_id(incident.id, name, incident.ring, 0, ()))
