"""A span holds on its first day and no longer on its last; another of its group ends it by beginning."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.records.spans import Span, holds_on, succeeded

MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))


@pytest.mark.parametrize(
    ("until", "day", "holds"),
    [
        (None, MARCH, True),
        (None, date(2026, 2, 28), False),
        (APRIL, date(2026, 3, 31), True),
        (APRIL, APRIL, False),
    ],
)
def test_a_span_holds_from_its_first_day_until_before_its_last(until, day, holds):
    assert holds_on(MARCH, until, day) == holds


KNOWN = [
    Span(1, ("ability",), MARCH, APRIL),
    Span(2, ("ability",), APRIL, None),
    Span(3, ("welfare", "no_family"), MARCH, None),
]


@pytest.mark.parametrize(
    ("group", "day", "ended"),
    [
        (("ability",), MAY, 2),
        (("ability",), APRIL, None),
        (("welfare", "no_family"), MAY, 3),
        (("welfare", "preferential"), MAY, None),
        (("living",), MAY, None),
    ],
)
def test_what_begins_ends_what_stands(group, day, ended):
    found = succeeded(KNOWN, group, day)
    assert (found.id if found else None) == ended
