"""The columns of the spreadsheet: each heading means one thing, and what an export writes an import reads."""

from __future__ import annotations

from collections import Counter

import pytest

from callcenter.directory import columns
from callcenter.residents.models import Resident

CHOICES = {
    "sex": columns.SEX,
    "status": columns.STATUS,
    "living": columns.LIVING,
    "welfare": columns.WELFARE,
    "ability": columns.ABILITY,
    "risk": columns.RISK,
    "device_kind": columns.DEVICE_KIND,
}


@pytest.mark.parametrize("name", CHOICES)
def test_no_word_means_two_things(name: str):
    words = Counter(word for written in CHOICES[name].values() for word in written)
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("name", CHOICES)
def test_what_stands_in_the_database_is_understood_too(name: str):
    for value, written in CHOICES[name].items():
        assert value in {word.replace(" ", "_") for word in written}, value


@pytest.mark.parametrize("name", ["sex", "status", "risk"])
def test_every_value_that_the_table_allows_can_be_written(name: str):
    [allowed] = [
        str(each.sqltext)
        for each in Resident.__table__.constraints
        if str(each.name).endswith(f"_{name}_known")
    ]
    assert {value for value in CHOICES[name] if f"'{value}'" in allowed} == set(CHOICES[name])
    assert allowed.count("'") == 2 * len(CHOICES[name])
