"""Keys and identifiers as people write them."""

from __future__ import annotations

import pytest

from callcenter.devices.naming import canonical_identifier, key_from_text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("000102030405060708090a0b0c0d0e0f", bytes(range(16))),
        (" 000102030405060708090A0B0C0D0E0F ", bytes(range(16))),
        ("AB" * 24, b"\xab" * 24),
        ("AB" * 32, b"\xab" * 32),
        ("AAAAAAAAAAAAAAAA", b"AAAAAAAAAAAAAAAA"),
        ("a key of 24 characters..", b"a key of 24 characters.."),
        ("text:000102030405060708090a0b0c0d0e0f", b"000102030405060708090a0b0c0d0e0f"),
    ],
)
def test_both_conventions_are_understood(text: str, key: bytes):
    assert key_from_text(text) == key


@pytest.mark.parametrize("text", ["", "00", "g" * 15, "00" * 33, "钥" * 16])
def test_other_lengths_are_refused(text: str):
    with pytest.raises(ValueError, match="16, 24 or 32 characters"):
        key_from_text(text)


def test_accounts_are_known_in_capitals_and_other_names_as_they_are():
    assert canonical_identifier("dc09", " ab12 ") == "AB12"
    assert canonical_identifier("http", "ep-0001") == "ep-0001"
