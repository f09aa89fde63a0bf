"""The work of the hotline: of the office, and of nothing that an alarm or a call waits for."""

from __future__ import annotations

from callcenter.hotline.filing.working_off import ReachedCallers
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def hotline_work_part(ground: Ground) -> Part:
    """Of the office."""
    reached = ReachedCallers(ground.database)
    return Part(processors=[reached], stop=reached.connections.close)
