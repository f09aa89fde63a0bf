"""The private PostgreSQL of a server does not come up, or takes long: the server rings all the same, and takes it back (G5)."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import pytest

from callcenter.core.cluster import Cluster
from tests.faults.conftest import OwnDisk
from tests.faults.test_started_without_database import has_kept, is_written
from tests.support.console import open_console
from tests.support.waiting import until
from tests.support.wire import post, sos

pytestmark = pytest.mark.durability


def processes_of(postmaster: int) -> list[int]:
    with open(f"/proc/{postmaster}/task/{postmaster}/children") as children:
        return [postmaster, *map(int, children.read().split())]


async def test_g5_it_rings_while_the_private_postgresql_cannot_start(own_disk: OwnDisk):
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    await has_kept(server)
    assert await server.stop() == 0
    [control] = server.data_dir.rglob("global/pg_control")
    away = control.with_name("pg_control.away")
    control.rename(away)
    await server.start()
    assert server.events("starting_without_database")
    async with open_console(server.url, wang) as console:
        pressed = await post(server.http_port, sos(own_disk.site.phone(1)))
        await console.shows(pressed.document["incident_id"])
        assert console.incidents[pressed.document["incident_id"]]["home_id"]
        away.rename(control)
        await is_written(console)
    await until(lambda: bool(server.events("office_answers")), "the office", 60)
    owner = await own_disk.owner()
    assert await owner.fetchval("SELECT count(*) FROM journal") == 1
    await owner.close()


async def test_g5_a_server_that_was_killed_rings_while_its_frozen_postgresql_is_put_away(
    own_disk: OwnDisk,
):
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    await has_kept(server)
    cluster = Cluster.attach(server.data_dir)
    assert cluster.pid is not None
    frozen = processes_of(cluster.pid)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    before = await post(server.http_port, sos(own_disk.site.phone(1)))
    server.kill()
    await server.start()
    async with open_console(server.url, wang) as console:
        pressed = await post(server.http_port, sos(own_disk.site.phone(2)))
        await console.shows(before.document["incident_id"], pressed.document["incident_id"])
        for pid in frozen[1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        await is_written(console)
    owner = await own_disk.owner()
    assert await owner.fetchval("SELECT count(*) FROM journal") == 2
    await owner.close()
