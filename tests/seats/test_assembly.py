"""What the seats of a process are made of."""

from __future__ import annotations

from callcenter.seats.assembly import CHANNELS
from tests.seats.conftest import Board


def test_every_hint_wakes_a_processor_that_is_there(board: Board):
    names = [processor.name for processor in board.seats.processors]
    assert set(CHANNELS.values()) <= set(names)
    assert len(names) == len(set(names))


async def test_every_processor_does_its_work_on_a_board_where_nothing_happens(board: Board):
    for processor in board.seats.processors:
        assert processor.interval_s > 0
        assert await processor.run_once(board.clock.now()) == 0


async def test_whoever_comes_wakes_the_writer_of_the_presence_rows(board: Board):
    woken = board.wakeups.event("presence")
    woken.clear()
    board.seat(7)
    assert woken.is_set()
