"""Telephone lines as a part of the alarm process, where an exchange is set up: a red key that is pressed is an alarm, whoever is away.

The socket of the exchange is one task, orders are short tasks, and nothing here waits for the database: an alarm of a device waits for
none of it. `Listening` is what other parts hang on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog

from callcenter.alerts.board import Wanted
from callcenter.auth.sessions import Principal
from callcenter.core import metrics
from callcenter.core.ids import new_id
from callcenter.core.supervisor import StartShort
from callcenter.devices.callers import Match
from callcenter.devices.registry import Registry
from callcenter.hotline.beginning import Ports
from callcenter.hotline.call import SOUGHT, Call, State
from callcenter.hotline.known_lines import CHANNEL, KnownLines, LinesReading
from callcenter.hotline.lines import Lines, Theirs
from callcenter.hotline.recordings.announcing import announced
from callcenter.hotline.switchboard import Switchboard
from callcenter.hotline.telephone.calling import Calling, Identify, among_matches
from callcenter.hotline.telephone.telephones import TELEPHONES, Telephones
from callcenter.hotline.telephone.voice import ToExchange
from callcenter.hotline.waiting import Patience
from callcenter.runtime.exchanges import outside_of
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.hub import Hub
from callcenter.seats.standing_calls import StandingCalls
from callcenter.settings import Settings, TelephonySection
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.pbx import Pbx

log = structlog.get_logger(__name__)

Told = Callable[[Sequence[Call]], None]
"""Is given the calls that are not as they were, and none of them when the exchange has come or gone. It neither waits nor raises for long."""


def _nobody(_caller: Caller, _line: Line) -> Sequence[Match]:
    return ()


@dataclass(kw_only=True)
class Hanging:
    """What other parts hang on the lines: who has a number, who hears of calls, in this order, and whose legs are not of the switchboard."""

    matches_of: Callable[[Caller, Line], Sequence[Match]] = _nobody
    identify: Identify = among_matches
    told: list[Told] = field(default_factory=list)
    theirs: list[Theirs] = field(default_factory=list)


class Exchange:
    """The switchboard of this process with everything around it."""

    def __init__(
        self,
        ground: Ground,
        section: TelephonySection,
        pbx: Pbx,
        registry: Registry,
        hub: Hub,
        hanging: Hanging,
        start_short: StartShort,
    ) -> None:
        self._ground = ground
        self._registry = registry
        self._hub = hub
        self._hanging = hanging
        self._start_short = start_short
        self.known = KnownLines(lambda: registry.root_id)
        self.pbx: Pbx = announced(pbx, self.known.line_of, ground.settings.recordings.announced_on)
        ports = Ports(
            line_of=self.known.line_of,
            caller_of=self.known.caller_of,
            new_id=new_id,
            matches_of=hanging.matches_of,
            patience=_patience(ground.settings),
            id_of=lambda call: id_of(section.name, call),
            ask=self._ask,
            staffed=lambda line, now: line.is_staffed(now.astimezone(ground.zone)),
            manned=lambda line: hub.manned(registry.region_path(line.region_id)),
        )
        self.lines = Lines(
            self.pbx,
            Switchboard(section.name, ports),
            ground.clock,
            start_short,
            self._told,
            hanging.theirs,
            ground.stands_back,
        )
        hub.on_the_phone = self.lines.board.on_the_phone
        self.telephones = Telephones(
            self.pbx,
            [each.name for each in section.desk_phones],
            ground.database,
            ground.sessions,
            ground.seal,
            self._log_ins_on_duty,
        )
        self.calling = Calling(
            self.lines,
            self.known,
            self.telephones,
            ground.clock,
            registry.region_path,
            hanging.identify,
        )
        self.shown = StandingCalls(
            hub,
            self.lines.board.calls.values,
            self.calling.shown,
            registry.region_path,
            lambda: self.lines.board.is_connected,
        )
        self._listeners: list[Told] = [
            *hanging.told,
            self.shown.told,
            self._count,
            self._admit,
            self._knows,
        ]

    def listen(self, *told: Told) -> None:
        """For who needs this exchange to be there first: they hear of calls after all the others."""
        self._listeners += told

    def _told(self, calls: Sequence[Call]) -> None:
        """A fault of one listener is none of the others'."""
        for each in self._listeners:
            try:
                each(calls)
            except Exception:  # see above
                log.exception("call_not_told", calls=[str(call.id) for call in calls])

    def _ask(self, call: Call, may: Callable[[int], bool]) -> int | None:
        """Who is ready and has a telephone: as alarms are offered, by dialect, by who knows the home, by whose turn it is."""
        home_id = call.attached.home_id if call.attached else None
        wanted = Wanted(home_id, self._speaks(call, home_id))
        found = self._hub.offer(
            self._registry.region_path(call.region_id),
            wanted,
            lambda user: may(user) and self.telephones.has_one(user),
        )
        return found[0] if found else None

    def _log_ins_on_duty(self, user_id: int) -> Sequence[Principal]:
        seats = self._hub.seats.values()
        return [each.principal for each in seats if each.user_id == user_id and each.armed]

    def _speaks(self, call: Call, home_id: int | None) -> frozenset[str]:
        if home_id is None:
            return frozenset()
        resident = call.attached.resident_id if call.attached else None
        caller = self._registry.home_caller(home_id, resident, self._ground.clock.now())
        return caller.speaks if caller else frozenset()

    def _knows(self, calls: Sequence[Call]) -> None:
        for each in calls:
            home_id = each.attached.home_id if each.attached else None
            if each.state is State.TALKING and each.taken_by is not None and home_id is not None:
                self._hub.knows(each.taken_by, home_id)

    def _count(self, calls: Sequence[Call]) -> None:
        standing = self.lines.board.calls.values()
        metrics.EXCHANGE_THERE.set(self.lines.board.is_connected)
        metrics.CALLS_STANDING.labels("waiting").set(sum(each.state in SOUGHT for each in standing))
        metrics.CALLS_STANDING.labels("spoken").set(
            sum(each.state not in SOUGHT for each in standing)
        )
        for each in calls:
            if each.state is State.ENDED and each.wrapped_up_at is None:
                metrics.CALLS.labels(each.direction, each.kind, _outcome(each)).inc()

    def _admit(self, calls: Sequence[Call]) -> None:
        """An exchange that is back may have forgotten the telephones of pages."""
        if not calls and self.lines.board.is_connected:
            self._start_short(self.telephones.admit_all(), name="telephones told to the exchange")


