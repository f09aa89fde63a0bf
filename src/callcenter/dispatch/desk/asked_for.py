"""Which tasks a list asks for, as conditions of SQL and their parameters; and the place of a row in it, for the next page. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

import orjson

from callcenter.core.errors import Invalid
from callcenter.dispatch.task import ENDED, TaskKind, TaskState

YEARS: Final = range(2000, 2200)
"""Beyond them a time is a slip, and too far away to be reckoned with."""
_MARK: Final = re.compile(r"\d{1,20}:\d{1,20}:[\d,]{0,4000}")


@dataclass(frozen=True, slots=True)
class Filter:
    """`states` none: all that are open. `day`: what begins on it; of today also what is open from before. `unplaced_only` beside it."""

    regions: Sequence[int]
    states: Sequence[TaskState] = ()
    kinds: Sequence[TaskKind] = ()
    region_id: int | None = None
    staff_id: int | None = None
    day: date | None = None
    text: str = ""

    def conditions(self, now: datetime, zone: tzinfo) -> tuple[list[str], dict[str, Any]]:
        """What a row has to meet, joined by AND."""
        found: list[str] = ["task.region_path && CAST(:regions AS bigint[])"]
        values: dict[str, Any] = {"regions": list(self.regions)}
        for condition, more in self._chosen(now, zone):
            found.append(condition)
            values |= more
        return found, values

    def _chosen(self, now: datetime, zone: tzinfo) -> list[tuple[str, Mapping[str, Any]]]:
        found: list[tuple[str, Mapping[str, Any]]] = []
        if not set(self.states) & ENDED:
            found.append(("task.ended_at IS NULL", {}))
        if self.states:
            found.append(("task.state = ANY(:states)", {"states": [str(s) for s in self.states]}))
        if self.kinds:
            found.append(("task.kind = ANY(:kinds)", {"kinds": [str(k) for k in self.kinds]}))
        if self.region_id is not None:
            found.append(
                (
                    "task.region_path @> ARRAY[CAST(:region_id AS bigint)]",
                    {"region_id": self.region_id},
                )
            )
        if self.staff_id is not None:
            found.append(("task.staff_id = :staff_id", {"staff_id": self.staff_id}))
        if self.day is not None:
            found.append(_of_day(self.day, now, zone))
        if self.text.strip():
            found.append((_TEXT, _of_text(self.text.strip())))
        return found


def day_of(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a day of the site begins, and when the next one does. Raises Invalid `wrong_time` for a year that no centre knows."""
    if day.year not in YEARS:
        raise Invalid("day: no year of ours.", code="wrong_time", day=day)
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)


def _of_day(day: date, now: datetime, zone: tzinfo) -> tuple[str, Mapping[str, Any]]:
    since, until = day_of(day, zone)
    condition = "task.begins_at < :until AND task.begins_at >= :since"
    if day == now.astimezone(zone).date():
        condition = (
            "task.begins_at < :until AND (task.begins_at >= :since OR task.ended_at IS NULL)"
        )
    return condition, {"since": since, "until": until}


_TEXT: Final = """(
    task.what ILIKE :like OR task.place ILIKE :like OR task.destination ILIKE :like OR home.address ILIKE :like
    OR home.address_en ILIKE :like OR resident.name ILIKE :like OR resident.name_latin ILIKE :like OR resident.pinyin LIKE :starts
    OR resident.initials LIKE :starts OR staff.name ILIKE :like OR task.code::text = :text
)"""


def _of_text(text: str) -> Mapping[str, Any]:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    starts = plain.lower().replace(" ", "") + "%"
    return {"like": f"%{plain}%", "starts": starts, "text": text}


@dataclass(frozen=True, slots=True)
class Start:
    """Behind which row a page begins. `as_of`: ranks are those of the first page, so that no row is passed over while time goes on."""

    as_of: datetime
    rank: int
    due_at: datetime
    task_id: UUID


def write_start(start: Start) -> str:
    """Opaque to the client."""
    said = [start.as_of.isoformat(), start.rank, start.due_at.isoformat(), str(start.task_id)]
    return base64.urlsafe_b64encode(orjson.dumps(said)).decode().rstrip("=")


def read_start(text: str) -> Start:
    """Raises Invalid `bad_cursor` for anything that `write_start` did not make."""
    try:
        match orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))):
            case [str(as_of), int(rank), str(due_at), str(task_id)] if 0 <= rank < 10:
                return Start(_aware(as_of), rank, _aware(due_at), UUID(task_id))
    except (binascii.Error, ValueError):
        pass  # refused below
    raise Invalid("after: not a cursor of this list; begin again without it.", code="bad_cursor")


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError("no time of ours")
    return found


def read_mark(mark: str) -> str:
    """A snapshot of the database as `changes` was given it. Raises Invalid `bad_mark`."""
    if not _MARK.fullmatch(mark):
        raise Invalid("mark: not one of this list; load it again.", code="bad_mark")
    return mark
