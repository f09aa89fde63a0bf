"""Forwarding while the database is away: the same rules on the open incidents in memory, handed to the office, which sends at once.

What a rule says is done as a command of the system: shown, on the spool, and written afterwards with the time at which it was said. What
the other centre's machine has answered meanwhile is shown from memory; the timeline has it when the database does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import structlog

from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.bodies import ForwardDue, ForwardNews
from callcenter.alerts.change import Change
from callcenter.alerts.entries import KIND_OF, Entry
from callcenter.alerts.forwarding.judging import Seated
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Order, Workbench
from callcenter.alerts.handling.decision import SYSTEM, Centre, Facts, ForwardingNow
from callcenter.alerts.handling.forwarded import FORWARD_BY_RULE, said_key, tell_forwarding
from callcenter.alerts.incident import Incident, IncidentMode, State
from callcenter.alerts.open_incidents import Held
from callcenter.core.encoding import encode
from callcenter.core.errors import CallCenterError
from callcenter.devices.signals import SignalClass
from callcenter.forwarding.course import VALID_FOR, ForwardState
from callcenter.forwarding.outbox import Order as ForwardOrder, forwarding_id
from callcenter.forwarding.parcel import What
from callcenter.forwarding.rules import Rule, Standing, Why, judge
from callcenter.forwarding.without_row import ForwardStanding

log = structlog.get_logger(__name__)

FORWARDING_AWAY: Final = "forwardings_without_database"
NOT_AFTER: Final = timedelta(hours=1)
"""As where there is a database: an alarm that is so old is forwarded by no rule any more."""

Give = Callable[[bytes], Awaitable[bytes | None]]
"""Hands forwardings to the office; how each stands, or None: it does not answer."""


@dataclass(slots=True)
class _Left:
    """One that was decided here. `said`: what is shown of it."""

    incident_id: UUID
    centre: Centre
    document: Mapping[str, Any]
    said: str | None = None
    settled: bool = False


class ForwardingsAway:
    """A processor without a database. While that answers it only keeps in mind where nobody sits."""

    name: Final = FORWARDING_AWAY
    interval_s: Final = 1.0

    def __init__(self, bench: Workbench, away: Away, keeping: Keeping, give: Give) -> None:
        self._bench = bench
        self._away = away
        self._keeping = keeping
        self._give = give
        self._seated = Seated(bench.board)
        self._left: dict[UUID, _Left] = {}

    async def run_once(self, now: datetime) -> int:
        """By rule, then to the office, then what came of it; zero always."""
        if self._bench.forwards.rules:
            await self._by_rule(now)
        if self._left:
            await self._hand()
        return 0

    def decided(self, incident: Incident, orders: Sequence[ForwardOrder], at: datetime) -> None:
        """These leave without their rows: by rule, or an operator's."""
        for order in orders:
            centre = self._bench.forwards.centre(order.centre_id, incident.region_path)
            if centre is not None:
                document = self._document(order, at)
                self._left[order.id] = _Left(incident.id, centre, document)

    def _document(self, order: ForwardOrder, at: datetime) -> dict[str, Any]:
        known = self._bench.forwards
        return {
            "id": order.id,
            "content": order.content,
            "expires_at": at + VALID_FOR,
            "centre": known.handed(order.centre_id),
            "sequence": known.last_sequence(order.centre_id),
        }

    async def _by_rule(self, now: datetime) -> None:
        alarms = [held for held in self._keeping.incidents if _may_go(held.incident, now)]
        monotonic = self._bench.clock.monotonic()
        paths = dict.fromkeys(tuple(held.incident.region_path) for held in alarms)
        self._seated.begin(list(paths), monotonic)
        if not self._away.is_away():
            return
        for held in alarms:
            for rule in self._due(held, now.astimezone(self._bench.zone), monotonic):
                await self._forward(held.incident.id, rule)

    def _due(self, held: Held, now: datetime, monotonic: float) -> list[Rule]:
        incident, known = held.incident, self._bench.forwards
        given, origin = known.given_to(held), known.origin(incident)
        alarm = Standing(
            incident.id,
            incident.region_path,
            incident.kind,
            incident.priority,
            waits=incident.state is State.WAITING,
            rang_at=incident.opened_at,
            hops=origin.hops,
            came_from=origin.centre_id,
        )
        manned = self._seated.is_manned(tuple(incident.region_path), monotonic)
        return [
            rule
            for rule in known.rules
            if rule.centre_id not in given
            and judge(rule, alarm, manned=manned, now=now) is Why.NOW
            and known.centre(rule.centre_id, incident.region_path) is not None
        ]

    async def _forward(self, incident_id: UUID, rule: Rule) -> None:
        left_as = forwarding_id(incident_id, rule.centre_id)
        body = ForwardDue(rule.id, rule.centre_id, rule.mode.value, left_as)
        try:
            await self._away.do_by_itself(
                incident_id, Order(FORWARD_BY_RULE, body, left_as, lambda _: SYSTEM)
            )
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(incident_id), code=error.code)

    # ---- to the office, and what it says

    async def _hand(self) -> None:
        self._forget_what_is_written()
        going = [left.document for left in self._left.values() if not left.settled]
        said = await self._give(encode(going)) if going else None
        for each in orjson.loads(said) if said is not None else ():
            self._told(ForwardStanding.model_validate(each))

    def _forget_what_is_written(self) -> None:
        """The database says how these stand."""
        for key, left in list(self._left.items()):
            if not self._away.remembers(left.incident_id):
                del self._left[key]

    def _told(self, standing: ForwardStanding) -> None:
        """Shown as it will be told; nothing of it is written, since the row says it itself."""
        left = self._left.get(standing.id)
        if left is None:
            return
        left.settled = standing.settled
        held = self._keeping.incidents.get(left.incident_id)
        if held is None:
            return
        one = _now(standing, left)
        facts = Facts(forwarding=one)
        news = ForwardNews(standing.id)
        decision = tell_forwarding(held.incident, facts, SYSTEM, news, self._bench.clock.now())
        if standing.state is not ForwardState.SENDING:
            left.said = said_key(one)
        if decision is not None:
            self._show(held, decision.after, decision.said)

    def _show(self, held: Held, after: Incident, said: Any) -> None:
        then = replace(after, version=held.incident.version + 1)
        at = self._bench.clock.now()
        entry = Entry(then.id, then.version, at, KIND_OF[type(said)], None, None, said)
        self._keeping.publish(Change(then, (entry,), held.subject))


def _may_go(incident: Incident, now: datetime) -> bool:
    is_alarm = (
        incident.signal_class == SignalClass.ALARM.value and incident.mode is IncidentMode.REAL
    )
    return is_alarm and now - incident.opened_at < NOT_AFTER


def _now(standing: ForwardStanding, left: _Left) -> ForwardingNow:
    return ForwardingNow(
        id=standing.id,
        centre=left.centre,
        what=What.ALARM,
        state=standing.state,
        attempt=standing.attempt,
        error=standing.error,
        address=standing.address,
        settled=standing.settled,
        accepted_by=None,
        accepted_at=None,
        accepted_how=None,
        said=left.said,
        accepted_said=False,
    )
