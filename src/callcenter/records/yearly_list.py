"""The list of a year's holidays and make-up workdays, as somebody copies it from the State Council's notice. Pure.

No list is shipped: a list that is only believed to be right would make deadlines wrong. CSV with a line for each day that is not as
its weekday says: `2030-10-01,holiday,国庆节`. A line of headings may stand first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from callcenter.records.models import DayKind
from callcenter.residents.problems import InvalidFields, Problem, problem

_KINDS: Final[Mapping[str, DayKind]] = MappingProxyType(
    {
        **{kind.value: kind for kind in DayKind},
        "放假": DayKind.HOLIDAY,
        "节假日": DayKind.HOLIDAY,
        "休息": DayKind.REST,
        "调休": DayKind.REST,
        "上班": DayKind.WORKDAY,
        "工作日": DayKind.WORKDAY,
    }
)
_ALWAYS: Final = ((1, 1), (5, 1), (10, 1))
"""Holidays by law in every year: a list without them is not that of the whole year."""


@dataclass(frozen=True, slots=True)
class ListedDay:
    day: date
    kind: DayKind
    name: str


def read_list(text: str, year: int) -> list[ListedDay]:
    """The days in order. Raises InvalidFields with each line that is wrong, or that is missing."""
    days: dict[date, ListedDay] = {}
    problems: list[Problem] = []
    for line, cells in _lines(text):
        listed = _read(line, cells, year, problems)
        if listed is None:
            continue
        if listed.day in days:
            problems.append(problem(line, "day_twice", listed.day))
        days[listed.day] = listed
    if not problems:
        problems += _missing(days, year)
    if problems:
        raise InvalidFields(problems)
    return sorted(days.values(), key=lambda listed: listed.day)


def _lines(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    for number, cells in enumerate(csv.reader(io.StringIO(text)), start=1):
        cleaned = [cell.strip() for cell in cells]
        is_heading = number == 1 and not any(cell.isdigit() for cell in "".join(cleaned[:1]))
        if any(cleaned) and not is_heading:
            yield f"line {number}", cleaned


def _read(line: str, cells: Sequence[str], year: int, problems: list[Problem]) -> ListedDay | None:
    written, kind, name = (*cells, "", "")[:3]
    try:
        day = date.fromisoformat(written)
    except ValueError:
        problems.append(problem(line, "not_a_date", written))
        return None
    if day.year != year:
        problems.append(problem(line, "another_year", written))
    if kind not in _KINDS:
        problems.append(problem(line, "not_a_choice", kind, choices=", ".join(_KINDS)))
        return None
    return ListedDay(day, _KINDS[kind], name)


def _missing(days: Mapping[date, ListedDay], year: int) -> Iterator[Problem]:
    for month, number in _ALWAYS:
        day = date(year, month, number)
        if day not in days or days[day].kind is not DayKind.HOLIDAY:
            yield problem("csv", "not_a_whole_year", day)
