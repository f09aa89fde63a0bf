"""Snapshots: read once for all who ask for the same, whole, and followed by what changes meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.audit.trail import Entry
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.seats.seat import Seat
from callcenter.seats.snapshots import SLICE, Snapshots
from callcenter.seats.socket import begin
from callcenter.seats.tables import FEEDS, INCIDENTS
from tests.seats.conftest import Board, KeptLink
from tests.support.flaky_proxy import FlakyProxy


def look(board: Board, seat: Seat) -> Entry:
    subject = f"seat:{seat.seat_id}"
    return Entry(board.clock.now(), seat.user_id, "board_opened", subject, sorted(seat.scope))


async def admit(board: Board, seat: Seat) -> None:
    await begin(board.seats.desk, seat, "test", board.clock.now(), "127.0.0.1")


def shown(link: KeptLink) -> set[str]:
    [message] = link.messages("snapshot")
    return {incident["id"] for incident in message["incidents"]}


async def test_it_has_every_open_incident_of_the_scope_and_who_is_there(board: Board):
    east = await board.community.region(board.community.root, "district", "东榆区")
    west = await board.community.region(board.community.root, "district", "西柳区")
    here = await board.incident("caller:dc09:1", region=east)
    await board.incident("caller:dc09:2", region=west)
    over = await board.incident("caller:dc09:3", region=east)
    await board.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_at = opened_at WHERE id = $1",
        over,
    )
    await board.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = opened_at WHERE id = $1",
        over,
    )
    seat, link = board.seat(7, east)
    await admit(board, seat)
    assert [message["type"] for message in link.read()] == ["hello", "snapshot"]
    assert shown(link) == {here}
    [message] = link.messages("snapshot")
    assert [c["user_id"] for c in message["seats"]] == [7]
    assert message["silent_homes"] == []


async def test_an_empty_board_is_a_snapshot_too(board: Board):
    seat, link = board.seat(7)
    await admit(board, seat)
    assert shown(link) == set()


async def test_more_than_a_slice_comes_whole_in_one_message(board: Board):
    incidents = {await board.incident(f"caller:dc09:{n}") for n in range(2 * SLICE + 1)}
    seat, link = board.seat(7)
    await admit(board, seat)
    assert shown(link) == incidents


async def test_a_crowd_shares_the_bytes_of_few_readings_and_each_look_is_in_the_trail(board: Board):
    home = await board.community.home()
    incident = await board.incident()
    await board.owner.execute("UPDATE incident SET home_id = $2 WHERE id = $1", incident, home)
    seats = [board.seat(7) for _ in range(40)]
    await asyncio.gather(*(admit(board, seat) for seat, _ in seats))
    snapshots = {tuple(map(id, link.frames[1:])) for _, link in seats}
    assert len(snapshots) <= 2  # one began with the first, the others share the next
    rows = await board.owner.fetch(
        "SELECT subject, detail FROM audit_entry WHERE action = 'board_opened'"
    )
    assert {row["subject"] for row in rows} == {f"seat:{seat.seat_id}" for seat, _ in seats}
    assert len(rows) == len(seats)
    assert all(row["detail"] == {"home_ids": [home]} for row in rows)


async def test_whoever_comes_while_one_is_read_gets_the_next_and_misses_nothing(
    board: Board, dsn: str
):
    """What was pushed between the reading of a row and the registration of a seat reaches that seat by its own reading."""
    async with FlakyProxy.to_postgres(dsn) as proxy:
        slow = Database(proxy.dsn)
        snapshots = Snapshots(FEEDS, slow, lambda _: {"seats": [], "silent_homes": []})
        early, _ = board.seat(7)
        proxy.hold("up", lambda data: b"audit_entry" in data)
        first = asyncio.create_task(snapshots.of(early, look(board, early)))
        await proxy.held("up")
        incident = await board.incident()
        await board.sweep(INCIDENTS)
        late, link = board.seat(8)
        second = asyncio.create_task(snapshots.of(late, look(board, late)))
        await asyncio.sleep(0)
        proxy.release()
        assert incident.encode() not in b"".join(await first)
        link.begin(await second)
        assert shown(link) == {incident}
        await snapshots.connections.close()
        await slow.close()


async def test_a_snapshot_hides_nothing_from_the_others(board: Board):
    """It is ahead of the sweep; the consoles that were there still get what it shows."""
    _, link = board.seat(7)
    incident = await board.incident()
    newcomer, its_link = board.seat(8)
    await admit(board, newcomer)
    assert shown(its_link) == {incident}
    assert await board.sweep(INCIDENTS) == 1
    assert link.versions() == [(incident, 1)]


async def test_while_the_database_is_away_all_who_wait_are_told(board: Board, dsn: str):
    async with FlakyProxy.to_postgres(dsn) as proxy:
        away = Database(proxy.dsn)
        snapshots = Snapshots(FEEDS, away, lambda _: {"seats": [], "silent_homes": []})
        proxy.cut()
        asked = [
            snapshots.of(seat, look(board, seat)) for seat, _ in (board.seat(7), board.seat(8))
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
        proxy.restore()
        seat, link = board.seat(7)
        link.begin(await snapshots.of(seat, look(board, seat)))
        assert shown(link) == set()
        await snapshots.connections.close()
        await away.close()


async def test_one_who_leaves_while_reading_leaves_the_reading_to_the_next(board: Board):
    (leaving, _), (staying, link) = board.seat(7), board.seat(8)
    snapshots = board.seats.desk.snapshots
    async with snapshots.connections.use():  # nothing can be read yet
        gone = asyncio.create_task(snapshots.of(leaving, look(board, leaving)))
        waiting = asyncio.create_task(snapshots.of(staying, look(board, staying)))
        for _ in range(3):
            await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
    link.begin(await waiting)
    assert shown(link) == set()
