"""How rows that are too old are counted and taken, a batch at a time.

In the SQL of a kind $1 is the time before which it goes, $2 how many at most, $3 the first id of that time where rows are found by their id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from callcenter.upkeep.kinds import Cutoff


class RawConnection(Protocol):
    """The part of an asyncpg connection that looking and taking need."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """The first row of a query."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement; its tag."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`old` selects `key` and `at` of what may go, from a table called `one`; `take` takes those that `chosen` gives. `locks` false: the
    server may not change the table, so that nobody is changing a row of it either.
    """

    old: str
    take: str
    by_id: bool = False
    locks: bool = True

    def _arguments(self, cut: Cutoff, most: int) -> tuple[object, ...]:
        return (cut.at, most, cut.id) if self.by_id else (cut.at, most)

    async def look(self, connection: RawConnection, cut: Cutoff, most: int) -> Any:
        """`number`, at most `most`, and the `oldest`."""
        query = f"SELECT count(*) AS number, min(at) AS oldest FROM ({self.old} LIMIT $2) AS old"  # noqa: S608 - constants
        return await connection.fetchrow(query, *self._arguments(cut, most))

    async def take_some(self, connection: RawConnection, cut: Cutoff, most: int) -> int:
        """How many went; rows that somebody is changing stay for the next time."""
        lock = "FOR UPDATE OF one SKIP LOCKED" if self.locks else ""
        chosen = f"SELECT key FROM ({self.old} LIMIT $2 {lock}) AS old"  # noqa: S608 - constants
        tag = await connection.execute(self.take.format(chosen=chosen), *self._arguments(cut, most))
        return int(tag.split()[-1])


@dataclass(frozen=True, slots=True)
class Together:
    """Tables that are kept equally long, taken one after the other."""

    all: tuple[Rows, ...]

    async def look(self, connection: RawConnection, cut: Cutoff, most: int) -> dict[str, Any]:
        """`number`, at most `most`, and the `oldest`, of all."""
        found = [await each.look(connection, cut, most) for each in self.all]
        oldest = [each["oldest"] for each in found if each["oldest"] is not None]
        number = min(most, sum(each["number"] for each in found))
        return {"number": number, "oldest": min(oldest, default=None)}

    async def take_some(self, connection: RawConnection, cut: Cutoff, most: int) -> int:
        """How many went, of the first table that has something."""
        for each in self.all:
            if taken := await each.take_some(connection, cut, most):
                return taken
        return 0
