"""However many texts change, the seats are told seldom, and of the last change in any case."""

import asyncio

from callcenter.core.clock import SystemClock
from callcenter.sms.hints import Hints


class Told:
    def __init__(self, pace_s=0.0):
        self.channels, self.wakes = [], 0
        self.hints = Hints(self.notify, self.wake, SystemClock(), pace_s=pace_s)

    async def notify(self, channel):
        self.channels.append(channel)

    def wake(self):
        self.wakes += 1

    async def run(self):
        return await self.hints.run_once(SystemClock().now())


async def test_without_a_change_nobody_is_told():
    told = Told()
    assert await told.run() == 0
    assert told.channels == []


async def test_many_changes_are_one_hint():
    told = Told()
    for _ in range(100):
        await told.hints.tell_changed()
    await told.run()
    await told.run()
    assert told.channels == ["texts"]
    assert told.wakes == 100


async def test_a_change_while_the_hint_waits_for_its_turn_is_in_it_and_one_after_it_is_told_too():
    told = Told(pace_s=0.05)
    await told.hints.tell_changed()
    await told.run()
    await told.hints.tell_changed()
    waiting = asyncio.create_task(told.run())
    await asyncio.sleep(0)
    assert told.channels == ["texts"]
    await told.hints.tell_changed()
    await waiting
    await told.run()
    assert told.channels == ["texts"] * 2
    await told.hints.tell_changed()
    await told.run()
    assert told.channels == ["texts"] * 3
