"""The alarm process: devices, the board, seats, and every command on an incident. Nothing in it waits for anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.recovering import Recovery
from callcenter.alerts.arriving.rehearsing import Rehearsal
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import Untold
from callcenter.alerts.handling.watching_away import LadderAway
from callcenter.alerts.live.reading import LiveReading
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.alerts.processors import AT_ONCE, alarm_processors
from callcenter.alerts.timers_in_memory import Watched
from callcenter.api.alarm_side import alarm_api, with_more
from callcenter.api.alive import Liveness
from callcenter.api.between_servers import BetweenServers
from callcenter.api.bodies import BodiesFirst
from callcenter.api.health import Health
from callcenter.api.hosts import HostCheck, Names
from callcenter.api.middleware import SecurityHeaders
from callcenter.api.passing import Office, passing
from callcenter.api.serving import HttpServer, Manner, signals_before
from callcenter.calls.awake import Awake
from callcenter.core import metrics
from callcenter.core.data_folder import is_there, place_of_spool
from callcenter.core.descriptors import narrowed, shares
from callcenter.core.encoding import encode
from callcenter.core.held import HeldConnections
from callcenter.core.spool import Spool
from callcenter.core.store_health import StoreHealth
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Habits
from callcenter.devices.formats import FORMATS
from callcenter.devices.refreshing import DIRECTORY
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Datum
from callcenter.dispatch.hints import FIELD
from callcenter.drills.running import DRILLS, Drills
from callcenter.forwarding import WRITTEN
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import Asgi, signals_first
from callcenter.listeners.places import Places
from callcenter.liveness.limits import thresholds_of
from callcenter.liveness.machine import Places as Looked
from callcenter.liveness.watching import Watchdogs
from callcenter.proving.counting import HeardCounts
from callcenter.runtime import bounding
from callcenter.runtime.adjusting import adjusting_part
from callcenter.runtime.calling import call_signals_part
from callcenter.runtime.families_away import families_part
from callcenter.runtime.field_news import field_news_part
from callcenter.runtime.forwarding import forwardings_part
from callcenter.runtime.ground import Ground, Hint
from callcenter.runtime.known_away import KnownAway
from callcenter.runtime.leaving import Leaving
from callcenter.runtime.listening import Listening, watch_heard
from callcenter.runtime.part import Part
from callcenter.runtime.registering import registry_part
from callcenter.runtime.seat_log_ins import (
    beyond_seats,
    door_first,
    seat_door,
    seat_log_ins_part,
)
from callcenter.runtime.seating import RightsChanged, seats_part
from callcenter.runtime.second_listener import SecondListener
from callcenter.runtime.sockets import Sockets
from callcenter.seats.assembly import Seats
from callcenter.seats.beat import BEAT, Outage
from callcenter.seats.going import Going
from callcenter.seats.talk import Talk
from callcenter.seats.wall.reading import WallReading
from callcenter.settings import Settings
from callcenter.sms.waiting import WaitingTexts

log = structlog.get_logger(__name__)

T = TypeVar("T")

POOL_SIZE = 4
"""Sessions and readiness; alarms, commands and the board have connections of their own."""


class _Heart:
    """What an alarm passes through, from the registry to the seats, and what tells others of it."""

    def __init__(self, ground: Ground, office: Office, known_away: KnownAway) -> None:
        self.ground = ground
        self._known_away = known_away
        self.incidents_changed = Hint(ground.changes, "incidents")
        self.texts_written = Hint(ground.changes, "sms")
        self.store = StoreHealth(ground.clock.monotonic(), on_change=self._store_changed)
        metrics.STORE_AGE_SECONDS.set_function(lambda: self.store.age(ground.clock.monotonic()))
        self.talk = Talk(bounding.talk(ground.settings.seats), ground.clock.monotonic)
        open_incidents = OpenIncidents()
        self.seats = Seats(
            ground.database,
            ground.clock,
            ground.wakeups,
            ground.process_id,
            sweep_every_s=ground.settings.alarm.sweep_every_s,
            hint=self.incidents_changed.give,
            stores=self.stores,
            wrap_up_s=ground.settings.seats.wrap_up_s,
            open_incidents=open_incidents,
            outage=self.outage,
            sessions=ground.sessions,
        )
        self.keeping = Keeping(
            Spool(place_of_spool(ground.settings.data_dir), ground.seal),
            open_incidents,
            self.seats.hub,
            ground.clock,
            partial(_hand_over, office),
        )
        ground.sessions.database_is_away = lambda: not self.stores()
        self.door = seat_door(ground, lambda: not self.stores())
        self.registry = Registry(
            lambda sealed, context: ground.seal.open(sealed, context=context), ground.zone
        )
        self.intake = Intake(
            ground.database,
            self.registry,
            ground.clock,
            self.seats.hub,
            texts_written=self.texts_written.give,
            health=self.store,
            keeping=self.keeping,
        )
        self.as_of: datetime | None = None
        """How old people and places are, where this process has started without the database."""
        self.leaving = Leaving(ground, Going(self.seats.hub, ground.settings.several.servers))
        self.untold = Untold()
        self.watched = Watched()
        self.texts = WaitingTexts(ground.database)

    def stores(self) -> bool:
        """Whether alarms can be written now, by what the database has told this process."""
        well = self.store.trouble(self.ground.clock.monotonic()) is None
        return well and self.ground.loaded.is_set()

    def outage(self) -> Outage:
        """For the banner of every seat."""
        keeping = self.keeping
        as_of = None if self.ground.loaded.is_set() else self.as_of
        return Outage(keeping.since, keeping.waiting, keeping.disk_takes, keeping.written, as_of)

    def _store_changed(self, trouble: str | None) -> None:
        """Seats are told at once."""
        self._known_away.say(is_away=trouble is not None)
        if trouble is not None:
            self.keeping.begins(self.ground.clock.now())
        if trouble is None:
            log.warning("alarms_stored_again")
        else:
            log.error("alarms_not_stored", reason=trouble)
        metrics.STORE_WELL.set(trouble is None)
        self.ground.wakeups.wake(BEAT)

    def kept_part(self, away: Away) -> Part:
        """What was kept without the database is written when it is back."""

        async def show_anew() -> None:
            await self.seats.show_anew()
            await self.ground.changes.notify("written_late")

        recovery = Recovery(
            self.intake,
            self.keeping,
            self.registry,
            self.ground.database,
            stores=self.stores,
            show_anew=show_anew,
            write_again=away.write_again,
            account_for_left=away.account_for_left,
        )

        async def stop() -> None:
            await recovery.connections.close()
            self.keeping.spool.close()

        def without_database(as_of: datetime) -> None:
            self.as_of = as_of
            recovery.without_database(self.ground.clock.now())
            self.store.flush_failed(self.ground.clock.monotonic(), "not there at the start")

        async def enter(_supervisor: Supervisor) -> None:
            recovery.enter()

        return Part(
            prepare=recovery.prepare,
            without_database=without_database,
            processors=[recovery],
            open=enter,
            stop=stop,
        )

    def store_part(self) -> Part:
        """Keeps knowing whether alarms can be stored while none comes."""
        rehearsal = Rehearsal(self.store, self.ground.database, self.ground.clock)
        return Part(processors=[rehearsal], stop=rehearsal.connections.close)

    def texts_part(self) -> Part:
        """Knows whether texts leave, also while nobody sends them."""
        return Part(processors=[self.texts], stop=self.texts.connections.close)

    def hints_part(self) -> Part:
        """To other servers and to the office."""
        return Part(
            tasks={
                "hint-incidents": self.incidents_changed.run,
                "hint-sms": self.texts_written.run,
            }
        )

    def live_part(self) -> Part:
        """Figures for supervisors and the wall, by a connection of their own."""
        ground, seats = self.ground, self.seats
        live = LiveReading(ground.database, ground.clock, ground.zone)
        wall = WallReading(
            ground.database,
            ground.clock,
            seats.hub,
            seats.silent,
            seats.ageing,
            live,
            stores=self.stores,
            outage=self.outage,
        )

        async def stop() -> None:
            await live.close()
            await wall.connections.close()

        return Part(ports={LiveReading: live, WallReading: wall}, stop=stop)

    def calls_part(self) -> Part:
        """Opens what call lists bring to light, and writes down that it is there."""
        ground = self.ground
        awake = Awake(ground.database, ground.process_id, self.stores)
        return call_signals_part(ground, self.intake, self.registry, awake)

    def counts_part(self) -> Part:
        """Writes down what listeners have counted, for a proof."""
        ground = self.ground
        counts = HeardCounts(ground.database, ground.process_id, ground.clock.now())
        return Part(processors=[counts], stop=counts.connections.close)

    def watchdogs_part(self, workbench: Workbench) -> Part:
        """Hears what watchdogs on other machines tell, and looks at whatever must be alive."""
        ground, settings = self.ground, self.ground.settings
        watchdogs = Watchdogs(workbench, HeldConnections(ground.database, Watchdogs.name, 1))
        liveness = Liveness(
            Looked(settings.data_dir, settings.tls_certificate),
            thresholds_of(bounding.liveness(settings)),
            watchdogs,
            HeldConnections(ground.database, "liveness", 1),
            ground.clock,
        )
        return Part(
            ports={Watchdogs: watchdogs, Liveness: liveness},
            processors=[watchdogs, liveness],
            stop=partial(_close, watchdogs.connections, liveness.connections),
        )

    def workbench(self) -> Workbench:
        """What commands of operators need."""
        ground = self.ground
        return Workbench(
            connections=HeldConnections(ground.database, "commands", 4),
            registry=self.registry,
            board=self.seats.hub,
            clock=ground.clock,
            texts_written=self.texts_written.give,
            directory_changed=partial(ground.wakeups.wake, DIRECTORY),
            zone=ground.zone,
            forwards_written=partial(ground.changes.tell, WRITTEN),
            tasks_written=partial(ground.changes.tell, FIELD),
        )

    def away(self, workbench: Workbench) -> Away:
        """The same while the database is away."""
        return Away(
            self.intake,
            self.keeping,
            workbench,
            is_away=lambda: not self.stores(),
            colleagues=lambda: {
                each["user_id"]: each["name"] for each in self.seats.hub.colleagues()
            },
        )

    def ladder_part(self, workbench: Workbench, away: Away) -> Part:
        """Calls on to what nobody takes, also without the database."""
        ladder = LadderAway(
            workbench,
            away,
            self.keeping.incidents,
            taker_gone_s=self.ground.settings.alarm.taker_gone_s,
            watched=self.watched,
            untold=self.untold,
            heard=self.seats.proofs.heard,
        )
        return Part(prepare=ladder.prepare, processors=[ladder])

    def handling_part(self, workbench: Workbench, away: Away) -> Part:
        """Commands of operators and of the system itself."""
        ground = self.ground
        processing = HeldConnections(ground.database, "processing", AT_ONCE)
        drilling = HeldConnections(ground.database, DRILLS, 1)  # no ladder waits for a drill
        gone_s = ground.settings.alarm.taker_gone_s
        beside = replace(workbench, connections=processing)
        return Part(
            yields=True,
            ports={Workbench: workbench, Away: away, Intake: self.intake},
            processors=[
                *alarm_processors(
                    beside,
                    self.intake,
                    taker_gone_s=gone_s,
                    untold=self.untold,
                    watched=self.watched,
                    is_ahead=away.remembers,
                    is_writing=lambda: self.keeping.waiting > 0,
                    storms=bounding.storms(ground.settings.alarm),
                ),
                Drills(replace(workbench, connections=drilling), self.intake),
            ],
            listens={
                "replies": lambda _: ground.wakeups.wake("replies"),
                DRILLS: lambda _: ground.wakeups.wake(DRILLS),
            },
            stop=partial(_close, workbench.connections, processing, drilling),
        )


def build(
    settings: Settings,
    dsn: str,
    sockets: Sockets,
    way_to_office: Path,
    known_away: KnownAway,
    way_to_outside: Path | None,
    supervisor: Supervisor,
) -> tuple[Ground, list[Part], HttpServer]:
    """Everything of this process."""
    ground = Ground(settings, dsn, pool_size=POOL_SIZE)
    office = Office(way_to_office, bounding.width(settings))
    ground.waits_little = bool(known_away)
    heart = _Heart(ground, office, known_away)
    outside = None if way_to_outside is None else SecondListener(way_to_outside)
    limits = settings.limits
    of_devices = bounding.devices(settings)
    given = narrowed(
        shares(sockets.descriptors), limits.device_connections, limits.browser_connections
    )
    listening = Listening(sockets.devices, given, of_devices)
    workbench = heart.workbench()
    away = heart.away(workbench)
    ground.keeps_answers = is_there(settings.data_dir)
    parts = [
        Part(prepare=listening.place),
        Part(prepare=ground.sessions.recall),
        seat_log_ins_part(ground, heart.door),
        adjusting_part(ground, heart.seats.hub.sessions),
        registry_part(ground, heart.registry, heart.intake),
        heart.hints_part(),
        heart.store_part(),
        heart.texts_part(),
        Part(tasks={"office": office.watch}, stop=office.close),
        *([outside.part()] if outside else ()),
        seats_part(ground, heart.seats, heart.talk),
        heart.kept_part(away),
        heart.handling_part(workbench, away),
        heart.ladder_part(workbench, away),
        families_part(ground.clock, heart.registry, heart.keeping, away, office),
        forwardings_part(ground, workbench, away, heart.keeping, office),
        field_news_part(ground, workbench, heart.intake, heart.registry),
        heart.live_part(),
        heart.calls_part(),
        heart.counts_part(),
        heart.watchdogs_part(workbench),
        heart.leaving.part(),
        listening.part(ground, heart.registry, heart.intake),
        *_lines_parts(heart, workbench, away, supervisor),
    ]
    ingest = HttpListener(
        FORMATS.values(),
        heart.intake,
        ground.clock,
        heart.registry.credentials,
        partial(habits_of, settings),
        of_devices,
    )
    watch_heard("http", ingest.heard, ground.clock.monotonic)
    front = signals_first(ingest, _front(heart, parts, office, listening, outside))
    manner = Manner(
        settings.tls_certificate,
        settings.tls_key,
        proxies=settings.trusted_proxies,
        backlog=given.backlog,
        keep_alive_s=settings.devices.keep_alive_s,
        talk=heart.talk,
    )
    places = Places("http", "limits.browser_connections", given.browsers, ground.clock.monotonic)
    protocol = signals_before(
        ingest, supervisor, places, settings.head_within_s, bounding.bodies(settings, ground.site)
    )
    http = HttpServer(front, sockets.http, manner, protocol)
    return ground, parts, http


def _lines_parts(
    heart: _Heart, workbench: Workbench, away: Away, supervisor: Supervisor
) -> Sequence[Part]:
    """Telephone lines, where an exchange is set up; what hears of calls stands here."""
    ground, section = heart.ground, heart.ground.settings.telephony
    if section is None:
        return ()
    from callcenter.runtime.exchanges import pbx_of  # noqa: PLC0415 - likewise
    from callcenter.runtime.lines import Exchange, Hanging, lines_part  # noqa: PLC0415 - others need not load it
    from callcenter.runtime.red_calls import RedCalls  # noqa: PLC0415 - as above
    from callcenter.runtime.voice import automatic_of, voice_part  # noqa: PLC0415 - likewise

    automatic = automatic_of(ground)
    hanging, hub = Hanging(theirs=[automatic.theirs]), heart.seats.hub
    start_short = supervisor.start_short
    pbx = pbx_of(section)
    red = RedCalls(
        ground, pbx, heart.registry, heart.intake, heart.keeping, workbench, away, hub, start_short
    )
    red.hang(hanging)
    exchange = Exchange(ground, section, pbx, heart.registry, hub, hanging, start_short)
    return (
        lines_part(ground, exchange, section, pbx),
        red.part(exchange, section.folder),
        voice_part(ground, workbench, automatic, exchange.lines, section.folder),
    )


def _port(parts: Sequence[Part], kind: type[T]) -> T:
    """What one of the parts has."""
    return next(cast("T", part.ports[kind]) for part in parts if kind in part.ports)


async def _hand_over(office: Office, texts: Sequence[Mapping[str, object]]) -> bool:
    """Texts that leave before their rows; the office sends them."""
    return office.answers and await office.give("/texts", encode(texts)) is not None


async def _close(*held: HeldConnections) -> None:
    for connections in held:
        await connections.close()


def _front(
    heart: _Heart,
    parts: Sequence[Part],
    office: Office,
    listening: Listening,
    outside: SecondListener | None,
) -> Asgi:
    """Everything but signals: this process's own, and the way to the office."""
    ground = heart.ground
    token = ground.settings.metrics_token

    async def office_answers() -> bool:
        return office.answers

    async def alarms_are_stored() -> bool:
        return heart.stores()

    async def disk_reserve() -> bool:
        return ground.reserve.is_whole

    liveness = _port(parts, Liveness)
    metrics.DISK_RESERVE.set_function(lambda: ground.reserve.is_whole)
    health = Health(
        {
            "database": alarms_are_stored,
            "listeners": listening.all_open,
            "staying": heart.leaving.stays,
            "schema_known": heart.leaving.schema_known,
        },
        shown={
            "office": office_answers,
            "alarms_told": heart.untold.is_nothing,
            "texts_leave": heart.texts.leave_in_time,
            "disk_reserve": disk_reserve,
            "watchdog": liveness.watched,
            **({"outside": outside.is_there} if outside else {}),
        },
        listeners=listening.ages,
        office_metrics=partial(office.ask, "/metrics"),
        outside_metrics=outside.counted if outside else None,
        metrics_token=token.get_secret_value() if token else None,
    )
    liveness.health = health
    ports: dict[type, object] = {Health: health}
    for part in parts:
        ports |= part.ports
    framed_by = demo_page(ground.settings)
    bounds = bounding.bodies(ground.settings, ground.site)
    servers = ground.settings.several.servers
    more = [router for part in parts for router in part.routers]
    own = alarm_api(ground.context(ports, RightsChanged(ground)), framed_by, bounds, servers, more)
    beyond = beyond_seats(ground, BodiesFirst(office, own, bounds))
    front = passing(with_more(more), own, beyond)
    front = door_first(heart.door, BodiesFirst(own, own, bounds), front)
    checked = HostCheck(front, names_of(ground.settings))
    return BetweenServers(SecurityHeaders(checked, framed_by, servers), servers)


def names_of(settings: Settings) -> Names:
    """By which the server is asked: as it is set up, and as its certificate says."""
    return Names.of((*settings.public_names, *_certified(settings.tls_certificate)), settings.host)


def _certified(certificate: Path | None) -> Iterable[str]:
    """A certificate that only the TLS library can read is no reason not to receive alarms."""
    if certificate is None:
        return ()
    from callcenter.core import certificates  # noqa: PLC0415 - a site without one need not load it

    try:
        return certificates.names_of(certificate)
    except (OSError, ValueError) as error:
        log.warning("certificate_names_unknown", reason=str(error))
        return ()


def habits_of(settings: Settings, source: str) -> Habits:
    """What a source's signals mean where they do not say it: as it is set up, else the site's time and WGS-84."""
    found = next((each for each in settings.sources if each.name == source), None)
    zone = found.timezone if found and found.timezone else settings.timezone
    return Habits(ZoneInfo(zone), found.datum if found else Datum.WGS84)


def demo_page(settings: Settings) -> list[str]:
    """Origins that may show the console in a frame: the demo's page, in demo mode alone."""
    if not settings.demo:
        return []
    return [f"http://{name}:{settings.port + 1}" for name in ("127.0.0.1", "localhost")]
