"""Seats are sent to another server when theirs stops or is too old, and nowhere where there is no other."""

from __future__ import annotations

import asyncio

from callcenter.seats.going import Going
from tests.seats.conftest import Board

SERVERS = ["https://a.centre", "https://b.centre"]


async def test_every_seat_is_told_why_and_where_to(board: Board):
    seats = [board.seat(7), board.seat(8)]
    await Going(board.hub, SERVERS).tell("stopping")
    for _, link in seats:
        [said] = link.messages("going")
        assert (said["why"], said["servers"]) == ("stopping", SERVERS)


async def test_one_that_comes_later_is_told_with_its_greeting_and_not_when_all_may_stay(
    board: Board,
):
    going = Going(board.hub, SERVERS)
    assert going.message is None
    await going.tell("schema_newer")
    assert going.message == {"type": "going", "why": "schema_newer", "servers": SERVERS}
    await going.tell(None)
    assert going.message is None


async def test_nobody_is_sent_away_where_there_is_no_other_server(board: Board):
    _, link = board.seat(7)
    going = Going(board.hub, SERVERS[:1])
    await going.tell("stopping")
    assert link.messages("going") == []
    assert (going.why, going.message) == ("stopping", None)


async def test_it_waits_until_the_last_seat_is_gone_or_the_time_is_over(board: Board):
    seat, _ = board.seat(7)
    going = Going(board.hub, SERVERS)
    await going.gone(0.0)
    assert board.hub.seats
    waiting = asyncio.create_task(going.gone(60))
    board.hub.detach(seat)
    await waiting
