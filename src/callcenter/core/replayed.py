"""Answers of the database, kept to be given again: the code that reads a database reads a snapshot of it, and knows no difference.

An answer is kept with its query and arguments, value by value with its type. `Replayed` stands where a connection stands; it never
writes. Pure.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from typing import Any, Final
from uuid import UUID

import orjson

from callcenter.core.snapshot_file import FORM_BYTES, Unusable

_PACKING: Final = b"1"
"""How values are packed; moves on with it."""


def form_of(queries: Iterable[str]) -> bytes:
    """By which the answers to these queries are known: a release that asks otherwise does not understand them."""
    texts = b"\0".join(query.encode() for query in queries)
    return sha256(_PACKING + b"\0" + texts).digest()[:FORM_BYTES]


def packed(query: str, arguments: Sequence[Any], rows: Sequence[Any]) -> bytes:
    """An answer as a record. Rows are those of asyncpg. Raises TypeError for a value of a type that is not known here."""
    names = list(rows[0].keys()) if rows else []
    values = [[_packed(value) for value in row.values()] for row in rows]
    return orjson.dumps([_key(query, arguments), names, values])


class Row:
    """As a Record of asyncpg: by name and by place; iterating gives the values."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: Sequence[Any]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str | int) -> Any:
        return self._values[self._places[name] if isinstance(name, str) else name]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of this name."""
        return self[name] if name in self._places else default

    def keys(self) -> Iterable[str]:
        """The names, in their order."""
        return self._places.keys()

    def values(self) -> Iterable[Any]:
        """In the order of the names."""
        return iter(self._values)

    def items(self) -> Iterable[tuple[str, Any]]:
        """Names with their values."""
        return zip(self._places, self._values, strict=True)


class Replayed:
    """Stands where an asyncpg connection stands that only reads. What it is asked beside what was kept raises Unusable."""

    def __init__(self, kept: Iterable[bytes], as_of: datetime | None = None) -> None:
        """`as_of`: when what changes all the time was read."""
        self.as_of = as_of
        self._kept = iter(kept)
        self._read: dict[str, Sequence[Row]] = {}

    async def fetch(self, query: str, *arguments: Any) -> Sequence[Row]:
        """All rows. Answers are read from the file as far as they are asked for; a page is given once."""
        key = _key(query, arguments)
        while key not in self._read:
            body = next(self._kept, None)
            if body is None:
                raise Unusable("it does not have all that is asked")
            self._take(body)
        return self._read.pop(key) if arguments else self._read[key]

    async def fetchrow(self, query: str, *arguments: Any) -> Row | None:
        """The first row."""
        rows = await self.fetch(query, *arguments)
        return rows[0] if rows else None

    async def fetchval(self, query: str, *arguments: Any) -> Any:
        """The first value of the first row."""
        row = await self.fetchrow(query, *arguments)
        return row[0] if row is not None else None

    async def execute(self, query: str, *arguments: Any) -> str:  # noqa: ARG002 - nothing is written here
        """Nothing: it is written when the database is back."""
        return ""

    def _take(self, body: bytes) -> None:
        key, names, rows = orjson.loads(body)
        places = {name: place for place, name in enumerate(names)}
        self._read[key] = [Row(places, [_unpacked(value) for value in row]) for row in rows]


def _key(query: str, arguments: Sequence[Any]) -> str:
    said = orjson.dumps([_packed(each) for each in arguments])
    return sha256(query.encode() + b"\0" + said).hexdigest()


def _packed(value: Any) -> Any:
    """What JSON has, as it is; anything else as an object of one field that names its type."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, bytes):
        return {"b": b64encode(value).decode()}
    if isinstance(value, float):
        return value if isfinite(value) else {"f": str(value)}
    if isinstance(value, list | tuple):
        return [_packed(each) for each in value]
    if isinstance(value, Mapping):
        return {"j": {key: _packed(each) for key, each in value.items()}}
    return _packed_by_name(value)


def _packed_by_name(value: Any) -> Any:
    if isinstance(value, UUID):
        return {"u": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(each) for each in value]
    if not isinstance(value, dict):
        return value
    [(kind, said)] = value.items()
    return _UNPACK[kind](said)


def _mapping(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _unpacked(each) for key, each in said.items()}


_UNPACK: Final[Mapping[str, Any]] = {
    "b": b64decode,
    "f": float,
    "j": _mapping,
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}
