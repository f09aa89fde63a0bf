"""The wire formats this centre knows, one line each, and what becomes of names and repeats in each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from callcenter.devices.codec import DEFAULT_RETRY_HORIZON_S, WireFormat, stripped
from callcenter.devices.protocols import dc09, http_json

FORMATS: Mapping[str, WireFormat] = MappingProxyType(
    {
        each.name: each
        for each in (
            dc09.FORMAT,
            http_json.FORMAT,
        )
    }
)
"""By name, which is what a source's row calls its kind."""


def canonical_identifier(kind: str, identifier: str) -> str:
    """The one name of a device of a source of this kind, however it is written."""
    known = FORMATS.get(kind)
    return known.canonical_identifier(identifier) if known else stripped(identifier)


def read_key(kind: str, text: str) -> bytes:
    """The device key that people wrote down. Raises ValueError when it is none, or when this kind knows no keys."""
    known = FORMATS.get(kind)
    if known is None or known.read_key is None:
        raise ValueError("devices of this source have no key")
    return known.read_key(text)


def retry_horizon_s(kind: str, own: int | None) -> int:
    """How long the same bytes are a repeat, in seconds: as the source has it, else as its format has it."""
    if own is not None:
        return own
    known = FORMATS.get(kind)
    return known.retry_horizon_s if known else DEFAULT_RETRY_HORIZON_S
