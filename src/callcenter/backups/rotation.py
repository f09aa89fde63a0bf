"""Names of archives, and which of them may go. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

_NAME: Final = re.compile(r"callcenter-(\d{8}T\d{6})Z\.ccbackup")


def name_at(at: datetime) -> str:
    """Of an archive whose snapshot is of this moment."""
    return f"callcenter-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z.ccbackup"


def time_of(name: str) -> datetime | None:
    """When an archive was taken, by its name; None: it is none of ours."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None


def newest(names: Iterable[str]) -> str | None:
    """The archive that was taken last."""
    dated = [(at, name) for name in names if (at := time_of(name)) is not None]
    return max(dated)[1] if dated else None


def to_go(names: Iterable[str], *, daily: int, weekly: int) -> list[str]:
    """Archives beyond the last of each of so many days and of so many weeks that have one; the newest never goes, nor what has
    another name.
    """
    dated = sorted(((at, name) for name in names if (at := time_of(name))), reverse=True)
    days: dict[object, str] = {}
    weeks: dict[object, str] = {}
    for at, name in dated:
        days.setdefault(at.date(), name)
        weeks.setdefault(at.isocalendar()[:2], name)
    kept = {*list(days.values())[: max(daily, 1)], *list(weeks.values())[:weekly]}
    return [name for _, name in dated if name not in kept]
