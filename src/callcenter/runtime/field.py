"""Those who are sent: duty, tasks, offers, positions. All of it is the office's; alarms do not wait for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import tzinfo
from functools import partial
from typing import Final

from fastapi import APIRouter

from callcenter.alerts.field.calling_off import TasksOfClosed
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.processing import Processor, Wakeups
from callcenter.core.sealed import Seal
from callcenter.dispatch import placing
from callcenter.dispatch.catching_up import TasksToTell
from callcenter.dispatch.desk.booking import WithBooking
from callcenter.dispatch.desk.looks import Looks
from callcenter.dispatch.duty.by_the_clock import DutiesByTheClock
from callcenter.dispatch.field_answers import FieldAnswers
from callcenter.dispatch.hints import FIELD
from callcenter.dispatch.phones.router import PhoneAddress
from callcenter.dispatch.placing import Placing
from callcenter.dispatch.positions.carried import CarriedDevices
from callcenter.dispatch.positions.parts import TrackParts
from callcenter.dispatch.positions.reading import FieldReading
from callcenter.dispatch.positions.tracker import Trackers
from callcenter.dispatch.task import TaskKind
from callcenter.rounds.closing import EndsOfRuns
from callcenter.rounds.pairs.overdue import PairsDue
from callcenter.rounds.reading import RoundAnswers
from callcenter.rounds.rides.booking import price
from callcenter.rounds.rides.rating import Ratings
from callcenter.rounds.writing import RoundRuns
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part

AT_ONCE: Final = 4
"""Connections that the field's processors share: a lock for which all of them wait takes none from pages and log-ins."""


def field_processors(database: Database, seal: Seal, clock: Clock, zone: tzinfo) -> list[Processor]:
    """What works through tasks, duties, texts and rounds, each with one connection at a time."""
    return [
        DutiesByTheClock(database, zone),
        FieldAnswers(database, seal, clock),
        Placing(database, zone),
        TasksToTell(database),
        TasksOfClosed(database),
        RoundRuns(database, zone),
        EndsOfRuns(database, zone),
        PairsDue(database, zone),
        Ratings(database, zone),
        RoundAnswers(database, zone),
        CarriedDevices(database),
    ]


def field_part(ground: Ground) -> Part:
    """Of the office. Each of these lists is what one part of the field brings."""
    routers: list[APIRouter] = []
    beside = Database(ground.database.dsn, pool_size=AT_ONCE)
    processors = field_processors(beside, ground.seal, ground.clock, ground.zone)
    ports: dict[type, object] = {
        Wakeups: ground.wakeups,
        Looks: Looks(),
        WithBooking: WithBooking({TaskKind.RIDE: partial(price, zone=ground.zone)}),
    }
    if (public_url := ground.settings.field.public_url) is not None:
        ports[PhoneAddress] = PhoneAddress(base=public_url.rstrip("/"))
    closing: list[Callable[[], Awaitable[None]]] = [beside.close]

    reading = FieldReading(ground.database, ground.clock)
    trackers = Trackers(ground.database)
    ports |= {FieldReading: reading, Trackers: trackers}
    tracks = TrackParts(ground.database, ground.site)
    processors.append(tracks)
    closing += [reading.connections.close, trackers.connections.close, tracks.connections.close]

    async def stop() -> None:
        for close in closing:
            await close()

    def look() -> None:
        ground.wakeups.wake(placing.NAME)

    return Part(
        processors=processors,
        listens={FIELD: lambda _: look()},
        routers=routers,
        ports=ports,
        stop=stop,
    )
