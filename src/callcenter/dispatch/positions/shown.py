"""What a map shows of the field: a dot for everybody on duty, and which of them are other than a reader has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

MOST_GONE: Final = 5_000
"""Who reads so seldom that more have gone meanwhile is given everything."""


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody on duty. Without `at` nobody knows where they are; without `task_id` they have nothing to do."""

    staff_id: int
    name: str
    kinds: Sequence[str]
    region_id: int
    region_path: Sequence[int]
    at: datetime | None
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    source: str | None
    task_id: str | None = None
    task_kind: str | None = None
    task_state: str | None = None
    since: datetime | None = None
    """When the task came into this state."""

    def seen_by(self, regions: frozenset[int]) -> bool:
        """Whether it lies in one of these regions or below."""
        return not regions.isdisjoint(self.region_path)


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody whose duty is over, and where they were seen from."""

    revision: int
    dot: Dot


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody at a moment. `changed` is the revision with which each dot became what it is."""

    revision: int = 0
    dots: Mapping[int, Dot] = field(default_factory=dict)
    changed: Mapping[int, int] = field(default_factory=dict)
    gone: tuple[Gone, ...] = ()
    whole_until: int = 0
    """Whoever reads on from before this revision is given everything."""

    def next(self, now: Iterable[Dot]) -> Field:
        """What is so now."""
        revision = self.revision + 1
        dots = {dot.staff_id: self._same(dot) for dot in now}
        changed = {
            key: self.changed[key] if self.dots.get(key) is dot else revision
            for key, dot in dots.items()
        }
        left = [
            Gone(revision, dot)
            for key, dot in self.dots.items()
            if key not in dots or dots[key].region_path != dot.region_path
        ]
        if not left and all(each < revision for each in changed.values()):
            return replace(self, dots=dots)
        gone = (*self.gone, *left)
        kept = gone[-MOST_GONE:]
        whole = gone[-MOST_GONE - 1].revision if len(gone) > MOST_GONE else self.whole_until
        return Field(revision, dots, changed, kept, whole)

    def _same(self, dot: Dot) -> Dot:
        """The very dot that was known, where it is as it was."""
        known = self.dots.get(dot.staff_id)
        return known if known is not None and known == dot else dot

    def since(self, revision: int | None, regions: frozenset[int]) -> Changes:
        """What a reader of these regions does not have. None: it has nothing yet."""
        whole = revision is None or not self.whole_until <= revision <= self.revision
        after = -1 if whole or revision is None else revision
        dots = [
            dot
            for key, dot in self.dots.items()
            if self.changed[key] > after and dot.seen_by(regions)
        ]
        gone = [
            each.dot.staff_id
            for each in self.gone
            if each.revision > after
            and each.dot.seen_by(regions)
            and not self._is_seen(each.dot.staff_id, regions)
        ]
        return Changes(self.revision, whole, dots, [] if whole else gone)

    def _is_seen(self, staff_id: int, regions: frozenset[int]) -> bool:
        dot = self.dots.get(staff_id)
        return dot is not None and dot.seen_by(regions)


@dataclass(frozen=True, slots=True)
class Changes:
    """`whole`: what is not among the dots is not there."""

    revision: int
    whole: bool
    dots: Sequence[Dot]
    gone: Sequence[int]
