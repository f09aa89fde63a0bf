"""Processors: hints wake them, work in hand brings them back at once, failures only slow them down."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.processing import Wakeups, pause_after, run_processor
from callcenter.core.supervisor import Supervisor


class Belt:
    """Works through a list; counts its cycles; may be told to fail the first ones."""

    name = "belt"

    def __init__(self, *, interval_s: float, failures: int = 0) -> None:
        self.interval_s = interval_s
        self.failures = failures
        self.waiting: list[str] = []
        self.done: list[str] = []
        self.cycles = 0
        self.idle = asyncio.Event()

    async def run_once(self, now: datetime) -> int:
        assert now.tzinfo is not None
        self.cycles += 1
        if self.cycles <= self.failures:
            raise ConnectionError("the database is away")
        if not self.waiting:
            self.idle.set()
            return 0
        self.done.append(self.waiting.pop(0))
        return 1


@pytest.fixture
async def run():
    stop = asyncio.Event()
    wakeups = Wakeups()
    async with asyncio.timeout(10), Supervisor() as supervisor:

        def start(belt: Belt) -> asyncio.Task[None]:
            work = run_processor(belt, wakeups, SystemClock(), stop)
            return supervisor.start_short(work, name=belt.name)

        yield start, wakeups, stop
        stop.set()


async def test_all_waiting_work_is_done_without_waiting_for_the_interval(run):
    start, _, _ = run
    belt = Belt(interval_s=3600)
    belt.waiting = ["a", "b", "c"]
    start(belt)
    await belt.idle.wait()
    assert belt.done == ["a", "b", "c"]


async def test_a_hint_wakes_it(run):
    start, wakeups, _ = run
    belt = Belt(interval_s=3600)
    start(belt)
    await belt.idle.wait()
    belt.idle.clear()
    belt.waiting = ["late"]
    wakeups.wake("belt")
    await belt.idle.wait()
    assert belt.done == ["late"]


async def test_without_any_hint_the_interval_finds_the_work(run):
    start, _, _ = run
    belt = Belt(interval_s=0.01)
    start(belt)
    await belt.idle.wait()
    belt.idle.clear()
    belt.waiting = ["nobody told"]
    await belt.idle.wait()
    assert belt.done == ["nobody told"]


async def test_a_failed_cycle_is_tried_again(run):
    start, _, _ = run
    belt = Belt(interval_s=0.01, failures=1)
    belt.waiting = ["survives"]
    start(belt)
    await belt.idle.wait()
    assert belt.done == ["survives"]


async def test_hints_do_not_hurry_a_failing_processor(run):
    start, wakeups, _ = run
    belt = Belt(interval_s=3600, failures=1000)
    start(belt)
    while belt.cycles == 0:
        await asyncio.sleep(0)
    for _ in range(50):
        wakeups.wake("belt")
        await asyncio.sleep(0)
    assert belt.cycles == 1


async def test_it_ends_when_told_to_stop(run):
    start, _, stop = run
    belt = Belt(interval_s=3600)
    task = start(belt)
    await belt.idle.wait()
    stop.set()
    await task
    assert belt.cycles == 1


def test_pauses_grow_with_failures_up_to_two_seconds():
    assert pause_after(0, 2.0) == 2.0
    pauses = [pause_after(failures, 0.1) for failures in range(1, 100)]
    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 2.0
    assert pause_after(5, 120.0) == 120.0


async def test_one_that_rests_does_nothing_until_its_rest_is_over():
    stop, rests = asyncio.Event(), [False, True, True]
    belt = Belt(interval_s=0.001)
    belt.waiting = ["a"]
    async with asyncio.timeout(10), Supervisor() as supervisor:
        work = run_processor(
            belt, Wakeups(), SystemClock(), stop, lambda: rests.pop() if rests else False
        )
        supervisor.start_short(work, name=belt.name)
        await belt.idle.wait()
        stop.set()
    assert (belt.done, rests) == (["a"], [])
