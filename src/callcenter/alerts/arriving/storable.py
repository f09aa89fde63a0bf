"""A signal without what PostgreSQL cannot hold; its raw bytes keep everything (design 6b.6). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Final

import orjson

from callcenter.core.encoding import clean
from callcenter.devices.signals import Signal

MAX_JSON_INTEGER: Final = 2**63 - 1


def storable(signal: Signal) -> Signal:
    """Without what PostgreSQL's text cannot hold; the raw bytes keep everything (design 6b.6)."""
    if signal.text is None and not signal.also and _is_plain(signal.identifier):
        return signal
    return replace(
        signal,
        text=clean(signal.text) if signal.text is not None else None,
        identifier=clean(signal.identifier),
        also=tuple(clean(name) for name in signal.also),
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and "\0" not in text


def clean_json(value: Mapping[str, object]) -> str:
    """As far as it can be written; the raw bytes keep everything (G3)."""
    if not value:
        return "{}"
    try:
        return orjson.dumps(_clean_value(value)).decode()
    except (TypeError, RecursionError):  # nested too deeply, most likely
        return '{"not_kept": true}'


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _clean_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_value(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_JSON_INTEGER:
        return str(value)
    return value
