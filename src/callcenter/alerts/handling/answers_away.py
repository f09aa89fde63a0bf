"""Answers of families while the database is away: the office has kept them, and tells of them here; they stand on the timeline at once,
stop the telling, and a duty phone takes the alarm, by the same tables as ever and from memory.

What is done so is spooled as every command is. The row of the answer is written beside it by the office and finds it done
(`replies.py`), since both know the answer by the same id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from callcenter.alerts.bodies import Answer
from callcenter.alerts.entries import DutyTold
from callcenter.alerts.handling.answering import Candidate, Meant, meant
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Order, of_system
from callcenter.alerts.handling.heard import TAKE_ANSWER
from callcenter.alerts.handling.replies import reply_id
from callcenter.alerts.incident import Incident, IncidentMode
from callcenter.alerts.open_incidents import Held, OpenIncidents
from callcenter.core.errors import CallCenterError
from callcenter.core.phone import is_service
from callcenter.devices.registry import Registry
from callcenter.sms.arrivals import REPEAT_WITHIN_S
from callcenter.sms.arrived_away import ArrivedAway
from callcenter.sms.inbound import is_report

log = structlog.get_logger(__name__)

NAME: Final = "answers_without_database"
Arrived = Callable[[], Awaitable[Sequence[ArrivedAway]]]
"""What the office has kept; nothing while it does not answer."""
WhoWasTold = Callable[[UUID], Iterable[str]]
"""Numbers of the contacts whom this process has told of an incident without the database."""


@dataclass(frozen=True, slots=True)
class Known:
    """What memory has of an open incident: who was told here, whose contacts may be texted, who is on its duty list."""

    held: Held
    told: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    duty: frozenset[str] = frozenset()


def candidates(sender: str, known: Iterable[Known]) -> list[Candidate]:
    """The open incidents that the sender was told of, as far as memory goes: who was told before the outage is not in it, so a contact of
    the home counts as asked. A number that is nowhere here waits for the database.
    """
    found = []
    for one in known:
        incident = one.held.incident
        if incident.mode is IncidentMode.DRILL or incident.signal_class != "alarm":
            continue
        told_at = _duty_told_at(one.held) if sender in one.duty else None
        asked = sender in one.told or sender in one.family
        if asked or told_at is not None:
            found.append(Candidate(incident, asked, told_at is not None, told_at))
    return found


def _duty_told_at(held: Held) -> datetime | None:
    return next((e.at for e in reversed(held.entries) if isinstance(e.data, DutyTold)), None)


class AnswersAway:
    """A processor without a database. While that answers it does nothing."""

    name: Final = NAME
    interval_s: Final = 0.5

    def __init__(
        self,
        away: Away,
        incidents: OpenIncidents,
        registry: Registry,
        told: WhoWasTold,
        arrived: Arrived,
    ) -> None:
        self._away = away
        self._incidents = incidents
        self._registry = registry
        self._told = told
        self._arrived = arrived
        self._seen: set[UUID] = set()
        self._last: dict[str, ArrivedAway] = {}
        """The last words of each phone."""

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - each answer has its own time
        """Zero always. What cannot be understood from memory is understood when its row is written."""
        if not self._away.is_away():
            self._seen.clear()
            self._last.clear()
            return 0
        for one in await self._arrived():
            if one.id not in self._seen:
                self._seen.add(one.id)
                await self._take(one)
        return 0

    async def _take(self, one: ArrivedAway) -> None:
        before, self._last[one.sender] = self._last.get(one.sender), one
        if _says_nothing(one, before):
            return
        found = candidates(one.sender, map(self._known, list(self._incidents)))
        about = meant(one.text, found) if found else []
        for each in about:
            try:
                await self._away.do_by_itself(each.incident.id, _order(one, each))
            except CallCenterError as error:
                log.warning("reply_left_for_later", inbound_id=str(one.id), code=error.code)
        log.info("answer_without_database", inbound_id=str(one.id), incidents=len(about))

    def _known(self, held: Held) -> Known:
        incident = held.incident
        return Known(
            held,
            frozenset(self._told(incident.id)),
            self._family(incident),
            frozenset(self._registry.region_settings(incident.region_id).duty_numbers),
        )

    def _family(self, incident: Incident) -> frozenset[str]:
        if incident.home_id is None:
            return frozenset()
        numbers = self._registry.numbers(incident.home_id)
        return frozenset(one.phone for one in numbers if one.contact_id and one.sms_consent)


def _says_nothing(one: ArrivedAway, before: ArrivedAway | None) -> bool:
    """A gateway that hands the same in again, or a service."""
    again = before is not None and before.text == one.text
    soon = before is not None and one.at - before.at < timedelta(seconds=REPEAT_WITHIN_S)
    return (again and soon) or is_service(one.sender) or is_report(one.text)


def _order(one: ArrivedAway, about: Meant) -> Order:
    said = Answer(one.id, one.sender, about.meaning, one.text, about.has_code, about.on_duty)
    order = of_system(TAKE_ANSWER, said)
    return replace(order, id=reply_id(one.id, about.incident.id))
