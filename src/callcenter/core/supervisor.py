"""The only place where tasks are started: each has a name, an owner and an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


class StartShort(Protocol):
    """Runs something that ends as a task of its own: `Supervisor.start_short`, as a port."""

    def __call__(self, coro: Coroutine[Any, Any, None], /, *, name: str) -> object: ...


class RequiredTaskEnded(RuntimeError):
    """A task that must run as long as the process came to an end by itself."""


class Supervisor:
    """A task group that stops the process when a required task dies, and stops its tasks in reverse order.

    A failure leaves the `async with` as an exception group, so the exit code of the process tells of it.
    """

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._required: list[asyncio.Task[Any]] = []
        self._short: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                await self._stop_in_reverse()
            except asyncio.CancelledError as cancelled:
                kind, error = type(cancelled), cancelled
        self._stopping = True
        for task in [*self._required, *self._short]:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def start(self, coro: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Run a required task: one that ends or raises before the supervisor is left stops the process."""
        task = self._group.create_task(self._watch(coro, name), name=name)
        self._required.append(task)
        return task

    def start_short(self, coro: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Run a task that may end, such as one connection; a failure is logged and concerns nobody else."""
        task = self._group.create_task(self._fence(coro, name), name=name)
        self._short.add(task)
        task.add_done_callback(self._short.discard)
        return task

    async def _watch(self, coro: Coroutine[Any, Any, Any], name: str) -> None:
        try:
            await coro
        except Exception:
            log.exception("required_task_failed", task=name)
            raise
        if not self._stopping:
            log.error("required_task_ended", task=name)
            raise RequiredTaskEnded(name)

    async def _fence(self, coro: Coroutine[Any, Any, Any], name: str) -> None:
        try:
            await coro
        except Exception:  # The fence between one connection and all others.
            log.exception("task_failed", task=name)

    async def _stop_in_reverse(self) -> None:
        self._stopping = True
        for task in list(self._short):
            task.cancel()
        for task in reversed(self._required):
            task.cancel()
            await asyncio.wait([task])


async def wait_for_any(events: Iterable[asyncio.Event], *, timeout_s: float | None) -> bool:
    """Wait until one of the events is set; False when the time ran out first."""
    waits = [asyncio.create_task(event.wait(), name="wait_for_any") for event in events]
    try:
        done, _ = await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for wait in waits:
            wait.cancel()


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do this while the block lasts, and not a step longer. `work` says itself what it fails with."""
    doing = asyncio.create_task(work, name="beside")
    try:
        yield
    finally:
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)


async def unless(work: Coroutine[Any, Any, T], *others: Coroutine[Any, Any, object]) -> T | None:
    """The result of `work`, or None as soon as one of the others ends first; what has not ended is cancelled."""
    doing = asyncio.create_task(work, name="unless")
    watching = [asyncio.create_task(other, name="unless-other") for other in others]
    try:
        await asyncio.wait([doing, *watching], return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        for task in (doing, *watching):
            task.cancel()
        await asyncio.gather(doing, *watching, return_exceptions=True)
