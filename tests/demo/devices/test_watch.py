"""What the device process knows of the server, and when it leaves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices.fleet import STATE_FILE, Addresses, Fleet
from callcenter.demo.devices.watch import DEVICES_FILE, GIVE_UP_AFTER_S, ServerWatch
from tests.demo.devices.conftest import DEVICES
from tests.support.centre import Centre
from tests.support.clock import HandClock
from tests.support.waiting import until


@dataclass(slots=True)
class Watched:
    watch: ServerWatch
    fleet: Fleet
    clock: HandClock
    supervisor: Supervisor
    client: httpx.AsyncClient


async def asked_again(centre: Centre) -> None:
    before = centre.asked
    await until(lambda: centre.asked >= before + 2, "the server to be asked again")


@pytest.fixture
async def watched(centre: Centre, data_dir: Path) -> AsyncIterator[Watched]:
    clock = HandClock()
    async with (
        httpx.AsyncClient(base_url=centre.url, trust_env=False) as client,
        Supervisor() as supervisor,
    ):
        addresses = Addresses(centre.url, "127.0.0.1", centre.receiver.tcp_port)
        fleet = Fleet(addresses, client, clock, supervisor, state_file=data_dir / STATE_FILE)
        yield Watched(ServerWatch(data_dir, client, clock, fleet), fleet, clock, supervisor, client)


async def test_it_leaves_when_no_server_was_reached_for_long(
    centre: Centre, watched: Watched, data_dir: Path
):
    running = watched.supervisor.start_short(watched.watch.run(), name="watch")
    with watched.watch.page_open():
        await until(lambda: watched.watch.up, "the server to be seen")
        watched.clock.advance(GIVE_UP_AFTER_S + 1)
        await asked_again(centre)
        assert not running.done()
        watched.client.base_url = httpx.URL("http://127.0.0.1:9")
        await until(lambda: not watched.watch.up, "the server to be missed")
        watched.clock.advance(GIVE_UP_AFTER_S + 1)
        await until(running.done, "the watch to end")


async def test_devices_may_come_later_than_the_process(
    centre: Centre, watched: Watched, data_dir: Path
):
    (data_dir / DEVICES_FILE).unlink()
    watched.supervisor.start_short(watched.watch.run(), name="watch")
    with watched.watch.page_open():
        await until(lambda: watched.watch.up, "the server to be seen")
        assert watched.fleet.is_empty
        (data_dir / DEVICES_FILE).write_text("{half a file")
        await asked_again(centre)
        (data_dir / DEVICES_FILE).write_text(json.dumps(DEVICES), encoding="utf-8")
        await until(lambda: len(watched.fleet.view()) == 6, "the devices")


async def test_one_acknowledgement_an_incident(watched: Watched):
    watched.watch.incidents = [
        {"number": 37, "identifier": "A101", "stored_ms": 3},
        {"number": 37, "identifier": "A102", "stored_ms": 4},
        {"number": 38, "identifier": "B2001", "stored_ms": 5, "seen_ms": 9},
    ]
    shown = [(ack["number"], ack["identifier"], ack["stored_ms"]) for ack in watched.watch.acks()]
    assert shown == [(38, "B2001", 5), (37, "A101", 3)]
