"""The virtual devices against the real listeners."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices.device_state import Key
from callcenter.demo.devices.fleet import STATE_FILE, Addresses, Fleet
from callcenter.devices.signals import Kind
from tests.demo.devices.conftest import DEVICES
from tests.support.centre import Centre
from tests.support.waiting import until


@dataclass(slots=True)
class Bearers:
    fleet: Fleet

    def of(self, identifier: str) -> dict[str, object]:
        return next(dict(d) for d in self.fleet.view() if d["identifier"] == identifier)

    async def until_shown(self, identifier: str, look: str) -> dict[str, object]:
        await until(lambda: self.of(identifier)["state"] == look, f"{identifier} to show {look}")
        return self.of(identifier)


@pytest.fixture
async def bearers(centre: Centre, data_dir: Path) -> AsyncIterator[Bearers]:
    addresses = Addresses(centre.url, "127.0.0.1", centre.receiver.tcp_port)
    async with (
        httpx.AsyncClient(base_url=centre.url, trust_env=False) as client,
        Supervisor() as supervisor,
    ):
        fleet = Fleet(
            addresses,
            client,
            SystemClock(),
            supervisor,
            state_file=data_dir / STATE_FILE,
            repeat_s=0.05,
            answer_within_s=0.3,
        )
        fleet.use(DEVICES)
        yield Bearers(fleet)


@pytest.mark.parametrize(
    ("identifier", "key", "kind"),
    [
        ("A101", Key.RED, Kind.SOS),
        ("A102", Key.RED, Kind.SOS),
        ("B2001", Key.RED, Kind.SOS),
        ("FA110001", Key.FALL, Kind.FALL),
        ("5E0C01", Key.SMOKE, Kind.SMOKE),
        ("EP-0001", Key.RED, Kind.SOS),
        ("EP-0001", Key.GREEN, Kind.HELP),
    ],
)
async def test_a_press_is_received(centre: Centre, bearers: Bearers, identifier, key, kind):
    bearers.fleet.press(identifier, key)
    shown = await bearers.until_shown(identifier, "received")
    assert [(s.identifier, s.kind) for s in centre.receiver.intake.stored] == [(identifier, kind)]
    assert isinstance(shown["received_ms"], int)
    assert shown["attempt"] == 0


@pytest.mark.parametrize("identifier", ["A101", "A102", "EP-0001"])
async def test_a_press_is_repeated_until_the_store_is_back(
    centre: Centre, bearers: Bearers, identifier
):
    centre.receiver.intake.store_is_away = True
    bearers.fleet.press(identifier, Key.RED)
    await until(lambda: centre.receiver.intake.refused >= 2, "the press to be repeated")
    assert bearers.of(identifier)["state"] == "sending"
    centre.receiver.intake.store_is_away = False
    await bearers.until_shown(identifier, "received")
    assert len(centre.receiver.intake.stored) == 1


async def test_a_press_while_the_commit_is_held_shows_nothing(centre: Centre, bearers: Bearers):
    centre.receiver.intake.holding = True
    bearers.fleet.press("A101", Key.RED)
    bearers.fleet.press("EP-0001", Key.RED)
    await until(lambda: len(centre.receiver.intake.held) == 2, "both presses to reach intake")
    assert {bearers.of(name)["state"] for name in ("A101", "EP-0001")} == {"sending"}
    for commit in centre.receiver.intake.held:
        commit.release.set()
    await bearers.until_shown("A101", "received")
    await bearers.until_shown("EP-0001", "received")


async def test_when_the_power_fails_each_home_says_so_once_and_no_key_looks_pressed(
    centre: Centre, bearers: Bearers
):
    homes = len(DEVICES["devices"])
    assert bearers.fleet.cut_power() == homes
    stored = centre.receiver.intake.stored
    await until(lambda: len(stored) == homes, "every home to be heard of")
    assert {signal.kind for signal in stored} == {Kind.POWER_FAIL}
    assert {device["state"] for device in bearers.fleet.view()} == {"idle"}


async def test_presses_of_one_device_arrive_in_order(centre: Centre, bearers: Bearers):
    for key in (Key.RED, Key.CANCEL, Key.TEST):
        bearers.fleet.press("A101", key)
    await bearers.until_shown("A101", "received")
    kinds = [signal.kind for signal in centre.receiver.intake.stored]
    assert kinds == [Kind.SOS, Kind.CANCEL, Kind.TEST]


async def test_the_device_shows_that_somebody_took_it(bearers: Bearers):
    bearers.fleet.press("A101", Key.RED)
    await bearers.until_shown("A101", "received")
    old = {"number": 3, "identifier": "A101", "state": "closed"}
    for state, look in (("waiting", "received"), ("taken", "taken"), ("closed", "idle")):
        bearers.fleet.hear([{"number": 37, "identifier": "A101", "state": state}, old])
        assert bearers.of("A101")["state"] == look


async def test_what_cannot_be_pressed_is_refused(bearers: Bearers):
    with pytest.raises(NotFound):
        bearers.fleet.press("A999", Key.RED)
    with pytest.raises(Invalid):
        bearers.fleet.press("A101", Key.GREEN)


async def test_a_state_file_that_cannot_be_read_stops_nobody(centre: Centre, data_dir: Path):
    (data_dir / STATE_FILE).write_text('{"A101": {"pending": "?"}}')
    addresses = Addresses(centre.url, "127.0.0.1", centre.receiver.tcp_port)
    async with httpx.AsyncClient() as client, Supervisor() as supervisor:
        path = data_dir / STATE_FILE
        fleet = Fleet(addresses, client, SystemClock(), supervisor, state_file=path)
        fleet.use(DEVICES)
        assert Bearers(fleet).of("A101")["state"] == "idle"
