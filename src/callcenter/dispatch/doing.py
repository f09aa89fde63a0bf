"""Who does something to a task, and by what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class StepBy(StrEnum):
    """By what somebody did something to a task."""

    SEAT = "seat"
    DESK = "desk"
    PHONE = "phone"
    SMS = "sms"
    CLOCK = "clock"  # a processor, by a row and its due time


@dataclass(frozen=True, slots=True)
class Doer:
    """`user_id` of a log-in, where there is one; `name` as it is shown afterwards."""

    by: StepBy
    user_id: int | None = None
    name: str = ""


CLOCK: Final = Doer(StepBy.CLOCK)
