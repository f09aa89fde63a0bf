"""Makes a used test database as its template is: without the rows of the test, with those that the migrations wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

# Whoever else is connected is sent away, and has let go of everything when this ends.
_ALONE: Final = """
DO $$ BEGIN
  LOOP
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid();
    EXIT WHEN NOT FOUND;
    PERFORM pg_sleep(0.001), pg_stat_clear_snapshot();
  END LOOP;
END $$
"""

# A row leaves a page behind, even when it was rolled back or deleted, until VACUUM takes that away.
_WRITTEN: Final = """
SELECT relname::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
ORDER BY oid
"""

_CATALOGS: Final = (
    "pg_attrdef", "pg_attribute", "pg_constraint", "pg_default_acl", "pg_extension", "pg_index", "pg_policy", "pg_proc",
    "pg_rewrite", "pg_sequence", "pg_statistic", "pg_trigger", "pg_type",
)  # fmt: skip

# Of pg_class without what VACUUM counts: pages and rows.
_SCHEMA: Final = f"""
SELECT concat_ws(' ',
  (SELECT md5(string_agg(concat_ws(',', oid, relname, relowner, relkind, relnatts, relchecks, relhasrules,
    relrowsecurity, relforcerowsecurity, relacl::text, reloptions::text), ';' ORDER BY oid)) FROM pg_class),
  (SELECT count(*) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'),
  (SELECT count(*) FROM pg_db_role_setting AS s JOIN pg_database AS d ON d.oid = s.setdatabase
    WHERE d.datname = current_database()),
  {", ".join(f"(SELECT concat_ws(':', count(*), max(xmin::text::bigint)) FROM {name})" for name in _CATALOGS)})
"""  # noqa: S608 - names of our own

_COUNTERS: Final = """
SELECT seqrelid::int, pg_sequence_last_value(seqrelid) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


# Indexes keep their pages, and the planner looks at how many they have.
_MAY_GROW_B: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Pristine:
    """How a database looks right after it was cloned."""

    schema: str
    rows: Mapping[str, list[str]]
    """Of each table that has any, in their order in the file."""
    counters: Mapping[int, int]
    """The last number of each sequence that gave one."""
    size: int
    """In bytes."""

    @classmethod
    async def seen(cls, connection: asyncpg.Connection) -> Pristine:
        tables = await _written(connection)
        rows = {table: await _rows(connection, table) for table in tables}
        schema, counters = await _schema(connection), await _counters(connection)
        return cls(schema, rows, counters, await _size(connection))

    async def restore(self, connection: asyncpg.Connection) -> bool:
        """Ends all other connections and makes rows and counters those of the template; as superuser. False: more than
        that is different, or it has grown.
        """
        await connection.execute(_ALONE)
        if await _schema(connection) != self.schema:
            return False
        written = await _written(connection)
        changed = [
            each for each, rows in self.rows.items() if await _rows(connection, each) != rows
        ]
        emptied = [each for each in written if each not in self.rows] + changed
        if emptied:
            await _empty(connection, emptied)
        for table in changed:
            await _write(connection, table, self.rows[table])
        counters = await _counters(connection)
        for sequence in counters.keys() | self.counters.keys():
            if counters.get(sequence) != self.counters.get(sequence):
                await self._count_back(connection, sequence)
        small = await _size(connection) < self.size + _MAY_GROW_B
        return small and set(await _written(connection)) == self.rows.keys()

    async def _count_back(self, connection: asyncpg.Connection, sequence: int) -> None:
        await connection.execute(
            "SELECT setval(seqrelid, coalesce($2, seqstart), $2 IS NOT NULL) FROM pg_sequence"
            " WHERE seqrelid = $1::int::oid",
            sequence,
            self.counters.get(sequence),
        )


async def _schema(connection: asyncpg.Connection) -> str:
    seen: str = await connection.fetchval(_SCHEMA)
    return seen


async def _size(connection: asyncpg.Connection) -> int:
    size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    return size


async def _written(connection: asyncpg.Connection) -> list[str]:
    return [row[0] for row in await connection.fetch(_WRITTEN)]


async def _counters(connection: asyncpg.Connection) -> dict[int, int]:
    return dict(await connection.fetch(_COUNTERS))


async def _rows(connection: asyncpg.Connection, table: str) -> list[str]:
    rows = await connection.fetch(f"SELECT t::text FROM {table} AS t ORDER BY ctid")  # noqa: S608
    return [row[0] for row in rows]


async def _empty(connection: asyncpg.Connection, tables: list[str]) -> None:
    """Neither TRUNCATE, which makes every file of every table anew that refers to one of these, nor a trigger of theirs,
    nor foreign keys. The planner forgets that it knows them to be empty.
    """
    deleting = "".join(f"DELETE FROM {table};" for table in tables)  # noqa: S608
    forgetting = "".join(
        f"SELECT pg_clear_relation_stats('public', '{table}');" for table in tables
    )
    await connection.execute(
        f"BEGIN; SET LOCAL session_replication_role = replica; {deleting} COMMIT"
    )
    await connection.execute(f"VACUUM (PARALLEL 0) {', '.join(tables)}")
    await connection.execute(forgetting)


async def _write(connection: asyncpg.Connection, table: str, rows: list[str]) -> None:
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT (each::{table}).* FROM unnest($1::text[]) AS each",
        rows,
    )
    await connection.execute("RESET session_replication_role")
