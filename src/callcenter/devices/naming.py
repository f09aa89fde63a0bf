"""How people write down what a device is called and what it encrypts with. Pure."""

from __future__ import annotations

from typing import Final

KEY_BYTES: Final = (16, 24, 32)
"""AES-128, 192 and 256."""
_AS_TEXT: Final = "text:"
_DC09: Final = "dc09"


def key_from_text(text: str) -> bytes:
    """An AES key: 32, 48 or 64 hex digits, else 16, 24 or 32 characters taken as they are; `text:` before it forces that.

    Both conventions are in the field, and panels show one or the other. Raises ValueError for any other length.
    """
    text = text.strip()
    key = b""
    if not text.startswith(_AS_TEXT):
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
    if len(key) not in KEY_BYTES:
        key = text.removeprefix(_AS_TEXT).encode("utf-8")
    if len(key) not in KEY_BYTES:
        raise ValueError("an AES key has 16, 24 or 32 characters, or twice as many hex digits")
    return key


def canonical_identifier(source_kind: str, identifier: str) -> str:
    """As the listener hands it on: DC-09 accounts are hex digits and come in capitals; other names stay as they are."""
    identifier = identifier.strip()
    return identifier.upper() if source_kind == _DC09 else identifier
