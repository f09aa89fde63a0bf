"""A short run of what `make fuzz` does a million times."""

from __future__ import annotations

import random

import pytest

from tools.fuzz import Json, dc09, fuzz


@pytest.mark.parametrize("read", [dc09, Json()], ids=["dc09", "http_json"])
def test_mutated_messages_hurt_no_reader(read) -> None:
    assert fuzz(read, 3_000, seed=7).inputs == 3_000


def test_what_a_reader_raises_comes_through_with_the_input_s_number() -> None:
    def breaks(chance: random.Random) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        fuzz(breaks, 1, seed=7)
    assert raised.value.__notes__ == ["input 0 of seed 7"]
