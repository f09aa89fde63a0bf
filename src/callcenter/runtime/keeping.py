"""When a child process is given up and when it is started again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from callcenter.core.errors import Misconfigured

SILENT_S = 10.0
"""A child whose event loop has not turned for this long is of no use to anybody."""
STARTING_S = 180.0
"""Until its first beat: it waits for the database's recovery."""
GAP_S = 2.0
"""The parent itself stood still: it must not blame its children."""
LONGEST_PAUSE_S = 2.0


class Verdict(StrEnum):
    KEEP = "keep"
    SILENT = "silent"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Vital:
    """What the parent knows of a child; times are seconds of a monotonic clock, `memory` bytes of resident memory."""

    started_at: float
    beat_at: float | None
    memory: int
    memory_limit: int | None


def verdict(vital: Vital, now: float, *, parent_gap_s: float) -> Verdict:
    """Whether the child may go on. `parent_gap_s` is how long the parent itself was not there to look."""
    if vital.memory_limit is not None and vital.memory > vital.memory_limit:
        return Verdict.TOO_LARGE
    if parent_gap_s > GAP_S:
        return Verdict.KEEP
    silent = now - (vital.beat_at or vital.started_at)
    limit = STARTING_S if vital.beat_at is None else SILENT_S
    return Verdict.SILENT if silent > limit else Verdict.KEEP


def cannot_start(code: int, *, has_served: bool, any_has_served: bool) -> bool:
    """Whether a child's end with this exit code ends the server: at its very first start it refuses what is set up, or nobody
    has served yet. A first start that merely fails takes down nobody who serves: PostgreSQL may be away in that second.
    """
    if has_served:
        return False
    return code == Misconfigured.exit_code or not any_has_served


def pause_before_start(failures: int) -> float:
    """Seconds before a child is started again: none for one that had served, doubled with each life in a row that had not."""
    return 0.0 if failures == 0 else min(LONGEST_PAUSE_S, 0.1 * 2.0 ** min(failures - 1, 10))
