"""The watchdog's life: a circle each minute, what it raises, what it remembers."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import structlog

from callcenter.core.clock import Clock
from callcenter.core.errors import CallCenterError, Misconfigured
from callcenter.core.supervisor import Supervisor, wait_for_any
from callcenter.liveness.circle import Circle
from callcenter.watchdog import alarming
from callcenter.watchdog.alarming import Event, Notice, Rules, Standing
from callcenter.watchdog.configuration import Configuration
from callcenter.watchdog.rounding import Rounds
from callcenter.watchdog.state_file import load_standing, save_standing
from callcenter.watchdog.virtual_seat import VirtualSeat
from callcenter.watchdog.ways import say
from callcenter.watchdog.wording import in_all

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 1.0


class Watchdog:
    """`run` until `stop`. What it raises does not wait for the circle, nor the circle for that."""

    def __init__(self, settings: Configuration, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._rules = Rules(settings.failures, timedelta(seconds=settings.repeat_s))
        self._file = settings.state_file or Path("watchdog-state.json")
        self._standing = load_standing(self._file, len(settings.ways))
        self._news = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Circle and alarms, each in its own task."""
        settings = self._settings
        tls = tls_of(settings)
        seat = VirtualSeat(
            [each.rstrip("/") for each in settings.servers],
            settings.token.get_secret_value(),
            settings.press.device,
            self._clock,
            tls,
        )
        verify = tls if tls is not None else True
        async with (
            httpx.AsyncClient(trust_env=False, timeout=settings.within_s, verify=verify) as client,
            Supervisor() as supervisor,
        ):
            supervisor.start(seat.run(), name="virtual-seat")
            supervisor.start(self._alarms(), name="alarms")
            await self._circles(Rounds(settings, seat, client, self._clock), stop)

    async def _circles(self, rounds: Rounds, stop: asyncio.Event) -> None:
        while not stop.is_set():
            began = self._clock.monotonic()
            circle = await rounds.one()
            self._judge(circle)
            try:
                await rounds.tell(circle)
            except CallCenterError as error:
                log.warning("watchdog_not_told", reason=error.message)
            pause = self._settings.every_s if circle.failed is None else self._settings.retry_s
            rest = max(0.0, pause - (self._clock.monotonic() - began))
            await wait_for_any([stop], timeout_s=rest)

    def _judge(self, circle: Circle) -> None:
        failed = circle.failed
        times = {leg.leg.value: leg.ms for leg in circle.legs if leg.ms is not None}
        if failed is None:
            log.info("circle_closed", kept=circle.kept, **times)
        else:
            log.error("circle_not_closed", leg=failed.leg.value, detail=failed.detail, **times)
        now = self._clock.now()
        self._keep(alarming.after_circle(self._standing, failed, now, self._rules))
        self._news.set()

    async def _alarms(self) -> None:
        while True:
            self._news.clear()
            now = self._clock.now()
            self._keep(alarming.repeated(self._standing, now, self._rules))
            for place, notice in alarming.due(self._standing, now):
                await self._say(place, notice)
            await wait_for_any([self._news], timeout_s=LOOK_EVERY_S)

    async def _say(self, place: int, notice: Notice) -> None:
        way = self._settings.ways[place]
        said = in_all(notice, self._settings.name, self._settings.language)
        try:
            await say(way, notice, said, self._settings.name)
        except CallCenterError as error:
            log.error("watchdog_way_failed", way=way.kind, place=place, reason=error.message)  # noqa: TRY400 - its reason says all
            self._keep(alarming.not_said(self._standing, place, self._clock.now()))
            return
        log.warning("watchdog_said", way=way.kind, event_said=notice.event.value)
        self._keep(alarming.said(self._standing, place, notice, self._clock.now()))

    def _keep(self, standing: Standing) -> None:
        if standing == self._standing:
            return
        self._standing = standing
        try:
            save_standing(self._file, standing)
        except OSError as error:  # it goes on without: what it must say matters more
            log.error("watchdog_state_not_kept", reason=str(error))  # noqa: TRY400 - as above


async def try_alarm(settings: Configuration, now: datetime) -> list[tuple[str, str | None]]:
    """Says a trial by every way; the kind of each, and why it could not, or None."""
    notice = Notice(Event.TRIAL, now, now, None)
    said = in_all(notice, settings.name, settings.language)
    found: list[tuple[str, str | None]] = []
    for way in settings.ways:
        try:
            await say(way, notice, said, settings.name)
            found.append((way.kind, None))
        except CallCenterError as error:
            found.append((way.kind, error.message))
    return found


def tls_of(settings: Configuration) -> ssl.SSLContext | None:
    """None: no server is reached by TLS. Raises Misconfigured."""
    if not any(each.startswith("https://") for each in settings.servers):
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"ca_file: {settings.ca_file} cannot be read: {error}") from error
