"""ARCHITECTURE.md names for each guarantee the tests that hold it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
GUARANTEES: Final = [f"G{number}" for number in range(1, 10)]


def named() -> dict[str, list[str]]:
    """Files of tests by guarantee, as the table has them."""
    lines = (ROOT / "ARCHITECTURE.md").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if re.match(r"\| G\d \| ", line)]
    return {row[0].removeprefix("| "): re.findall(r"`(tests/[^`]+)`", row[-1]) for row in rows}


def test_every_guarantee_has_tests():
    assert sorted(named()) == GUARANTEES
    assert all(named().values())


@pytest.mark.parametrize("guarantee", GUARANTEES)
def test_each_file_that_is_named_has_tests_of_that_guarantee(guarantee: str):
    for path in named()[guarantee]:
        assert re.search(rf"def test_(\w+_)?{guarantee.lower()}_", (ROOT / path).read_text()), path
