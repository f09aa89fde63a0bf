"""The office is killed while the database is away: the next one starts without it, and families are told within seconds, each once (G5)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from callcenter.core.cluster import Cluster
from tests.faults.conftest import own_disk_in
from tests.faults.test_started_without_cluster import processes_of
from tests.faults.test_started_without_database import has_kept, is_written
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.kannel import PASSWORD, USER
from tests.support.place import Place
from tests.support.server import Server
from tests.support.sms_gateway import FakeSmsbox, Taken, fake_smsbox
from tests.support.waiting import until, until_told
from tests.support.wire import insist, post, sos


def gateways(box: FakeSmsbox) -> str:
    kannel = {"kind": "kannel", "url": box.url, "user": USER, "password": PASSWORD}
    return json.dumps([{**kannel, "callback_url": "http://127.0.0.1:9"}])


def family_of(home: int) -> str:
    return f"+861390000{home:04d}"


def told(box: FakeSmsbox, home: int) -> list[Taken]:
    return [each for each in box.taken if each.recipient == family_of(home)]


def text_of(taken: Taken) -> str:
    return parse_qs(urlsplit(taken.receipt_url).query)["id"][0]


async def office_is_killed(server: Server) -> None:
    before = len(offices(server))
    server.signal("office", signal.SIGKILL)
    await until(lambda: len(offices(server)) > before, "another office", 40)


def offices(server: Server) -> list[dict[str, Any]]:
    """Those that have begun to serve; an office that is back at once has not been missed by anybody."""
    return [each for each in server.events("serving") if each["process"] == "office"]


@pytest.mark.parametrize("how", ["refuses", "hangs"])
async def test_g5_families_are_told_by_an_office_that_starts_while_the_database_is_away(
    place: Place, how: str, measured: Callable[[str], None]
):
    [wang, *_] = place.site.operators
    async with fake_smsbox() as box, FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, SMS__GATEWAYS=gateways(box))
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        (proxy.cut if how == "refuses" else proxy.hold)(*(["up"] if how == "hangs" else []))
        await post(server.http_port, sos(place.site.phone(1)))
        await until(lambda: bool(told(box, 1)), "the family of before", 20)
        await box.leave()
        await post(server.http_port, sos(place.site.phone(2)))
        await until(lambda: bool(server.events("sms_not_sent")), "nobody to take it", 20)
        server.signal("office", signal.SIGKILL)
        await box.come()
        at = asyncio.get_running_loop().time()
        await post(server.http_port, sos(place.site.phone(3)))
        await until(lambda: bool(told(box, 3)), "the family of after", 40)
        measured(f"{how}: told {asyncio.get_running_loop().time() - at:.1f} s after the kill")
        await until(lambda: bool(told(box, 2)), "the family that was handed over before", 40)
        assert server.events("started_without_database")
        (proxy.restore if how == "refuses" else proxy.release)()
        async with open_console(server.url, wang) as console:
            await is_written(console)

        async def is_entered() -> bool:
            return await place.count("sms_message WHERE state <> 'submitted'") == 0

        await until(lambda: bool(server.events("loaded_from_database")), "the office to know", 60)
        await until_told(is_entered, "each row to know that it was sent", 60)
        assert await place.count("sms_message WHERE kind = 'alarm_raised'") == 3
    assert set(Counter(text_of(each) for each in box.taken).values()) == {1}


@pytest.mark.durability
async def test_g5_families_are_told_after_a_power_cut_though_postgresql_does_not_come_up(
    folder: Path, measured: Callable[[str], None]
):
    async with (
        fake_smsbox() as box,
        own_disk_in(folder, settings={"SMS__GATEWAYS": gateways(box)}) as own_disk,
    ):
        server = own_disk.server
        [wang, *_] = own_disk.site.operators
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        cluster = Cluster.attach(server.data_dir)
        assert cluster.pid is not None
        frozen = processes_of(cluster.pid)
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        await box.leave()
        before = await post(server.http_port, sos(own_disk.site.phone(1)))
        await until(lambda: bool(server.events("sms_not_sent")), "nobody to take it", 20)
        server.kill()
        await box.come()
        await server.start()
        at = asyncio.get_running_loop().time()
        async with open_console(server.url, wang) as console:
            after = await insist(server.http_port, sos(own_disk.site.phone(2)))
            await console.shows(before.document["incident_id"], after.document["incident_id"])
            await until(lambda: bool(told(box, 1) and told(box, 2)), "both families", 60)
            measured(f"both told {asyncio.get_running_loop().time() - at:.1f} s after the start")
            for pid in frozen[1:]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            await is_written(console)
        owner = await own_disk.owner()
        assert await owner.fetchval("SELECT count(*) FROM journal") == 2
        await owner.close()
    assert set(Counter(text_of(each) for each in box.taken).values()) == {1}
