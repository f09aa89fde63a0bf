"""Connections that do not ask again for types which PostgreSQL itself brings.

asyncpg asks once a connection for each type that it has no codec for, among them nearly every array: 9 ms of a core on a fresh
connection, at every statement that meets a new one. What PostgreSQL brings has the same number and shape in every database of a
release, so the first answer serves all connections of the process. Types of a database's own are asked for each time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import asyncpg

_ASSIGNED_BY_HAND: Final = 10_000
"""Below it are the numbers that PostgreSQL's own sources give (FirstGenbkiObjectId in its access/transam.h)."""

_Types = tuple[int, frozenset[int]]

_shapes: Final[dict[_Types, Any]] = {}


class _Asked(NamedTuple):
    """Stands for the statement that would have asked; its name says that nothing was prepared over somebody else's."""

    name: str


_NOTHING: Final = _Asked("nothing")


class KnowingTypes(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    """As asyncpg's own, but for what it asks the server about types."""

    __slots__ = ()

    async def _introspect_types(
        self,
        typeoids: Collection[int],
        timeout: float | None,  # noqa: ASYNC109 - asyncpg's own
    ) -> tuple[Any, Any]:
        asked = (self.get_server_version().major, frozenset(typeoids))
        if asked in _shapes:
            return _shapes[asked], _NOTHING
        found, statement = await super()._introspect_types(typeoids, timeout)
        if all(row["oid"] < _ASSIGNED_BY_HAND for row in found):
            _shapes[asked] = found
        return found, statement
