"""A press of the watchdog: it goes the way of every alarm, and reaches nobody. Pure.

Its mode is `drill`, which keeps its text from every gateway and itself out of every figure; no timer watches it, no human sees it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.alerts.telling import params
from callcenter.devices.callers import Caller
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.outbox import Text

TO_NOBODY: Final = "+99999999999"
"""Country code 999 is reserved by the ITU and leads nowhere, should this row ever leave."""


def is_watch(caller: Caller) -> bool:
    """Whether the watchdog presses."""
    return caller.region_path == WATCH_PATH


def watch_text(caller: Caller, at: datetime) -> Text:
    """The text whose row shows that texts are written with their alarm."""
    return Text(TO_NOBODY, None, MessageKind.ALARM_RAISED, params(caller, None, at), "zh-CN")


def watch_number(incident_id: UUID) -> int:
    """Below zero, so that the numbers that are spoken aloud go on without it: the time of its id in ms and 15 bits of chance."""
    return -((incident_id.int >> 80) * 32_768 + incident_id.int % 32_768)
