"""A change is made on the row as its author saw it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from callcenter.core.errors import Conflict
from callcenter.residents.access import check_version


@dataclass
class Row:
    version: int = 3


def test_a_change_of_what_was_seen_is_counted():
    row = Row()
    check_version(row, 3)
    assert row.version == 4


@pytest.mark.parametrize("seen", [2, 4])
def test_a_change_of_anything_else_is_refused_and_not_counted(seen: int):
    row = Row()
    with pytest.raises(Conflict) as error:
        check_version(row, seen)
    assert (error.value.code, row.version) == ("changed_meanwhile", 3)
    assert error.value.params == {"version": 3, "expected": seen}
