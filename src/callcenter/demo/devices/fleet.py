"""All virtual devices of the demo: presses in, frames out, until each is acknowledged. What is unacknowledged is on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog

from callcenter.core.clock import Clock
from callcenter.core.errors import Invalid, NotFound, TooManyAttempts
from callcenter.core.ids import new_id
from callcenter.core.private_files import replace_private
from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices import device_state, dialler, http_client
from callcenter.demo.devices.device_state import Device, Key, Press, State

log = structlog.get_logger(__name__)

REPEAT_S = 2.0
STATE_FILE = "demo-device-states.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the devices report: the server's origin, and host and port of its DC-09 listener."""

    server: str
    dc09_host: str
    dc09_port: int


class Fleet:
    """Holds the state of every device and sends what is pending, one task a device."""

    def __init__(
        self,
        addresses: Addresses,
        client: httpx.AsyncClient,
        clock: Clock,
        supervisor: Supervisor,
        *,
        state_file: Path,
        repeat_s: float = REPEAT_S,
        answer_within_s: float = dialler.ANSWER_WITHIN_S,
    ) -> None:
        self._addresses = addresses
        self._client = client
        self._clock = clock
        self._supervisor = supervisor
        self._state_file = state_file
        self._repeat_s = repeat_s
        self._answer_within_s = answer_within_s
        self._devices: dict[str, Device] = {}
        self._credentials: http_client.Credentials | None = None
        self._states = _read_states(state_file)
        self._sending: set[str] = set()
        self._clock_off = timedelta(0)
        self.on_change: Callable[[], None] = lambda: None
        self.power_cut_at: datetime | None = None
        """When the mains have failed last."""

    def use(self, content: Mapping[str, Any]) -> None:
        """Take over the devices of demo-devices.json and go on with what they had not got rid of."""
        rows = [device_state.read_device(row) for row in content["devices"]]
        self._devices = {device.identifier: device for device in rows}
        if content.get("http"):
            self._credentials = http_client.Credentials.read(content["http"])
        for identifier in self._devices:
            self._go_on(identifier)
        self.on_change()

    def press(self, identifier: str, key: Key) -> None:
        """A key of a device is pressed: on disk first, then on the wire. Raises NotFound, Invalid, TooManyAttempts."""
        device = self._devices.get(identifier)
        if device is None:
            raise NotFound(f"There is no device {identifier}.", identifier=identifier)
        if key not in device.keys:
            raise Invalid(f"A {device.kind} has no {key} key.", kind=device.kind, key=key)
        before = self._state(identifier)
        after = device_state.pressed(before, key, str(new_id()), self._clock.now())
        if after is before:
            raise TooManyAttempts("The device waits for answers.", retry_after_s=self._repeat_s)
        self._put(identifier, after, save=True)
        self._go_on(identifier)

    def cut_power(self) -> int:
        """The mains fail in the community: one device of each home says so, once, beside whatever it has to say otherwise. The
        number of homes.
        """
        homes = {device.home or identifier: device for identifier, device in self._devices.items()}
        now = self._clock.now()
        self.power_cut_at = now
        self._supervisor.start_short(
            self._say_power_failed(list(homes.values()), now), name="power"
        )
        self.on_change()
        return len(homes)

    def hear(self, incidents: Iterable[Mapping[str, Any]]) -> None:
        """What the server says of incidents: the newest of each device decides what it shows."""
        newest: dict[str, Mapping[str, Any]] = {}
        for incident in incidents:
            identifier = incident.get("identifier")
            known = newest.get(identifier or "")
            if identifier in self._devices and (
                known is None or incident["number"] > known["number"]
            ):
                newest[identifier] = incident
        now = self._clock.now()
        for identifier in self._devices:
            state = self._state(identifier)
            if identifier in newest:
                told = newest[identifier]
                state = device_state.heard_of_incident(state, told["number"], told["state"])
            self._put(identifier, device_state.rested(state, now))

    def view(self) -> Sequence[Mapping[str, object]]:
        """Every device as the page shows it."""
        return [device_state.view(d, self._state(d.identifier)) for d in self._devices.values()]

    @property
    def is_empty(self) -> bool:
        """No devices are known yet."""
        return not self._devices

    # ---- sending

    def _state(self, identifier: str) -> State:
        return self._states.get(identifier) or State()

    def _put(self, identifier: str, state: State, *, save: bool = False) -> None:
        if state == self._states.get(identifier, State()):
            return
        self._states[identifier] = state
        if save:
            self._save()
        self.on_change()

    def _save(self) -> None:
        content = {name: device_state.to_json(state) for name, state in self._states.items()}
        replace_private(self._state_file, content)

    def _go_on(self, identifier: str) -> None:
        if self._state(identifier).pending and identifier not in self._sending:
            self._sending.add(identifier)
            self._supervisor.start_short(self._deliver(identifier), name=f"device-{identifier}")

    async def _deliver(self, identifier: str) -> None:
        """Send the oldest press until it is acknowledged, then the next."""
        try:
            while self._state(identifier).pending and identifier in self._devices:
                device, press = self._devices[identifier], self._state(identifier).pending[0]
                self._put(identifier, device_state.attempted(self._state(identifier)))
                failure = await self._attempt(device, press)
                if failure is None:
                    done = device_state.acknowledged(
                        self._state(identifier), press, self._clock.now()
                    )
                    self._put(identifier, done, save=True)
                else:
                    self._put(identifier, device_state.unanswered(self._state(identifier), failure))
                    await asyncio.sleep(self._repeat_s)
        finally:
            self._sending.discard(identifier)

    async def _say_power_failed(self, devices: Sequence[Device], now: datetime) -> None:
        """One after the other, within a second or two."""
        for device in devices:
            seq = self._state(device.identifier).seq + 1
            failure = await self._attempt(device, Press(str(new_id()), Key.POWER, seq, now))
            if failure is not None:
                log.warning("power_failure_not_told", device=device.identifier, reason=failure)

    async def _attempt(self, device: Device, press: Press) -> str | None:
        """Send once; None when it was acknowledged, else why not, as a code for the page."""
        try:
            if device.over == "http":
                return await self._attempt_http(device, press)
            return await self._attempt_dc09(device, press)
        except (OSError, httpx.TransportError):
            return "no_connection"

    async def _attempt_http(self, device: Device, press: Press) -> str | None:
        if self._credentials is None:
            return "no_key"
        body = http_client.encode(device, press)
        status = await http_client.send(self._client, self._credentials, body, self._clock.now())
        return None if status in (200, 201) else f"http_{status}"

    async def _attempt_dc09(self, device: Device, press: Press) -> str | None:
        now = self._clock.now() + self._clock_off
        frame = dialler.encode(device, press, now)
        data = await dialler.send(
            self._addresses.dc09_host,
            self._addresses.dc09_port,
            frame,
            within_s=self._answer_within_s,
        )
        if data is None:
            return "no_answer"
        answer = dialler.read_answer(data, press)
        if answer is None:
            return "no_answer"
        if answer.server_time is not None:
            self._clock_off = answer.server_time - self._clock.now()
        return None if answer.word == "ACK" else answer.word.lower()


def _read_states(path: Path) -> dict[str, State]:
    """States of an earlier run; a file that cannot be read is left aside, with a line in the log."""
    try:
        rows = json.loads(path.read_bytes())
        return {name: device_state.from_json(row) for name, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("device_states_not_read", path=str(path), error=str(error))
        return {}
