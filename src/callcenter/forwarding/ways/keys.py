"""The AES key of a DC-09 centre, as people write it down. Pure."""

from __future__ import annotations

from callcenter.core.errors import Invalid
from callcenter.devices.protocols.dc09.crypto import key_from_text


def check_key(text: str) -> None:
    """Raises Invalid `key_refused`."""
    key_of(text)


def key_of(text: str) -> bytes:
    """16, 24 or 32 bytes. Raises Invalid `key_refused`."""
    try:
        return key_from_text(text)
    except ValueError as error:
        raise Invalid(f"The key: {error}.", code="key_refused") from error
