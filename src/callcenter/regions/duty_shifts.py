"""When which phone of a duty list is called: whose it is, and the shifts of the week in which somebody carries it. Pure.

Rather too many are called than nobody: a phone without shifts is called at any time, and where no shift of a list holds all of it
is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)
MOST_SHIFTS: Final = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """From `begins` to `ends` (HH:MM) on these days of the week (1: Monday). One that ends no later than it begins ends on the next day,
    and belongs to the day on which it began.
    """

    days: tuple[int, ...] = EVERY_DAY
    begins: str = "00:00"
    ends: str = "00:00"

    def end_if_on(self, local: datetime) -> datetime | None:
        """When it ends, if it holds at this local time."""
        begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        for days_ago in (0, 1):
            day = local.date() - timedelta(days=days_ago)
            last = day + timedelta(days=int(ends <= begins))
            start = datetime.combine(day, begins, local.tzinfo)
            end = datetime.combine(last, ends, local.tzinfo)
            if day.isoweekday() in self.days and start <= local < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class DutyPhone:
    """Whose phone it is, and when it is called by the clock of `zone`; without shifts at any time."""

    name: str = ""
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = ()

    def end_if_on(self, now: datetime) -> datetime | None:
        """When the shift ends that holds now; None where none does."""
        local = now.astimezone(ZoneInfo(self.zone))
        ends = [end for shift in self.shifts if (end := shift.end_if_on(local)) is not None]
        return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A phone that would be called now. `until` None: at any time, or because no shift holds."""

    number: str
    name: str = ""
    until: datetime | None = None


def on_duty(
    numbers: Sequence[str], phones: Mapping[str, DutyPhone], now: datetime
) -> tuple[OnDuty, ...]:
    """Those of the list that are called now, in its order; all of them where no shift holds."""
    found = []
    for number in numbers:
        phone = phones.get(number, DutyPhone())
        until = phone.end_if_on(now)
        if until is not None or not phone.shifts:
            found.append(OnDuty(number, phone.name, until))
    if found:
        return tuple(found)
    return tuple(OnDuty(number, phones.get(number, DutyPhone()).name) for number in numbers)


def phones_of(stored: object) -> Mapping[str, DutyPhone]:
    """From a region's column. What cannot be read is a phone that is called at any time: an alarm comes before a tidy plan."""
    if not isinstance(stored, Mapping):
        return {}
    return {number: _phone(said) for number, said in stored.items()}


def _phone(said: Any) -> DutyPhone:
    try:
        shifts = tuple(
            Shift(tuple(one["days"]), one["begins"], one["ends"]) for one in said["shifts"]
        )
        phone = DutyPhone(str(said["name"]), said["zone"], shifts)
        phone.end_if_on(datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    except (KeyError, TypeError, ValueError):
        return DutyPhone()
    return phone


def stored_phones(phones: Mapping[str, DutyPhone]) -> dict[str, Any] | None:
    """As the column holds them; None: nothing is said of any."""
    said = {number: phone for number, phone in phones.items() if phone.name or phone.shifts}
    return {number: asdict(phone) for number, phone in said.items()} or None
