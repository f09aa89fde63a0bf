"""The alarm process: devices, the board, seats, and every command on an incident. Nothing in it waits for anything else."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import alarms_told
from callcenter.alerts.processors import alarm_processors
from callcenter.api import alarm_api, is_the_alarms
from callcenter.api.health import Health
from callcenter.api.middleware import SecurityHeaders
from callcenter.api.passing import Office, passing
from callcenter.api.serving import HttpServer, Manner, signals_before
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Habits
from callcenter.devices.formats import FORMATS
from callcenter.devices.refreshing import DIRECTORY
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Datum
from callcenter.listeners.binding import Bound
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import Asgi, signals_first
from callcenter.runtime.ground import Ground, Hint
from callcenter.runtime.listening import Listening
from callcenter.runtime.part import Part
from callcenter.runtime.registering import registry_part
from callcenter.runtime.seating import RightsChanged, seats_part
from callcenter.seats.assembly import Seats
from callcenter.settings import Settings

POOL_SIZE = 4
"""Sessions and readiness; alarms, commands and the board have connections of their own."""
PROCESSED_AT_ONCE = 4
"""Each processor of the alarm path holds one while it looks, and no operator waits for them."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """What the parent has bound: the one port, the devices' ports, the way to the office."""

    http: socket.socket
    devices: Sequence[Bound]
    office: Path


class _Heart:
    """What an alarm passes through, from the registry to the seats, and what tells others of it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.incidents_changed = Hint(ground.changes, "incidents")
        self.texts_written = Hint(ground.changes, "sms")
        self.seats = Seats(
            ground.database,
            ground.clock,
            ground.wakeups,
            ground.process_id,
            sweep_every_s=ground.settings.alarm.sweep_every_s,
            hint=self.incidents_changed.give,
        )
        self.registry = Registry(
            lambda sealed, context: ground.seal.open(sealed, context=context), ground.zone
        )
        self.intake = Intake(
            ground.database,
            self.registry,
            ground.clock,
            self.seats.hub,
            texts_written=self.texts_written.give,
        )

    def hints_part(self) -> Part:
        """To other servers and to the office."""
        return Part(
            tasks={
                "hint-incidents": self.incidents_changed.run,
                "hint-sms": self.texts_written.run,
            }
        )

    def handling_part(self) -> Part:
        """Commands of operators and of the system itself."""
        ground = self.ground
        connections = HeldConnections(ground.database, "commands", 4)
        processing = HeldConnections(ground.database, "processing", PROCESSED_AT_ONCE)
        workbench = Workbench(
            connections=connections,
            registry=self.registry,
            board=self.seats.hub,
            clock=ground.clock,
            texts_written=self.texts_written.give,
            directory_changed=partial(ground.wakeups.wake, DIRECTORY),
            zone=ground.zone,
        )
        gone_s = ground.settings.alarm.taker_gone_s
        return Part(
            ports={Workbench: workbench},
            processors=alarm_processors(
                replace(workbench, connections=processing), self.intake, taker_gone_s=gone_s
            ),
            listens={"replies": lambda _: ground.wakeups.wake("replies")},
            stop=partial(_close, connections, processing),
        )


def build(
    settings: Settings, dsn: str, sockets: Sockets, supervisor: Supervisor
) -> tuple[Ground, list[Part], HttpServer]:
    """Everything of this process."""
    ground = Ground(settings, dsn, pool_size=POOL_SIZE)
    heart = _Heart(ground)
    office = Office(sockets.office)
    listening = Listening(sockets.devices)
    parts = [
        Part(prepare=listening.place),
        registry_part(ground, heart.registry, heart.intake),
        heart.hints_part(),
        Part(tasks={"office": office.watch}, stop=office.close),
        seats_part(ground, heart.seats),
        heart.handling_part(),
        listening.part(ground, heart.registry, heart.intake),
    ]
    ingest = HttpListener(
        FORMATS.values(),
        heart.intake,
        ground.clock,
        heart.registry.credentials,
        partial(habits_of, settings),
    )
    front = signals_first(ingest, _front(ground, parts, office, listening))
    manner = Manner(
        settings.tls_certificate, settings.tls_key, behind_proxy=bool(settings.public_origins)
    )
    protocol = signals_before(ingest, supervisor, settings.head_within_s)
    http = HttpServer(front, sockets.http, manner, protocol)
    return ground, parts, http


async def _close(*held: HeldConnections) -> None:
    for connections in held:
        await connections.close()


def _front(ground: Ground, parts: Sequence[Part], office: Office, listening: Listening) -> Asgi:
    """Everything but signals: this process's own, and the way to the office."""
    token = ground.settings.metrics_token

    async def office_answers() -> bool:
        return office.answers

    health = Health(
        {"listeners": listening.all_open},
        shown={"office": office_answers, "alarms_told": alarms_told},
        office_metrics=partial(office.ask, "/metrics"),
        metrics_token=token.get_secret_value() if token else None,
    )
    ports: dict[type, object] = {Health: health}
    for part in parts:
        ports |= part.ports
    framed_by = demo_page(ground.settings)
    own = alarm_api(ground.context(ports, RightsChanged(ground)), framed_by)
    return SecurityHeaders(passing(is_the_alarms, own, office), framed_by)


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
