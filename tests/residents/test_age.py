"""Whole years, from birthday to birthday."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.residents.age import age_on


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(1943, 3, 1), date(2026, 2, 28), 82),
        (date(1943, 3, 1), date(2026, 3, 1), 83),
        (date(1944, 2, 29), date(2026, 2, 28), 81),
        (date(1944, 2, 29), date(2026, 3, 1), 82),
        (None, date(2026, 3, 1), None),
    ],
)
def test_age_grows_on_the_birthday(born: date | None, today: date, age: int | None):
    assert age_on(born, today) == age
