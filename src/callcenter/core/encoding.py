"""JSON as it leaves this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson


def encode(value: Any) -> bytes:
    """UTF-8 JSON; datetimes as ISO 8601, UUIDs as text (asyncpg's own UUID type included)."""
    return orjson.dumps(value, default=_other)


def encode_text(value: Any) -> str:
    """The same as text, for jsonb parameters."""
    return encode(value).decode()


def _other(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def array_literal(values: Sequence[object]) -> str:
    """An array of PostgreSQL as its literal, for ragged arrays cannot be unnested. For ids and our own names only."""
    return "{" + ",".join(map(str, values)) + "}"


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL's text cannot hold."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
