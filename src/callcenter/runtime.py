"""The composition root: builds everything, picks the adapters, runs it as supervised tasks, stops it in order."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import asyncpg
import structlog
import uvloop
from fastapi import APIRouter
from pydantic import SecretStr

from callcenter import __version__
from callcenter.alerts.archive import Archive
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.demo_feed import Feed, feed_router, logins_router
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.processors import alarm_processors
from callcenter.api import create_api
from callcenter.api.health import Health
from callcenter.api.serving import Address, Asgi, HttpServer, alarms_first
from callcenter.auth.guards import Context
from callcenter.auth.sessions import Sessions
from callcenter.core import metrics
from callcenter.core.changes import Changes
from callcenter.core.clock import SystemClock
from callcenter.core.cluster import Cluster
from callcenter.core.database import Database, assert_durable
from callcenter.core.errors import Misconfigured
from callcenter.core.held import HeldConnections, keep_doing
from callcenter.core.ids import new_id
from callcenter.core.processing import Processor, Wakeups, run_processor
from callcenter.core.sealed import Seal
from callcenter.core.secrets import Secrets, load_secrets
from callcenter.core.supervisor import Supervisor
from callcenter.devices.last_seen import INTERVAL_S as LAST_SEEN_INTERVAL_S, write_last_seen
from callcenter.devices.protocols.dc09 import ClockRule, Dc09Codec
from callcenter.devices.registry import Registry
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.http import HttpListener
from callcenter.listeners.tcp import TcpListener
from callcenter.listeners.udp import UdpListener
from callcenter.regions.founding import found_root
from callcenter.residents.access import DirectoryHint
from callcenter.seats.hub import Hub
from callcenter.seats.presence import Presence
from callcenter.seats.proofs import Proofs
from callcenter.seats.socket import Desk
from callcenter.seats.sweep import Sweep
from callcenter.seats.upkeep import Loop, Upkeep, hint_or
from callcenter.settings import Settings
from callcenter.sms.gateway import Gateway
from callcenter.sms.gateways.kannel import KannelAccess, KannelGateway
from callcenter.sms.gateways.sandbox import SandboxGateway
from callcenter.sms.router import Demo, Hooks, demo_router, hooks_router
from callcenter.sms.sender import Ports, Sender

log = structlog.get_logger(__name__)

DC09 = "dc09"
GC_THRESHOLDS = (50_000, 20, 50)
"""A busy second allocates far more than the default 700 objects; nothing on the alarm path makes cycles."""


def run(settings: Settings, dsn: str, cluster: Cluster | None) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code. The private cluster, if any, is already up and is stopped by the caller."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_Server(settings, dsn, cluster).serve())


class _Server:
    """Everything of one process."""

    def __init__(self, settings: Settings, dsn: str, cluster: Cluster | None) -> None:
        self._settings = settings
        self._cluster = cluster
        self._clock = SystemClock()
        self._process_id = new_id()
        self._database = Database(dsn)
        self._secrets: Secrets = load_secrets(settings.data_dir)
        self._seal = Seal.load(settings.data_dir)
        self._directory_hint = asyncio.Event()
        self._wakeups = Wakeups()
        self._changes = Changes(self._database)
        self._changed = asyncio.Event()
        self._registry = Registry(lambda sealed, context: self._seal.open(sealed, context=context))
        self._hub = Hub(self._clock, hint=self._changed.set)
        self._intake = Intake(
            self._database,
            self._registry,
            self._clock,
            self._hub,
            texts_written=lambda: self._wakeups.wake("sms_sender"),
        )
        self._proofs = Proofs(self._hub, self._clock)
        self._sweep = Sweep(self._hub, self._registry.region_path)
        self._presence = Presence(self._hub, self._process_id)
        self._upkeep = Upkeep(
            self._hub,
            self._sweep,
            self._presence,
            self._proofs,
            self._clock,
            sweep_every_s=settings.alarm.sweep_every_s,
        )
        self._reading = HeldConnections(self._database, "seat-snapshots", 2)
        self._working = HeldConnections(self._database, "commands", 4)
        self._workbench = Workbench(
            connections=self._working,
            registry=self._registry,
            board=self._hub,
            clock=self._clock,
            texts_written=lambda: self._wakeups.wake("sms_sender"),
            directory_changed=self._directory_hint.set,
        )
        self._listeners: list[TcpListener | UdpListener] = []

    async def serve(self) -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await self._prepare()
        async with Supervisor() as supervisor:
            sender = self._sender(supervisor)
            await self._start_loops(supervisor)
            self._start_processors(supervisor, [sender, *self._processors()])
            self._intake.start(supervisor)
            await self._listen(supervisor)
            http = HttpServer(self._application(), self._address())
            supervisor.start(http.run(), name="http")
            gc.collect()
            gc.freeze()  # what lives as long as the process is not walked again (a full walk stops the loop)
            gc.set_threshold(*GC_THRESHOLDS)
            await stop.wait()
            log.info("stopping")
            await self._stop(http, sender)
        await self._database.close()
        return 0

    # ---- before anything is served

    async def _prepare(self) -> None:
        connection = await self._database.connect("start", answer_s=None)  # it reads everything
        try:
            await assert_durable(connection)
            root = await found_root(connection)
            await self._place_dc09(connection, root)
            await self._registry.load(connection)
            await self._sweep.incidents(connection)  # from here on it finds every change
        finally:
            await connection.close()

    async def _place_dc09(self, connection: asyncpg.Connection, root: int) -> None:
        """Whoever calls over DC-09 and is not known belongs to the region of the settings, else to the root."""
        code, region = self._settings.dc09.region, root
        if code is not None:
            region = await connection.fetchval("SELECT id FROM region WHERE code = $1", code)
            if region is None:
                raise Misconfigured(f"dc09.region: there is no region with the code {code!r}")
        await connection.execute(_DC09_SOURCE, region, code is not None)

    # ---- tasks

    async def _start_loops(self, supervisor: Supervisor) -> None:
        changes = self._changes
        await changes.listen("incidents", lambda _: self._upkeep.hint.set())
        await changes.listen("grants", lambda _: self._upkeep.hint.set())
        await changes.listen("directory", lambda _: self._directory_hint.set())
        await changes.listen("sms", lambda _: self._wakeups.wake("sms_sender"))
        await changes.listen("replies", lambda _: self._wakeups.wake("replies"))
        supervisor.start(changes.run(), name="changes")
        supervisor.start(self._hub.run(), name="hub")
        supervisor.start(self._upkeep.beat(), name="beat")
        supervisor.start(self._pass_on_hints(), name="hints")
        supervisor.start(metrics.watch_loop_lag(self._clock), name="loop-lag")
        for loop in [*self._upkeep.loops(), *self._registry_loops()]:
            doing = keep_doing(self._database, loop.name, loop.wait, loop.step)
            supervisor.start(doing, name=loop.name)
        if self._cluster is not None:
            supervisor.start(self._cluster.watch(), name="postgres")

    def _registry_loops(self) -> list[Loop]:
        every_s = self._settings.alarm.sweep_every_s
        return [
            Loop("directory", hint_or(self._directory_hint, every_s), self._registry.sweep),
            Loop(
                "last-seen",
                lambda: asyncio.sleep(LAST_SEEN_INTERVAL_S),
                lambda connection: write_last_seen(connection, self._intake.last_seen),
            ),
        ]

    async def _pass_on_hints(self) -> None:
        """NOTIFY after the commit, on its own connection; many changes become one hint."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._changes.notify("incidents")
            await asyncio.sleep(0.05)

    def _start_processors(self, supervisor: Supervisor, processors: Sequence[Processor]) -> None:
        never = asyncio.Event()
        for processor in processors:
            supervisor.start(
                run_processor(processor, self._wakeups, self._clock, never), name=processor.name
            )

    def _processors(self) -> list[Processor]:
        gone_s = self._settings.alarm.taker_gone_s
        return alarm_processors(self._workbench, self._intake, taker_gone_s=gone_s)

    # ---- texts

    def _sender(self, supervisor: Supervisor) -> Sender:
        return Sender(
            Ports(
                connect=self._database.connect,
                start_short=supervisor.start_short,
                wake=lambda: self._wakeups.wake("sms_sender"),
                on_changed=self._upkeep.note_texts,
            ),
            [self._gateway()],
            zone=ZoneInfo(self._settings.timezone),
            clock=self._clock,
        )

    def _gateway(self) -> Gateway:
        sms = self._settings.sms
        if sms.gateway == "sandbox":
            return SandboxGateway()
        password = _plain(sms.kannel_password) or ""
        receipts = f"{sms.callback_url}/hooks/kannel/{self._secrets.hook_secret}/receipt"
        return KannelGateway(
            KannelAccess(
                url=sms.kannel_url or "",
                username=sms.kannel_user or "",
                password=password,
                receipt_url=receipts,
                sender=sms.kannel_sender or "",
                smsc=sms.kannel_smsc or "",
            )
        )

    # ---- ways in

    async def _listen(self, supervisor: Supervisor) -> None:
        dc09 = self._settings.dc09
        source = self._registry.source(DC09)
        if not dc09.enabled or source is None:
            return
        delivery = Delivery(source, self._intake)
        rule = ClockRule(dc09.clock_behind_s, dc09.clock_ahead_s, dc09.accept_wrong_clock)
        keys = self._registry.keys(DC09)
        common = (lambda: Dc09Codec(rule), delivery, keys, self._clock, supervisor)
        tcp, udp = TcpListener(*common), UdpListener(*common)
        try:
            tcp_port = await tcp.start(dc09.host, dc09.tcp_port)
            udp_port = await udp.start(dc09.host, dc09.udp_port)
        except OSError as error:
            raise Misconfigured(
                f"dc09: cannot listen on {dc09.host}, TCP {dc09.tcp_port} or UDP {dc09.udp_port}: {error}"
            ) from error
        self._listeners = [tcp, udp]
        log.info("listening", protocol=DC09, host=dc09.host, tcp_port=tcp_port, udp_port=udp_port)

    def _address(self) -> Address:
        settings = self._settings
        return Address(
            settings.host,
            settings.port,
            settings.tls_certificate,
            settings.tls_key,
            behind_proxy=bool(settings.public_origins),
        )

    def _application(self) -> Asgi:
        beside = [f"http://{name}:{self._settings.port + 1}" for name in ("127.0.0.1", "localhost")]
        api = create_api(self._context(), routers=self._routers(), demo_origins=beside)
        ingest = HttpListener(self._intake, self._clock, self._registry.credentials)
        return alarms_first(ingest, api)

    def _context(self) -> Context:
        settings = self._settings
        sessions = Sessions(self._database, self._clock)
        ports: dict[type, object] = {
            Desk: Desk(self._hub, self._proofs, self._sweep, self._reading),
            Hub: self._hub,
            Workbench: self._workbench,
            Archive: Archive(self._reading, self._clock, ZoneInfo(settings.timezone)),
            Registry: self._registry,
            Seal: self._seal,
            Changes: self._changes,
            DirectoryHint: self._tell_directory_changed,
            Health: Health({"listeners": self._listeners_up}, _plain(settings.metrics_token)),
        }
        return Context(
            database=self._database,
            clock=self._clock,
            sessions=sessions,
            secure_cookies=settings.tls_certificate is not None
            or any(origin.startswith("https://") for origin in settings.public_origins),
            build=__version__,
            demo=settings.demo,
            site_timezone=settings.timezone,
            origins=frozenset(settings.origins),
            grants_changed=self._tell_grants_changed,
            ports=ports,
        )

    def _hooks(self) -> Hooks:
        return Hooks(
            database=self._database,
            clock=self._clock,
            secret=self._secrets.hook_secret,
            on_changed=self._upkeep.note_texts,
            on_arrival=self._tell_reply,
        )

    def _routers(self) -> list[APIRouter]:
        hooks = self._hooks()
        routers = [hooks_router(hooks)]
        if self._settings.demo:
            zone = ZoneInfo(self._settings.timezone)
            token = self._secrets.demo_token
            routers += [
                demo_router(Demo(hooks, zone, token)),
                feed_router(Feed(self._database, self._reading, zone, token)),
                logins_router(self._settings.data_dir / "demo-logins.json"),
            ]
        return routers

    async def _listeners_up(self) -> bool:
        return bool(self._listeners) or not self._settings.dc09.enabled

    async def _tell_grants_changed(self) -> None:
        self._upkeep.hint.set()
        await self._changes.notify("grants")

    async def _tell_directory_changed(self) -> None:
        self._directory_hint.set()
        await self._changes.notify("directory")

    def _tell_reply(self) -> None:
        self._wakeups.wake("replies")

    # ---- the end

    async def _stop(self, http: HttpServer, sender: Sender) -> None:
        """Ways in first, then seats and requests, then the leases; what is in a lane has been written by then."""
        for listener in self._listeners:
            await listener.stop()
        self._hub.cut(self._hub.seats.values(), 1012)
        await http.stop()
        try:
            async with self._working.use() as connection:
                await self._presence.leave(connection)
        except Exception as error:  # noqa: BLE001 - the leases run out by themselves
            log.warning("presence_not_withdrawn", error=str(error))
        await sender.close()
        await self._working.close()
        await self._reading.close()


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


_DC09_SOURCE = """
INSERT INTO source (name, kind, region_id) VALUES ('dc09', 'dc09', $1)
ON CONFLICT (name) DO UPDATE SET region_id = excluded.region_id
WHERE $2 AND source.region_id <> excluded.region_id
"""
