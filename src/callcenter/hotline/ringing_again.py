"""When somebody who did not press a key is rung once more, and how many lines may be rung at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from callcenter.hotline.announcement import Outcome
from callcenter.hotline.spoken import VoiceKind

OVER: Final = frozenset({Outcome.PRESSED, Outcome.WITHDRAWN})
"""Whatever else came of it, it is tried again."""
ALARMS: Final = frozenset({VoiceKind.CONTACT_ALARM})


@dataclass(frozen=True, slots=True)
class Quiet:
    """From and until, by the clock of the site, over midnight too."""

    from_: time
    until: time

    def ends_after(self, at: datetime, zone: tzinfo) -> datetime:
        """`at`, or the end of the quiet that it lies in."""
        local = at.astimezone(zone)
        clock = local.time()
        if self.from_ <= self.until:
            within = self.from_ <= clock < self.until
        else:
            within = clock >= self.from_ or clock < self.until
        if not within:
            return at
        day = local.date() + timedelta(days=1 if clock >= self.until else 0)
        return datetime.combine(day, self.until, zone).astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Before the second attempt, the third and so on."""

    of_alarms: Sequence[timedelta]
    of_lists: Sequence[timedelta]
    quiet: Quiet
    """Nobody is rung then but for an alarm."""

    def of(self, kind: VoiceKind) -> Sequence[timedelta]:
        return self.of_alarms if kind in ALARMS else self.of_lists


def again_at(
    pauses: Pauses, kind: VoiceKind, attempts: int, outcome: Outcome, now: datetime, zone: tzinfo
) -> datetime | None:
    """When the next attempt is due after so many; None: there is none."""
    left = pauses.of(kind)
    if outcome in OVER or attempts > len(left):
        return None
    due = now + left[attempts - 1]
    return due if kind in ALARMS else pauses.quiet.ends_after(due, zone)


@dataclass(frozen=True, slots=True)
class Channels:
    """So many lines may be rung by the centre itself at once, lists having fewer: the rest is for people who call."""

    all: int
    for_lists: int

    def free(self, alarms: int, lists: int) -> tuple[int, int]:
        """How many alarms, and how many calls of lists, may be begun while so many of each stand."""
        left = max(0, self.all - alarms - lists)
        return left, min(left, max(0, self.for_lists - lists))
