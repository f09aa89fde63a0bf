"""The processors of the alarm path, for the runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.page_looks import PageLooks
from callcenter.alerts.handling.recognising import Recognising
from callcenter.alerts.handling.relocating import Relocating
from callcenter.alerts.handling.replies import Replies
from callcenter.alerts.handling.watching import IncidentTimers, OldKeys, Untold
from callcenter.alerts.storm import StormTimes
from callcenter.alerts.storms.carrying_out import StormOrders
from callcenter.alerts.storms.noticing import Storms
from callcenter.alerts.timers_in_memory import Watched
from callcenter.core.processing import Processor

AT_ONCE: Final = 8
"""How many there are. Each holds a connection while it looks, so that none waits for another, and no operator for any of them."""


def alarm_processors(  # noqa: PLR0913 - a composition
    workbench: Workbench,
    intake: Intake,
    *,
    taker_gone_s: float,
    untold: Untold | None = None,
    watched: Watched | None = None,
    is_ahead: Callable[[UUID], bool] = lambda _: False,
    is_writing: Callable[[], bool] = lambda: False,
    storms: StormTimes = StormTimes(),  # noqa: B008 - a frozen value
) -> list[Processor]:
    """All of them, for a workbench with `AT_ONCE` connections."""
    made: list[Processor] = [
        Replies(workbench, intake, is_writing),
        IncidentTimers(
            workbench,
            taker_gone_s=taker_gone_s,
            untold=untold,
            watched=watched,
            is_ahead=is_ahead,
        ),
        Relocating(workbench),
        OldKeys(workbench),
        Storms(workbench, storms),
        StormOrders(workbench),
        Recognising(workbench, intake),
        PageLooks(workbench),
    ]
    if len(made) != AT_ONCE:
        raise AssertionError(f"{len(made)} processors share {AT_ONCE} connections: count AT_ONCE")
    return made
