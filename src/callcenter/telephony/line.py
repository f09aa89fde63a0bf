"""One number that is called: what it is for, and when somebody is there for it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class LineKind(StrEnum):
    """What the number that was called is for."""

    RED = "red"
    """The key for help: an alarm."""
    GREEN = "green"
    """The key for service."""
    HOTLINE = "hotline"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Hours:
    """On these days of the week (1 is Monday), from and until in the time of the site; until 00:00 is the end of the day."""

    weekdays: frozenset[int]
    from_: time
    until: time

    def covers(self, local: datetime) -> bool:
        if local.isoweekday() not in self.weekdays:
            return False
        return self.from_ <= local.time() and (local.time() < self.until or self.until == time.min)


@dataclass(frozen=True, slots=True)
class Line:
    """`area_code` is for callers whose number has none."""

    number: str
    kind: LineKind
    region_id: int
    name: str = ""
    name_en: str = ""
    area_code: str = ""
    language: str = "zh"
    hours: Sequence[Hours] = ()
    closed_prompt: str = ""
    overflow_number: str = ""

    def is_staffed(self, local: datetime) -> bool:
        """Help is there at all hours, whatever is written."""
        if self.kind is LineKind.RED or not self.hours:
            return True
        return any(each.covers(local) for each in self.hours)


def unknown(number: str, region_id: int) -> Line:
    """A number that the network sends us and nobody has entered rings like the hotline: nobody is turned away for a missing row."""
    return Line(number, LineKind.HOTLINE, region_id, name=number, name_en=number)
