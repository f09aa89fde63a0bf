"""The beat: it tells whether the board is still read, and notices who has fallen silent."""

from __future__ import annotations

from callcenter.seats.beat import BEAT_S, Beat
from tests.seats.conftest import Board


async def test_it_says_when_the_board_has_not_been_read_for_three_beats(board: Board):
    seat, link = board.seat(7)
    swept_at = board.clock.monotonic()
    beat = Beat(board.hub, board.clock, lambda: swept_at, lambda: True)
    for _ in range(4):
        seat.pulsed_at = board.clock.monotonic()
        await beat.run_once(board.clock.now())
        board.clock.advance(BEAT_S)
    assert [message["database"] for message in link.messages("beat")] == [True, True, True, False]


async def test_g4_a_console_that_fell_silent_mans_nothing_also_without_a_database(board: Board):
    board.seat(7)
    beat = Beat(board.hub, board.clock, board.clock.monotonic, lambda: True)
    board.clock.advance(6.1)
    assert board.hub.manned([board.community.root])
    await beat.run_once(board.clock.now())
    assert not board.hub.manned([board.community.root])


async def test_it_says_when_alarms_cannot_be_written_though_the_board_is_read(board: Board):
    _, link = board.seat(7)
    writes = [True, False, True]
    beat = Beat(board.hub, board.clock, board.clock.monotonic, writes.pop)
    for _ in range(3):
        await beat.run_once(board.clock.now())
    assert [message["database"] for message in link.messages("beat")] == [True, False, True]
