"""What a screen with dots shows of people who move, beside what their phones have said: how far it is behind, whose dot is hollow. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

HOLLOW_AFTER: Final = timedelta(minutes=5)
"""As the console draws it."""
MAY_BE_BEHIND: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a phone was acknowledged last: where it was at `at`; `acked_at` is when it knew."""

    at: datetime
    acked_at: datetime


@dataclass(slots=True)
class Watch:
    """Looks at the dots, one after the other."""

    looks: int = 0
    behind: timedelta = timedelta()
    """The longest that a phone had been acknowledged what its dot did not show."""
    too_far_behind: int = 0
    without: int = 0
    """Phones that had said where they are, without a dot."""
    turned: int = 0
    """Dots that were hollow."""
    youngest: timedelta | None = None
    """The least age at which one was."""
    back: int = 0
    """Hollow ones that were filled again."""
    hollow: set[int] = field(default_factory=set)

    def look(
        self,
        dots: Mapping[int, datetime],
        heard: Mapping[int, Heard],
        asked_at: datetime,
        now: datetime,
    ) -> None:
        """`heard` of each phone before the screen asked, at `asked_at`; `dots`: the time of each dot, at `now` by the centre's clock."""
        self.looks += 1
        for staff_id, last in heard.items():
            shown = dots.get(staff_id)
            if shown is None:
                self.without += asked_at - last.acked_at > MAY_BE_BEHIND
                continue
            self._note_lag(asked_at - last.acked_at if shown < last.at else timedelta())
            self._note_age(staff_id, now - shown)

    def _note_lag(self, lag: timedelta) -> None:
        self.behind = max(self.behind, lag)
        self.too_far_behind += lag > MAY_BE_BEHIND

    def _note_age(self, staff_id: int, age: timedelta) -> None:
        is_hollow = age > HOLLOW_AFTER
        if is_hollow and staff_id not in self.hollow:
            self.turned += 1
            self.youngest = age if self.youngest is None else min(self.youngest, age)
            self.hollow.add(staff_id)
        elif not is_hollow and staff_id in self.hollow:
            self.back += 1
            self.hollow.discard(staff_id)

    @property
    def holds(self) -> bool:
        """Every dot was where its phone had last been heard."""
        return not (self.too_far_behind or self.without)

    def line(self) -> str:
        """For the terminal."""
        first = "" if self.youngest is None else f" after {self.youngest.total_seconds():.0f} s"
        return (
            f"dots          {self.looks} looks: at most {self.behind.total_seconds():.1f} s behind, {self.too_far_behind} times "
            f"more than {MAY_BE_BEHIND.total_seconds():.0f}, {self.without} missing; {self.turned} turned hollow{first}, {self.back} of them back"
        )
