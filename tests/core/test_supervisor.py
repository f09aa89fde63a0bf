"""A required task that dies takes the process with it; a short one concerns nobody else."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.core.supervisor import RequiredTaskEnded, Supervisor, wait_for_any


async def forever(log: list[str], name: str, started: asyncio.Event) -> None:
    started.set()
    try:
        await asyncio.Event().wait()
    finally:
        log.append(name)


async def test_tasks_end_in_reverse_order_when_the_supervisor_is_left():
    ended: list[str] = []
    async with Supervisor() as supervisor:
        for name in ("database", "hub", "listener"):
            started = asyncio.Event()
            supervisor.start(forever(ended, name, started), name=name)
            await started.wait()
    assert ended == ["listener", "hub", "database"]


async def test_a_required_task_that_raises_stops_everything_else():
    ended: list[str] = []
    started = asyncio.Event()

    async def fails() -> None:
        await started.wait()
        raise OSError("the listening socket is gone")

    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(5), Supervisor() as supervisor:
            supervisor.start(forever(ended, "hub", started), name="hub")
            supervisor.start(fails(), name="listener")
            await asyncio.Event().wait()
    assert caught.group_contains(OSError, match="listening socket")
    assert ended == ["hub"]


async def test_a_required_task_that_ends_by_itself_stops_everything_else():
    async def ends() -> None:
        return

    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(5), Supervisor() as supervisor:
            supervisor.start(ends(), name="sweep")
            await asyncio.Event().wait()
    assert caught.group_contains(RequiredTaskEnded, match="sweep")


async def test_a_short_task_that_fails_leaves_the_others_alone():
    async def fails() -> None:
        raise ValueError("one torn connection")

    ended: list[str] = []
    started = asyncio.Event()
    async with Supervisor() as supervisor:
        hub = supervisor.start(forever(ended, "hub", started), name="hub")
        await started.wait()
        await supervisor.start_short(fails(), name="connection 1")
        assert not hub.done()
    assert ended == ["hub"]


async def test_short_tasks_do_not_keep_the_process_alive():
    ended: list[str] = []
    started = asyncio.Event()
    async with asyncio.timeout(5), Supervisor() as supervisor:
        supervisor.start_short(forever(ended, "connection 1", started), name="connection 1")
        await started.wait()
    assert ended == ["connection 1"]


async def test_cancelling_the_process_cancels_its_tasks():
    ended: list[str] = []
    started = asyncio.Event()

    async def process() -> None:
        async with Supervisor() as supervisor:
            supervisor.start(forever(ended, "hub", started), name="hub")
            await asyncio.Event().wait()

    running = asyncio.create_task(process())
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == ["hub"]


async def test_an_error_of_the_body_is_told_and_the_tasks_end():
    ended: list[str] = []
    started = asyncio.Event()
    with pytest.raises(ExceptionGroup) as caught:
        async with Supervisor() as supervisor:
            supervisor.start(forever(ended, "hub", started), name="hub")
            await started.wait()
            raise OSError("no port")
    assert caught.group_contains(OSError, match="no port")
    assert ended == ["hub"]


async def test_waiting_for_any_event_tells_whether_one_came():
    quiet, rung = asyncio.Event(), asyncio.Event()
    rung.set()
    assert await wait_for_any([quiet, rung], timeout_s=5)
    assert not await wait_for_any([quiet], timeout_s=0)
