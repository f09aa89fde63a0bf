"""The sweep: what other processes have written reaches every seat of this one, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from callcenter.alerts.change import Change
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.seats.hub import open_incidents
from callcenter.seats.proofs import Proofs
from callcenter.seats.socket import Desk, begin
from callcenter.seats.sweep import Sweep
from tests.seats.conftest import Board
from tests.support.flaky_proxy import FlakyProxy
from tests.support.waiting import until


@pytest.fixture
async def sweep(board: Board) -> Sweep:
    """A sweep that has made its first turn."""
    made = Sweep(
        board.hub, lambda region_id: {board.community.root: [board.community.root]}[region_id]
    )
    await board.step(made.incidents)
    return made


async def come(condition: Callable[[], object], what: str) -> None:
    await until(condition, what, 20)


async def test_an_incident_of_another_process_comes_once(board: Board, sweep: Sweep):
    _, link = board.seat(7)
    incident = await board.incident()
    await board.step(sweep.incidents)
    await come(lambda: link.versions() == [(incident, 1)], "the incident")
    assert [e["number"] for m in link.messages("incidents") for e in m["entries"]] == [1]
    assert await board.step(sweep.incidents) == 0


async def test_a_transaction_that_was_still_running_is_found_by_the_next_sweep(
    board: Board, sweep: Sweep
):
    """Its commit comes after rows of a younger transaction were read: only `xmin` finds it."""
    _, link = board.seat(7)
    async with board.owner.transaction():
        slow = await board.incident("caller:dc09:slow")
        other = await board.database.connect("younger")
        await other.execute("UPDATE region SET name = name")
        await other.close()
        await board.step(sweep.incidents)
    await board.step(sweep.incidents)
    await come(lambda: link.versions() == [(slow, 1)], "the late incident")


async def test_a_console_that_connects_hides_nothing_from_the_others(board: Board, sweep: Sweep):
    """Its snapshot is ahead of the sweep; the consoles that were there still get what it shows."""
    _, link = board.seat(7)
    incident = await board.incident()
    reading = HeldConnections(board.database, "snapshots")
    desk = Desk(board.hub, Proofs(board.hub, board.clock), sweep, reading)
    newcomer, its_link = board.seat(8)
    await begin(desk, newcomer, "test", board.clock.now(), "127.0.0.1")
    await reading.close()
    assert [i["id"] for m in its_link.messages("snapshot") for i in m["incidents"]] == [incident]
    await board.step(sweep.incidents)
    await come(lambda: link.versions() == [(incident, 1)], "the incident at the first console")


async def test_what_this_process_pushed_itself_is_not_pushed_again(board: Board, sweep: Sweep):
    _, link = board.seat(7)
    incident = await board.incident()
    [row] = await board.step(lambda c: open_incidents(c, frozenset({board.community.root})))
    board.hub.publish([Change(row)])
    await come(lambda: link.versions() == [(incident, 1)], "the push")
    assert await board.step(sweep.incidents) == 0


async def test_a_sweep_that_was_cut_off_is_made_again(board: Board, sweep: Sweep, dsn: str):
    _, link = board.seat(7)
    incident = await board.incident()
    async with FlakyProxy.to_postgres(dsn) as proxy:
        away = Database(proxy.dsn)
        connection = await away.connect("sweep")
        proxy.hold("up", lambda data: b"FROM incident" in data)
        turn = asyncio.create_task(sweep.incidents(connection))
        await proxy.held("up")
        proxy.cut()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await turn
        connection.terminate()
        await away.close()
    await board.step(sweep.incidents)
    await come(lambda: link.versions() == [(incident, 1)], "the incident")


async def text_of(board: Board, incident: str, region: int) -> None:
    await board.owner.execute(
        "INSERT INTO sms_message (id, dedup, reference, region_id, recipient, kind, params, language, priority,"
        " created_at, due_at, expires_at) VALUES ($1, 'd', $2, $3, '+8613900000001', 'alarm_raised', '{}', 'zh-CN', 1,"
        " $4, $4, $4)",
        new_id(),
        incident,
        region,
        board.clock.now(),
    )


async def test_a_text_of_a_region_that_is_not_known_yet_harms_nobody(board: Board, sweep: Sweep):
    """Another process has made the region a moment ago; this one has not read it."""
    _, link = board.seat(7)
    region = await board.community.region(board.community.root, "street", "新街道")
    incident = await board.incident(region=region)
    await text_of(board, incident, region)
    await board.step(sweep.incidents)
    await come(lambda: link.versions() == [(incident, 1)], "the incident")
    await come(lambda: link.messages("sms"), "its text")


async def test_g8_a_text_goes_to_seats_of_its_region_alone(board: Board, sweep: Sweep):
    east = await board.community.region(board.community.root, "district", "东榆区")
    west = await board.community.region(board.community.root, "district", "西柳区")
    _, at_east = board.seat(7, east)
    _, at_west = board.seat(8, west)
    incident = await board.incident(region=east)
    await text_of(board, incident, east)
    await board.step(sweep.incidents)
    await come(lambda: at_east.messages("sms") and at_east.versions(), "incident and text")
    assert at_west.frames == []
