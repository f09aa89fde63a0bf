"""The AES key of a centre: as hexadecimal digits or as characters."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Invalid
from callcenter.forwarding.ways.keys import check_key, key_of


@pytest.mark.parametrize("size", [16, 24, 32])
def test_hexadecimal_digits_and_characters_are_both_taken(size: int):
    assert key_of("ab" * size) == b"\xab" * size
    assert key_of("k" * size) == b"k" * size


@pytest.mark.parametrize("text", ["", "short", "ab" * 17])
def test_any_other_length_is_refused_by_its_code(text: str):
    with pytest.raises(Invalid) as refused:
        check_key(text)
    assert refused.value.code == "key_refused"
