"""The processors of the alarm path, for the runtime."""

from __future__ import annotations

from callcenter.alerts.intake import Intake
from callcenter.alerts.relocating import Relocated
from callcenter.alerts.replies import Replies
from callcenter.alerts.watching import LostTakers, OldKeys, Unmanned
from callcenter.alerts.work import Workbench
from callcenter.core.processing import Processor


def alarm_processors(
    workbench: Workbench, intake: Intake, *, taker_gone_s: float
) -> list[Processor]:
    """All of them."""
    return [
        Replies(workbench, intake),
        Unmanned(workbench),
        LostTakers(workbench, gone_s=taker_gone_s),
        Relocated(workbench),
        OldKeys(workbench),
    ]
