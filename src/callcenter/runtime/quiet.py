"""Garbage is looked for while nobody waits: a full collection stands for 20 to 50 ms in front of every alarm.

Nothing on the alarm path makes cycles, so young objects are collected as they come, which is short, and the rest only in a
moment in which the process has nothing to do. What survives is frozen, so that it is not walked again.
"""

from __future__ import annotations

import asyncio
import gc
import time
from dataclasses import dataclass
from enum import Enum, auto

THRESHOLDS = (10_000, 1_000, 1_000_000)
"""Young objects often and cheaply; the older ones by `collect_in_quiet_moments`."""
LOOK_EVERY_S = 1.0
QUIET_SHARE = 0.05
"""Of one core: that is the beat and the sweeps."""
COLLECT_EVERY_S = 30.0
THAW_EVERY_S = 6 * 3600.0
"""Cycles among frozen objects are found after this long: connections, caches."""


class Step(Enum):
    """What a quiet moment is used for."""

    COLLECT = auto()
    THAW = auto()
    """Collect, among the frozen objects too."""


@dataclass(slots=True)
class Due:
    """What is due next. Times are seconds of a monotonic clock. Pure."""

    collected_at: float
    thawed_at: float

    def next(self, now: float, share: float) -> Step | None:
        """None while nothing is due or somebody waits, for a process that used this share of a core since the last look."""
        if share > QUIET_SHARE:
            return None
        if now - self.thawed_at >= THAW_EVERY_S:
            return Step.THAW
        return Step.COLLECT if now - self.collected_at >= COLLECT_EVERY_S else None


def settle() -> None:
    """What lives as long as the process is not walked again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


async def collect_in_quiet_moments() -> None:
    """For ever. A task of the supervisor, started when everything is built."""
    settle()
    now, used = time.monotonic(), time.process_time()
    due = Due(now, now)
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        at, cpu = time.monotonic(), time.process_time()
        match due.next(at, (cpu - used) / max(at - now, 0.001)):
            case Step.THAW:
                gc.unfreeze()
                settle()
                due.thawed_at = due.collected_at = at
            case Step.COLLECT:
                settle()
                due.collected_at = at
        now, used = time.monotonic(), time.process_time()
