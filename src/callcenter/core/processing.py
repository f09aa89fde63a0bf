"""Work that is due: small processors, woken by a hint, an interval or the stop; the table decides, never the hint."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.core.supervisor import wait_for_any

log = structlog.get_logger(__name__)

CYCLE_LIMIT_S = 60.0
"""A cycle that takes longer is given up and tried again: a hung connection must not end a processor for ever."""

LONGEST_PAUSE_S = 2.0
"""The board is stale while a sweep fails: it is tried again soon, whatever went wrong."""


class Processor(Protocol):
    """One kind of due work. `run_once` claims what is due and must be safe to repeat at any point."""

    @property
    def name(self) -> str: ...

    @property
    def interval_s(self) -> float: ...

    async def run_once(self, now: datetime) -> int:
        """Number of rows worked on; more than zero means: call again at once."""


class Wakeups:
    """Hints by processor name. A hint that comes while the processor works is kept for its next turn."""

    def __init__(self) -> None:
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def wake(self, name: str) -> None:
        self._events[name].set()

    def event(self, name: str) -> asyncio.Event:
        return self._events[name]


def pause_after(failures: int, interval_s: float) -> float:
    """Seconds until the next try: the interval, doubled with each failure in a row, at most 2 s (or the interval)."""
    if failures == 0:
        return interval_s
    return max(interval_s, min(LONGEST_PAUSE_S, 0.25 * 2.0 ** min(failures, 16)))


async def run_processor(
    processor: Processor,
    wakeups: Wakeups,
    clock: Clock,
    stop: asyncio.Event,
    rests: Callable[[], bool] = lambda: False,
) -> None:
    """Run cycles until `stop` is set, none while it `rests`. A failed cycle is logged and tried again: its state is in the
    database.
    """
    hint = wakeups.event(processor.name)
    metrics.PROCESSOR_EVERY_SECONDS.labels(processor.name).set(processor.interval_s)
    failures = 0
    while not stop.is_set():
        hint.clear()
        if rests():
            await wait_for_any([stop], timeout_s=processor.interval_s)
            continue
        done = await _cycle(processor, clock)
        failures = failures + 1 if done is None else 0
        if done:
            # A processor whose work never really waits must not hold the loop.
            await asyncio.sleep(0)
            continue
        # After a failure only time helps: hints may arrive by the hundred while the database is away.
        events = [stop] if failures else [hint, stop]
        pause_s = pause_after(failures, processor.interval_s)
        if failures:  # those of all servers must not come back to the database in step
            pause_s *= random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        await wait_for_any(events, timeout_s=pause_s)


async def _cycle(processor: Processor, clock: Clock) -> int | None:
    """One cycle within its time limit; None when it failed."""
    started = clock.monotonic()
    result = "failed"
    try:
        async with asyncio.timeout(CYCLE_LIMIT_S):
            done = await processor.run_once(clock.now())
        result = "worked" if done else "idle"
        metrics.PROCESSOR_WORKED_AT.labels(processor.name).set(clock.now().timestamp())
    except (
        Unavailable
    ) as error:  # twenty of them a second while the database is away: a line each, no trace
        log.warning("processor_cycle_failed", processor=processor.name, error=str(error))
        return None
    except Exception:  # One failed cycle must not end the processor.
        log.exception("processor_cycle_failed", processor=processor.name)
        return None
    else:
        return done
    finally:
        metrics.PROCESSOR_CYCLE_SECONDS.labels(processor.name, result).observe(
            clock.monotonic() - started
        )
