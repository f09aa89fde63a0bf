"""Which step is undone or done again next: worked out from the steps of one sitting, none of which is ever rewritten. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    """What somebody did at once; all its changes are undone together."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    DOORS = "doors"
    IMPORTED = "imported"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True, slots=True)
class Next:
    """Ids of the steps; None where there is nothing to undo, or to do again."""

    undo: int | None
    redo: int | None


def next_of(steps: Iterable[tuple[int, StepKind]]) -> Next:
    """`steps` are ids and kinds in the order in which they were made. Whatever is new makes what was undone be gone for good."""
    done: list[int] = []
    undone: list[int] = []
    for step_id, kind in steps:
        if kind is StepKind.UNDONE:
            undone.append(done.pop())
        elif kind is StepKind.REDONE:
            done.append(undone.pop())
        else:
            done.append(step_id)
            undone.clear()
    return Next(undo=done[-1] if done else None, redo=undone[-1] if undone else None)
