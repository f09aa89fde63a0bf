"""A press of a drill: the signal of a home whose resident has pressed nothing. Pure.

It goes the way of every alarm, under a subject of its own, so that it never meets a real one of the same home: whoever presses
there during the drill opens an incident that knows nothing of it. It names no device, for none was heard of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from callcenter.devices.callers import Caller, SourceRef

DRILL: Final = "drill"
"""Name and kind of the source of everything that a drill presses."""
_REPEATED_WITHIN_S: Final = 86_400
"""The same row is the same press for a day, however often a process dies over it."""


def source_of_drill(region_id: int) -> SourceRef:
    """The source of drills, of whatever region."""
    return SourceRef(DRILL, DRILL, region_id, _REPEATED_WITHIN_S)


def as_drilled(caller: Caller, drill_id: int) -> Caller:
    """The home as this drill has it call."""
    return replace(caller, subject=f"{DRILL}:{drill_id}:{caller.subject}", device_id=None)
