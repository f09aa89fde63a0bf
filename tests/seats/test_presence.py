"""Who is there: seats of this process and of others, by rows with a lease."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.alerts.board import Wanted
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.seats.hub import Hub
from callcenter.seats.presence import Presence
from tests.seats.conftest import Board
from tests.support.flaky_proxy import FlakyProxy


@pytest.fixture
async def user(board: Board) -> int:
    return await board.community.user("wang")


@pytest.fixture
def presence(board: Board) -> Presence:
    return board.seats.presence


@pytest.fixture
async def elsewhere(board: Board) -> AsyncIterator[tuple[Hub, Presence]]:
    """The same in another process."""
    hub = Hub(board.clock)
    presence = Presence(hub, new_id(), board.database)
    yield hub, presence
    await presence.connections.close()


async def look(board: Board, *presences: Presence) -> None:
    """A turn of each, in this order."""
    for presence in presences:
        await presence.run_once(board.clock.now())


async def test_a_seat_is_manned_while_it_is_armed_and_pulses(board: Board, user: int):
    seat, _ = board.seat(user, armed=False)
    path = [board.community.root, board.community.street]
    assert not board.hub.manned(path)
    board.hub.arm(seat, True)
    assert board.hub.manned(path)
    assert board.hub.present(user)
    board.clock.advance(6.1)
    board.hub.count_presence()
    assert not board.hub.manned(path)
    assert not board.hub.present(user)
    seat.pulsed_at = board.clock.monotonic()
    board.hub.count_presence()
    assert board.hub.manned(path)


async def test_a_seat_mans_its_region_and_what_lies_below(board: Board, user: int):
    east = await board.community.region(board.community.root, "district", "东榆区")
    board.seat(user, east)
    assert board.hub.manned([board.community.root, east, 99])
    assert not board.hub.manned([board.community.root, board.community.street])


async def test_a_seat_of_another_process_counts(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    board.seat(user)
    hub, other = elsewhere
    await look(board, presence)
    await look(board, other)
    assert hub.manned([board.community.root])
    assert hub.present(user)
    assert [(c["user_id"], c["armed"]) for c in hub.colleagues()] == [(user, True)]
    assert [c["region_ids"] for c in hub.colleagues()] == [[board.community.root]]


async def test_g4_a_silent_console_mans_nothing_in_another_process_either(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    """Its socket is open and its lease is renewed, but nobody has heard of it for six seconds."""
    board.seat(user)
    hub, other = elsewhere
    board.clock.advance(6.1)
    await look(board, presence)
    await look(board, other)
    assert not hub.manned([board.community.root])
    assert not hub.present(user)
    assert [c["armed"] for c in hub.colleagues()] == [False]
    assert [c["armed"] for c in board.hub.colleagues()] == [False]


async def test_whoever_leaves_is_gone_elsewhere(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    seat, _ = board.seat(user)
    hub, other = elsewhere
    await look(board, presence)
    await look(board, other)
    board.hub.detach(seat)
    await look(board, presence)
    await look(board, other)
    assert hub.colleagues() == []


async def test_the_seats_of_a_killed_process_count_until_their_lease_ends(
    board: Board,
    user: int,
    presence: Presence,
    elsewhere: tuple[Hub, Presence],
    owner: asyncpg.Connection,
):
    board.seat(user)
    hub, other = elsewhere
    await look(board, presence)
    await look(board, other)
    assert hub.present(user)
    await owner.execute("UPDATE seat_presence SET lease_until = clock_timestamp()")
    await look(board, other)
    assert not hub.present(user)


async def test_a_clock_of_the_database_that_is_set_back_keeps_no_dead_process_alive(
    board: Board,
    user: int,
    presence: Presence,
    elsewhere: tuple[Hub, Presence],
    owner: asyncpg.Connection,
):
    """Its lease would last for another hour; whoever lives has one anew two seconds later."""
    board.seat(user)
    hub, other = elsewhere
    await look(board, presence)
    await owner.execute("UPDATE seat_presence SET lease_until = lease_until + interval '1 hour'")
    await look(board, other)
    assert not hub.present(user)
    await look(board, presence)
    await look(board, other)
    assert hub.present(user)


async def test_a_deleted_user_keeps_no_colleague_from_being_seen(
    board: Board,
    user: int,
    presence: Presence,
    elsewhere: tuple[Hub, Presence],
    owner: asyncpg.Connection,
):
    gone = await board.community.user("gone")
    board.seat(gone)
    board.seat(user)
    await owner.execute("DELETE FROM role_grant WHERE user_id = $1", gone)
    await owner.execute("DELETE FROM app_user WHERE id = $1", gone)
    hub, other = elsewhere
    await look(board, presence)
    await look(board, other)
    assert [c["user_id"] for c in hub.colleagues()] == [user]


async def test_a_user_with_two_consoles_is_one_colleague(board: Board, user: int):
    board.seat(user, armed=False)
    board.seat(user, armed=True)
    assert [(c["user_id"], c["armed"]) for c in board.hub.colleagues()] == [(user, True)]


async def test_a_seat_that_comes_while_presence_is_written_is_written_at_once(
    board: Board, dsn: str
):
    """Another server would take an armed seat for absent until the next turn, and tell the duty number."""
    board.seat(await board.community.user("early"))
    late = await board.community.user("late")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        presence = Presence(board.hub, new_id(), database)
        proxy.hold("up", lambda data: b"lease_until > clock_timestamp()" in data)
        woken = board.wakeups.event("presence")
        woken.clear()
        turn = asyncio.create_task(presence.run_once(board.clock.now()))
        await proxy.held("up")
        board.seat(late)
        proxy.release()
        await turn
        assert woken.is_set()
        await look(board, presence)
        await presence.connections.close()
        await database.close()
    assert await board.owner.fetchval("SELECT count(*) FROM seat_presence") == 2


async def test_all_seats_are_told_who_is_there_when_that_changes(
    board: Board, user: int, presence: Presence
):
    _, link = board.seat(user)
    await look(board, presence, presence)
    assert len(link.messages("seats")) == 1
    board.seat(await board.community.user("li"))
    await look(board, presence)
    assert [c["user_id"] for c in link.messages("seats")[-1]["seats"]] != [user]


async def test_how_somebody_sits_there_is_known_to_the_other_process(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    seat, _ = board.seat(user)
    hub, other = elsewhere
    board.hub.arm(seat, True, "training")
    await look(board, presence)
    await look(board, other)
    [shown] = hub.colleagues()
    assert (shown["state"], shown["pause"], shown["since"]) == (
        "pause", "training", board.clock.now(),
    )  # fmt: skip
    assert hub.attentive_users == frozenset()
    assert hub.offer([board.community.root], Wanted()) == ()


async def test_who_takes_in_another_process_is_busy_here(
    board: Board, user: int, presence: Presence
):
    board.seat(user)
    incident = await board.incident()
    await board.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = $1 WHERE id = $2", user, incident
    )
    await look(board, presence)
    assert [one["state"] for one in board.hub.colleagues()] == ["busy"]


async def test_what_somebody_speaks_is_asked_for(board: Board, user: int, presence: Presence):
    board.seat(await board.community.user("li"))
    board.seat(user)
    await board.owner.execute("UPDATE app_user SET skills = '{宁波话}' WHERE id = $1", user)
    await look(board, presence)
    wanted = Wanted(speaks=frozenset({"宁波话"}))
    assert [board.hub.offer([board.community.root], wanted) for _ in range(2)] == [(user,)] * 2
