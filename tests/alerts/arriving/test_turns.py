"""Whose turn it is to write: an alarm's at once, and in a storm what is no alarm after a rest, so that fewer commits are in its way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from callcenter.alerts.arriving.turns import CROWD, Line

NEVER_S, SOON_S = 3_600.0, 0.001
MOST_S = 30.0


@dataclass(frozen=True)
class Item:
    subject: str


async def is_its_turn(line: Line[Item]) -> bool:
    """Of a writer that asks now; nothing but what is due at once happens meanwhile."""
    writer = asyncio.create_task(line.ready())
    await asyncio.sleep(0)
    turn = writer.done()
    writer.cancel()
    return turn


async def test_without_a_crowd_what_comes_is_written_at_once():
    line: Line[Item] = Line("other", 100, NEVER_S)
    line.put(Item("device:1"))
    assert await is_its_turn(line)
    with line.writing(CROWD - 1):
        pass
    assert await is_its_turn(line)


async def test_after_a_crowd_the_line_rests_and_nobody_helps():
    line: Line[Item] = Line("other", 100, NEVER_S)
    with line.writing(CROWD):
        pass
    line.put(Item("device:1"))
    assert not await is_its_turn(line)


async def test_after_a_crowd_of_alarms_the_next_is_written_at_once():
    line: Line[Item] = Line("alarm", 100)
    with line.writing(250):
        pass
    line.put(Item("home:1"))
    assert await is_its_turn(line)


async def test_when_the_rest_is_over_a_writer_that_waits_goes_on_by_itself():
    line: Line[Item] = Line("other", 100, SOON_S)
    with line.writing(CROWD):
        pass
    line.put(Item("device:1"))
    async with asyncio.timeout(MOST_S):
        await line.ready()


async def test_while_one_writes_the_other_waits_and_helps_when_that_takes_long():
    line: Line[Item] = Line("alarm", 100)
    with line.writing(1):
        line.put(Item("home:1"))
        assert not await is_its_turn(line)
        async with asyncio.timeout(MOST_S):
            await line.ready()
