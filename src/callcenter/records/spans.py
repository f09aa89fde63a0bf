"""Spans of days: from a day on, and no longer on the day they end. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A row of the past: `group` is what only one of holds at a time, such as the kind of a fact."""

    id: int
    group: tuple[str, ...]
    from_day: date
    until_day: date | None


def holds_on(from_day: date, until_day: date | None, day: date) -> bool:
    """Whether the day lies in the span."""
    return from_day <= day and (until_day is None or day < until_day)


def succeeded(known: Iterable[Span], group: tuple[str, ...], from_day: date) -> Span | None:
    """Of those that stand without an end, the one that another of its group ends by beginning on the day."""
    standing = (each for each in known if each.group == group and each.until_day is None)
    return next((each for each in standing if each.from_day < from_day), None)
