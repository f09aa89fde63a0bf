"""How long what is kept: each kind with the setting that says so, or with why it stays. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.adjustable.known import SETTINGS, Setting

BEGINS_AT_H: Final = 3
"""By the site's clock: the hour in which fewest people look anything up."""


class KeptKind(StrEnum):
    """In the order of the page."""

    TEXTS = "texts"
    ANSWERS = "answers"
    PHOTOS = "photos"
    FIELD_PHOTOS = "field_photos"
    IMPORT_REPORTS = "import_reports"
    LOG_INS = "log_ins"
    WATCH_SPANS = "watch_spans"
    SEAT_CHANGES = "seat_changes"
    TRACKS = "tracks"
    CHECK_IN_PLACES = "check_in_places"
    TASKS = "tasks"
    ROUNDS = "rounds"
    PAIR_TICKS = "pair_ticks"
    DUTIES = "duties"
    FAMILY_LOOKS = "family_looks"
    FIELD_COMMANDS = "field_commands"
    PHONE_LOG_INS = "phone_log_ins"
    RECORDINGS = "recordings"
    RECORDINGS_RED = "recordings_red"
    RECORDINGS_CASE = "recordings_case"
    VOICE_CALLS = "voice_calls"
    CALLS = "calls"
    JOURNAL = "journal"
    TIMELINE = "timeline"
    AUDIT = "audit"
    INCIDENTS = "incidents"
    EXPORTS = "exports"


class Stays(StrEnum):
    """Why nothing of a kind is taken by its age."""

    CASE = "case"
    """What was done about whom: nothing of it is ever deleted."""
    NEVER_KEPT = "never_kept"
    """It is gone as soon as it was handed out."""


WHY_IT_STAYS: Final[Mapping[KeptKind, Stays]] = MappingProxyType(
    {
        KeptKind.INCIDENTS: Stays.CASE,
        KeptKind.EXPORTS: Stays.NEVER_KEPT,
    }
)

LEDGERS: Final = frozenset({KeptKind.JOURNAL, KeptKind.TIMELINE, KeptKind.AUDIT})
"""Of these whole months go, into the archive."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What is older goes. `id` is the first UUIDv7 that could have been made at that time."""

    at: datetime
    id: UUID


def setting_for(kind: KeptKind) -> Setting | None:
    """Which says for how many days; None: nothing of it goes."""
    return None if kind in WHY_IT_STAYS else SETTINGS[f"retention.{kind}_d"]


def cutoff(setting: Setting, days: int, now: datetime) -> Cutoff:
    """Nothing younger than the least of its setting goes, whatever `days` say."""
    at = now - timedelta(days=max(days, setting.least))
    return Cutoff(at, UUID(int=int(at.timestamp() * 1000) << 80))


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether a run begins: once a day of the site, in the night or as soon as somebody is there afterwards. Both by its clock."""
    return now.hour >= BEGINS_AT_H and (last is None or last.date() < now.date())
