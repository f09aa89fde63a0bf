"""The virtual seat: a client of `/ws/v1/seat` as a console is one. It stays connected, and proves what it gets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

from callcenter.auth.guards import COOKIE
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.devices.watch_device import WATCHDOG
from callcenter.seats.messages import PROTOCOL

log = structlog.get_logger(__name__)

SILENT_S: Final = 6.0
"""Three beats."""
PULSE_S: Final = 2.0
CONNECT_WITHIN_S: Final = 5.0
RECONNECT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A press as the seat was shown it."""

    incident_id: str
    journal_id: str
    ring: int


class VirtualSeat:
    """`run` keeps it connected; `shown` waits for a press of this device."""

    def __init__(
        self, servers: list[str], token: str, device: str, clock: Clock, tls: ssl.SSLContext | None
    ) -> None:
        self._servers = servers
        self._token = token
        self._device = device.upper()
        self._clock = clock
        self._tls = tls
        self._socket: ClientConnection | None = None
        self._heard_at: float | None = None
        self._presses: asyncio.Queue[Shown] = asyncio.Queue(100)
        self._rings: dict[str, int] = {}
        self.server = servers[0]
        """The address that answered last."""
        self.foreign = 0
        """Incidents that were none of its own: there must be none."""
        self.why = "not connected yet"
        """Why it hears nothing."""
        self.beats = asyncio.Event()
        """Set while it is connected and hears the beat."""

    @property
    def hears(self) -> bool:
        """Whether the server's beat comes."""
        return self._heard_at is not None and self._clock.monotonic() - self._heard_at < SILENT_S

    async def run(self) -> None:
        """Connected for ever, at whichever address answers."""
        place = 0
        while True:
            server = self._servers[place % len(self._servers)]
            try:
                await self._stay(server)
                self.why = f"{server} has closed the seat"
            except (
                OSError,
                TimeoutError,
                WebSocketException,
                InvalidHandshake,
                InvalidURI,
            ) as error:
                self.why = f"{server}: {error or type(error).__name__}"
            self._socket, self._heard_at = None, None
            self.beats.clear()
            place += 1
            await asyncio.sleep(RECONNECT_S)

    async def _stay(self, server: str) -> None:
        parts = urlsplit(server)
        scheme = "wss" if parts.scheme == "https" else "ws"
        async with connect(
            f"{scheme}://{parts.netloc}/ws/v1/seat",
            origin=server,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{COOKIE}={self._token}"},
            compression=None,
            max_size=2**22,
            open_timeout=CONNECT_WITHIN_S,
            close_timeout=1.0,
            proxy=None,
            ssl=self._tls if scheme == "wss" else None,
        ) as socket:
            self._socket, self.server = socket, server
            await self._say("hello", protocol=PROTOCOL, build="watchdog")
            async with asyncio.TaskGroup() as group:
                pulsing = group.create_task(self._pulse(), name="pulse")
                try:
                    await self._read(socket)
                finally:
                    pulsing.cancel()
        self.why = f"{server} has closed the seat ({socket.close_code})"

    async def _read(self, socket: ClientConnection) -> None:
        """A server that stands still sends nothing: then the connection is worth nothing."""
        with suppress(WebSocketException):
            while True:
                async with asyncio.timeout(SILENT_S):
                    text = await socket.recv()
                await self._take(orjson.loads(text))

    async def _pulse(self) -> None:
        with suppress(WebSocketException):
            while True:
                await self._say("pulse")
                await asyncio.sleep(PULSE_S)

    async def _take(self, message: Mapping[str, Any]) -> None:
        self._heard_at = self._clock.monotonic()
        kind = message.get("type")
        if kind == "beat":
            self.beats.set()
        if kind not in ("snapshot", "incidents"):
            return
        for incident in message["incidents"]:
            if str(incident["identifier"]).upper() == self._device:
                self._rings[incident["id"]] = incident["ring"]
            elif incident["card"].get("device_kind") != WATCHDOG:
                self.foreign += 1
                log.error("watchdog_sees_others", incident_id=incident["id"])
        for entry in message.get("entries", ()):
            self._note(entry)

    def _note(self, entry: Mapping[str, Any]) -> None:
        data = entry.get("data") or {}
        journal_id, incident_id = data.get("journal_id"), entry["incident_id"]
        if journal_id is None or incident_id not in self._rings:
            return
        if self._presses.full():
            self._presses.get_nowait()
        self._presses.put_nowait(Shown(incident_id, journal_id, self._rings[incident_id]))

    def forget(self) -> None:
        """Before a press: what came of earlier ones is not about it."""
        while not self._presses.empty():
            self._presses.get_nowait()
        for known in list(self._rings)[:-20]:
            del self._rings[known]

    async def shown(self) -> Shown:
        """The next press that is shown."""
        return await self._presses.get()

    async def prove(self, shown: Shown) -> None:
        """As a console that has painted it and sounds. Raises Unavailable when it is not connected."""
        rung = [{"incident_id": shown.incident_id, "ring": shown.ring}]
        await self._say("seen", incidents=rung)
        await self._say("sounding", incidents=rung)

    async def _say(self, kind: str, **fields: object) -> None:
        if self._socket is None:
            raise Unavailable("the seat is not connected")
        try:
            await self._socket.send(orjson.dumps({"type": kind, **fields}), text=True)
        except WebSocketException as error:
            raise Unavailable(f"the seat lost its connection: {error}") from error