def id_of(pbx: str, call: str) -> UUID:
    """Of a call that came: known by the exchange's name of it, so that a server that was started again finds its row."""
    return uuid5(NAMESPACE_OID, f"call:{pbx}/{call}")


def _patience(settings: Settings) -> Patience:
    queue = settings.queue
    return Patience(
        pick_up_s=queue.pick_up_s,
        say_place_every_s=queue.say_place_every_s,
        offer_call_back_s=queue.offer_call_back_s,
        overflow_s=queue.overflow_s,
        ask_s=queue.ask_s,
        wrap_up_s=settings.seats.wrap_up_s,
        alone_s=queue.alone_s,
    )


ANSWERED: Final = "answered"


def _outcome(call: Call) -> str:
    if call.answered_at is not None:
        return ANSWERED
    return "call_back" if call.call_back_wanted else "missed"


def lines_part(ground: Ground, exchange: Exchange, section: TelephonySection, pbx: Pbx) -> Part:
    """Where no exchange is set up there is no such part."""
    reading = LinesReading(exchange.known, ground.database)
    ports: dict[type, object] = {Calling: exchange.calling, StandingCalls: exchange.shown}
    if section.http is not None:
        ports[ToExchange] = ToExchange(f"ws://{section.http}/ws", exchange.telephones)

    async def close() -> None:
        exchange.telephones.close_ways()

    async def stop() -> None:
        await exchange.pbx.close()
        await reading.connections.close()
        await exchange.telephones.connections.close()

    return Part(
        prepare=exchange.known.read,
        tasks={
            "exchange": exchange.lines.listen,
            "exchange-looked-at": exchange.lines.look,
            "waiting-calls": exchange.lines.tick,
            "calls-shown": exchange.shown.run,
        },
        processors=[reading, exchange.telephones],
        listens={
            CHANNEL: lambda _: ground.wakeups.wake(CHANNEL),
            "grants": lambda _: ground.wakeups.wake(TELEPHONES),
        },
        routers=outside_of(pbx, ground.secrets.demo_token),
        ports=ports,
        close=close,
        stop=stop,
    )
