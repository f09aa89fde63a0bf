"""Hints between processes: fast when all is well, and never more than hints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from callcenter.core.changes import Changes
from callcenter.core.database import Database
from tests.support.flaky_proxy import FlakyProxy


class Heard:
    """What a listener was told, to be waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue()

    def __call__(self, payload: str) -> None:
        self._queue.put_nowait(payload)

    async def next(self) -> str:
        async with asyncio.timeout(5):
            return await self._queue.get()

    def nothing_more(self) -> bool:
        return self._queue.empty()


class Tasks:
    """Runs what a test starts, and ends it with the test."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, changes: Changes) -> None:
        self._tasks.append(asyncio.create_task(changes.run()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    made = Tasks()
    yield made
    await made.stop()


async def _started(database: Database, tasks: Tasks, channel: str) -> tuple[Changes, Heard]:
    changes, heard = Changes(database), Heard()
    await changes.listen(channel, heard)
    tasks.start(changes)
    assert await heard.next() == "", "the first connection says: look for yourself"
    return changes, heard


async def test_a_hint_reaches_the_other_process_and_not_its_sender(
    database: Database, tasks: Tasks
):
    one, heard_by_one = await _started(database, tasks, "incidents")
    two, heard_by_two = await _started(database, tasks, "incidents")

    await one.notify("incidents", "first")
    await two.notify("incidents", "second")

    assert await heard_by_two.next() == "first"
    assert await heard_by_one.next() == "second"
    assert heard_by_one.nothing_more()
    assert heard_by_two.nothing_more()


async def test_only_the_channels_listened_to_are_heard(database: Database, tasks: Tasks):
    one, _ = await _started(database, tasks, "incidents")
    _, heard = await _started(database, tasks, "sms")

    await one.notify("incidents", "not for you")
    await one.notify("sms", "for you")

    assert await heard.next() == "for you"


async def test_equal_hints_that_wait_become_one(database: Database, tasks: Tasks):
    _, heard = await _started(database, tasks, "sms")
    one = Changes(database)
    for _ in range(100):
        await one.notify("sms", "same")
    await one.notify("sms", "last")
    tasks.start(one)

    assert await heard.next() == "same"
    assert await heard.next() == "last"


async def test_hints_by_the_thousand_while_away_become_look_for_yourself(
    database: Database, tasks: Tasks
):
    _, heard = await _started(database, tasks, "sms")
    one = Changes(database)
    for number in range(1001):
        await one.notify("sms", str(number))
    tasks.start(one)

    assert await heard.next() == ""
    assert heard.nothing_more()


async def test_a_payload_postgres_would_refuse_becomes_look_for_yourself(
    database: Database, tasks: Tasks
):
    one, _ = await _started(database, tasks, "other")
    _, heard = await _started(database, tasks, "sms")

    await one.notify("sms", "老" * 2667)  # 8001 bytes

    assert await heard.next() == ""


async def test_a_channel_added_later_is_heard_too(database: Database, tasks: Tasks):
    one, _ = await _started(database, tasks, "incidents")
    two, _ = await _started(database, tasks, "incidents")
    heard = Heard()
    await two.listen("grants", heard)
    assert await heard.next() == ""

    await one.notify("grants", "7")

    assert await heard.next() == "7"


async def test_a_cut_connection_comes_back_and_says_look_for_yourself(
    dsn: str, database: Database, tasks: Tasks
):
    one, _ = await _started(database, tasks, "other")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        through_proxy = Database(proxy.dsn)
        _, heard = await _started(through_proxy, tasks, "incidents")

        proxy.cut()
        await one.notify("incidents", "lost")
        proxy.restore()

        assert await heard.next() == ""
        await one.notify("incidents", "heard")
        assert await heard.next() == "heard"
        await through_proxy.close()


async def test_a_hint_given_while_cut_is_sent_after_the_return(
    dsn: str, database: Database, tasks: Tasks
):
    _, heard = await _started(database, tasks, "incidents")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        through_proxy = Database(proxy.dsn)
        cut_off, told = await _started(through_proxy, tasks, "other")

        proxy.cut()
        await cut_off.notify("incidents", "kept")
        assert heard.nothing_more()
        proxy.restore()

        assert await told.next() == ""
        assert await heard.next() == "kept"
        await through_proxy.close()


async def test_a_connection_that_died_without_a_word_is_noticed(dsn: str, tasks: Tasks):
    """As when a firewall forgets it: no reset, no answer."""
    async with FlakyProxy.to_postgres(dsn) as proxy:
        through_proxy = Database(proxy.dsn)
        changes, heard = Changes(through_proxy, ping_s=0.05, timeout_s=0.2), Heard()
        await changes.listen("incidents", heard)
        tasks.start(changes)
        assert await heard.next() == ""

        proxy.hold("down", only_present=True)

        assert await heard.next() == "", "a new connection was made"
        await through_proxy.close()


async def test_a_listener_that_fails_does_not_silence_the_next(database: Database, tasks: Tasks):
    one, _ = await _started(database, tasks, "other")

    def fails(_: str) -> None:
        raise ZeroDivisionError

    two, heard = Changes(database), Heard()
    await two.listen("incidents", fails)
    await two.listen("incidents", heard)
    tasks.start(two)
    assert await heard.next() == ""

    await one.notify("incidents", "7")

    assert await heard.next() == "7"
