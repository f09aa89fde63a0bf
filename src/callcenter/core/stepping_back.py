"""Threads whose work steps back behind all else on the machine: hashes, spreadsheets, exports.

A lower priority alone leaves a thread its turn at a core, and Linux places whoever wakes beside it, not before it. A core on
which only such idle work runs counts as free: alarms and PostgreSQL wake on it at once.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor


def threads_that_step_back(most: int, name: str) -> ThreadPoolExecutor:
    """An executor of up to `most` threads that run when nothing else wants their core (Linux, SCHED_IDLE)."""
    return ThreadPoolExecutor(most, name, step_back)


def step_back() -> None:
    """For the thread that calls it. Elsewhere than on Linux it does nothing."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
