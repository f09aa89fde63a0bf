"""Which alarm goes to which other centre by itself, and when. Pure.

Forwarding comes on top: nothing here stops, delays or replaces what rings and who is called in our own centre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

MOST_HOPS: Final = 2
"""Centres that an alarm has passed through when it is forwarded by no rule any more: it would go round in a circle."""
DAY_MINUTES: Final = 24 * 60


class Mode(StrEnum):
    ALWAYS = "always"
    """A copy of each."""
    UNMANNED = "unmanned"
    """Nobody sits here who would see and hear it."""
    UNTAKEN = "untaken"
    """Nobody has taken it in time, whoever sits here."""


BY_HAND: Final = "by_hand"
"""Beside the modes: an operator has ordered it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`after_s`: seconds since it began to ring; `kinds` none: of every kind; `begins`, `ends`: minutes of the site's day, equal
    where it holds all day, and over midnight where it ends before it begins.
    """

    id: int
    centre_id: int
    region_id: int
    mode: Mode
    after_s: int = 0
    kinds: Sequence[str] = ()
    least_priority: int = 3
    begins: int = 0
    ends: int = 0

    def holds_at(self, minute: int) -> bool:
        if self.begins == self.ends:
            return True
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alarm as the rules see it."""

    incident_id: UUID
    region_path: Sequence[int]
    kind: str
    priority: int
    waits: bool
    """Nobody has taken it."""
    rang_at: datetime
    hops: int = 0
    came_from: int | None = None
    """The centre that it was received from."""


class Why(StrEnum):
    """What a rule says of an alarm at this moment."""

    NOW = "now"
    LATER = "later"
    """Its time is still to come."""
    TAKEN = "taken"
    MANNED = "manned"
    OTHER_KIND = "other_kind"
    OTHER_HOUR = "other_hour"
    ELSEWHERE = "elsewhere"
    FROM_THERE = "from_there"
    """It came from that centre, or has gone through too many."""


def judge(rule: Rule, alarm: Standing, *, manned: bool, now: datetime) -> Why:
    """`now` in the site's zone; `manned`: a seat that would see and hear it has somebody at it."""
    found = _never(rule, alarm)
    if found is not None:
        return found
    if not rule.holds_at(now.hour * 60 + now.minute):
        return Why.OTHER_HOUR
    if rule.mode is not Mode.ALWAYS and not alarm.waits:
        return Why.TAKEN
    if rule.mode is Mode.UNMANNED and manned:
        return Why.MANNED
    waited = (now - alarm.rang_at).total_seconds()
    return Why.NOW if waited >= rule.after_s else Why.LATER


def _never(rule: Rule, alarm: Standing) -> Why | None:
    if rule.region_id not in alarm.region_path:
        return Why.ELSEWHERE
    if (rule.kinds and alarm.kind not in rule.kinds) or alarm.priority > rule.least_priority:
        return Why.OTHER_KIND
    if alarm.came_from == rule.centre_id or alarm.hops >= MOST_HOPS:
        return Why.FROM_THERE
    return None


def rule_of(row: Mapping[str, Any]) -> Rule:
    """Of a row of RULE_COLUMNS."""
    return Rule(
        id=row["rule_id"],
        centre_id=row["rule_centre"],
        region_id=row["rule_region"],
        mode=Mode(row["rule_mode"]),
        after_s=row["after_s"],
        kinds=row["rule_kinds"],
        least_priority=row["least_priority"],
        begins=row["begins"],
        ends=row["ends"],
    )


RULE_COLUMNS: Final = (
    "rule.id AS rule_id, rule.centre_id AS rule_centre, rule.region_id AS rule_region, rule.mode AS rule_mode, rule.after_s,"
    " rule.kinds AS rule_kinds, rule.least_priority, rule.begins, rule.ends"
)
