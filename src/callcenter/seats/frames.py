"""Messages as unmasked text frames (RFC 6455, 5.2): the same bytes for every console. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_FIN: Final = 0x80
_TEXT: Final = 0x01
_CONTINUATION: Final = 0x00


def text_frame(payload: bytes) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, 5.2): the same bytes for every console."""
    return _frame(_FIN | _TEXT, payload)


def fragments(parts: Sequence[bytes]) -> list[bytes]:
    """One text message in a frame for each part (RFC 6455, 5.4), so that a large one is never copied in one go."""
    last = len(parts) - 1
    return [
        _frame((_CONTINUATION if n else _TEXT) | (_FIN if n == last else 0), part)
        for n, part in enumerate(parts)
    ]


def _frame(head: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((head, size)) + payload
    if size < 65_536:
        return bytes((head, 126)) + size.to_bytes(2, "big") + payload
    return bytes((head, 127)) + size.to_bytes(8, "big") + payload
