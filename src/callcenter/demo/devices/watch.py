"""What the demo knows of the server: whether it answers, its phones and incidents, and the list of devices on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import structlog

from callcenter.core.clock import Clock
from callcenter.demo.devices.fleet import Fleet

log = structlog.get_logger(__name__)

FEED_PATH = "/api/demo/feed"
TELEPHONE_PATH = "/api/demo/telephone"
NO_CALLS: Mapping[str, Any] = {"there": False, "calls": []}
DEVICES_FILE = "demo-devices.json"
SECRETS_FILE = "secrets.json"
ASK_EVERY_S = 0.25
ASK_UNWATCHED_EVERY_S = 2.0
ANSWER_WITHIN_S = 3.0
GIVE_UP_AFTER_S = 30 * 60.0
SHOWN_ACKS = 50
ACK_FIELDS = ("number", "identifier", "stored_ms", "seen_ms", "sounding_ms", "taken_ms")


class ServerWatch:
    """Asks the server for its feed, often while a page is open, and tells the fleet and the page what has changed."""

    def __init__(
        self, data_dir: Path, client: httpx.AsyncClient, clock: Clock, fleet: Fleet
    ) -> None:
        self._data_dir = data_dir
        self._client = client
        self._clock = clock
        self._fleet = fleet
        self._answered_at = clock.monotonic()
        self._devices_as_of = 0.0
        self._pages = 0
        self._page_came = asyncio.Event()
        self.up = False
        self.phones: list[Any] = []
        self.incidents: list[Mapping[str, Any]] = []
        self.seats: Mapping[str, int] = {"connected": 0, "armed": 0}
        self.timezone = "UTC"
        """The site's, in which its texts tell the time; known with the first feed."""
        self.asks_telephone = False
        """There is a simulated exchange."""
        self.telephone: Mapping[str, Any] = NO_CALLS
        self.on_change: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Until the server has not answered for GIVE_UP_AFTER_S; then returns."""
        while True:
            self._look_for_devices()
            await self.ask()
            if self.asks_telephone:
                await self.ask_telephone()
            if self._clock.monotonic() - self._answered_at >= GIVE_UP_AFTER_S:
                break
            await self._pause()
        log.info("no_server_for_long", seconds=GIVE_UP_AFTER_S)

    @contextmanager
    def page_open(self) -> Iterator[None]:
        """A page looks on while the block runs."""
        self._pages += 1
        self._page_came.set()
        try:
            yield
        finally:
            self._pages -= 1

    async def _pause(self) -> None:
        if self._pages:
            await asyncio.sleep(ASK_EVERY_S)
            return
        self._page_came.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._page_came.wait(), ASK_UNWATCHED_EVERY_S)

    async def ask(self) -> None:
        """Ask once."""
        try:
            headers = {"X-Demo-Token": self.token()}
            response = await self._client.get(FEED_PATH, headers=headers, timeout=ANSWER_WITHIN_S)
            feed = response.json() if response.status_code == 200 else {}
        except (httpx.TransportError, ValueError):
            self._note(up=False, phones=self.phones, incidents=self.incidents, seats=self.seats)
            return
        self._answered_at = self._clock.monotonic()
        self._fleet.hear(feed.get("incidents", []))
        self.timezone = feed.get("timezone", self.timezone)
        self._note(
            up=True,
            phones=feed.get("phones", self.phones),
            incidents=feed.get("incidents", self.incidents),
            seats=feed.get("seats", self.seats),
        )

    async def ask_telephone(self) -> None:
        """Who outside rings or speaks. A server that does not answer has no calls: they end with it."""
        headers = {"X-Demo-Token": self.token()}
        try:
            response = await self._client.get(
                TELEPHONE_PATH, headers=headers, timeout=ANSWER_WITHIN_S
            )
            said = response.json() if response.status_code == 200 else NO_CALLS
        except (httpx.TransportError, ValueError):
            said = NO_CALLS
        if said != self.telephone:
            self.telephone = said
            self.on_change()

    def token(self) -> str:
        """Opens the demo's part of the server's API; "" until the server has made it."""
        try:
            return str(json.loads((self._data_dir / SECRETS_FILE).read_bytes())["demo_token"])
        except (OSError, ValueError, KeyError):
            return ""

    def acks(self) -> list[dict[str, Any]]:
        """The three acknowledgements of the newest incidents, in milliseconds: of the press that opened each."""
        opening: dict[int, Mapping[str, Any]] = {}
        for incident in self.incidents:
            opening.setdefault(int(incident["number"]), incident)
        newest = sorted(opening, reverse=True)[:SHOWN_ACKS]
        return [{name: opening[number].get(name) for name in ACK_FIELDS} for number in newest]

    def _note(
        self,
        *,
        up: bool,
        phones: list[Any],
        incidents: list[Mapping[str, Any]],
        seats: Mapping[str, int],
    ) -> None:
        known = self.up, self.phones, self.incidents, self.seats
        if (up, phones, incidents, seats) == known:
            return
        self.up, self.phones, self.incidents, self.seats = up, phones, incidents, seats
        self.on_change()

    def _look_for_devices(self) -> None:
        """The server writes the list of devices when the community has moved in, which may be after our start."""
        path = self._data_dir / DEVICES_FILE
        try:
            as_of = path.stat().st_mtime
            if as_of == self._devices_as_of:
                return
            self._fleet.use(json.loads(path.read_bytes()))
            self._devices_as_of = as_of
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("devices_not_read", path=str(path), error=str(error))
