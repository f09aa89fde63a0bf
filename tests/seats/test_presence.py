"""Who is there: seats of this process and of others, by rows with a lease."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.ids import new_id
from callcenter.seats.hub import Hub
from callcenter.seats.presence import Presence
from tests.seats.conftest import Board


@pytest.fixture
async def user(board: Board) -> int:
    return await board.community.user("wang")


@pytest.fixture
def presence(board: Board) -> Presence:
    return Presence(board.hub, new_id())


@pytest.fixture
def elsewhere(board: Board) -> tuple[Hub, Presence]:
    """The same in another process."""
    hub = Hub(board.clock)
    return hub, Presence(hub, new_id())


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
    await board.step(presence.cycle)
    assert await board.step(other.cycle)
    assert hub.manned([board.community.root])
    assert hub.present(user)
    assert [(c["user_id"], c["armed"]) for c in hub.colleagues()] == [(user, True)]


async def test_g4_a_silent_console_mans_nothing_in_another_process_either(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    """Its socket is open and its lease is renewed, but nobody has heard of it for six seconds."""
    board.seat(user)
    hub, other = elsewhere
    board.clock.advance(6.1)
    await board.step(presence.cycle)
    await board.step(other.cycle)
    assert not hub.manned([board.community.root])
    assert not hub.present(user)
    assert [c["armed"] for c in hub.colleagues()] == [False]
    assert [c["armed"] for c in board.hub.colleagues()] == [False]


async def test_whoever_leaves_is_gone_elsewhere(
    board: Board, user: int, presence: Presence, elsewhere: tuple[Hub, Presence]
):
    seat, _ = board.seat(user)
    hub, other = elsewhere
    await board.step(presence.cycle)
    await board.step(other.cycle)
    board.hub.detach(seat)
    await board.step(presence.cycle)
    assert await board.step(other.cycle)
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
    await board.step(presence.cycle)
    await board.step(other.cycle)
    assert hub.present(user)
    await owner.execute("UPDATE seat_presence SET lease_until = clock_timestamp()")
    await board.step(other.cycle)
    assert not hub.present(user)


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
    await board.step(presence.cycle)
    await board.step(other.cycle)
    assert [c["user_id"] for c in hub.colleagues()] == [user]


async def test_a_user_with_two_consoles_is_one_colleague(board: Board, user: int):
    board.seat(user, armed=False)
    board.seat(user, armed=True)
    assert [(c["user_id"], c["armed"]) for c in board.hub.colleagues()] == [(user, True)]
