"""AES keys as people write them down."""

from __future__ import annotations

import pytest

from callcenter.devices.protocols.dc09.crypto import key_from_text


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
