"""A clock that is moved by hand, for a process and for its database.

Statements ask the database for leases and due times (`clock_timestamp()`). In a database that was made for a replay these names are
found in a schema before PostgreSQL's own: the statements are those of every day, and no other database has the schema.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import asyncpg

from callcenter.core.cluster import OWNER

SCHEMA: Final = "moved"

PREPARE: Final = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.clock (at timestamptz NOT NULL);
INSERT INTO {SCHEMA}.clock VALUES ('epoch');
CREATE FUNCTION {SCHEMA}.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM {SCHEMA}.clock';
CREATE FUNCTION {SCHEMA}.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM {SCHEMA}.clock';
GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC;
GRANT SELECT ON {SCHEMA}.clock TO PUBLIC;
GRANT ALL ON {SCHEMA}.clock TO {OWNER};
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = public, {SCHEMA}, pg_catalog', current_database());
END $$;
"""  # noqa: S608 constants
"""By the superuser, in the one database that is made for a replay; connections made afterwards find it."""


class MovedClock:
    """Fulfils core.clock.Clock. `set` moves the process and the database together; it never goes back."""

    def __init__(self, start: datetime, owner: asyncpg.Connection) -> None:
        self._now = self._began = start
        self._owner = owner

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        """Seconds since the night began, and some: nothing is as old as the process."""
        return 1_000.0 + (self._now - self._began).total_seconds()

    async def set(self, at: datetime) -> None:
        """It is this time."""
        self._now = max(self._now, at.astimezone(UTC))
        await self._owner.execute(_SET, self._now)


_SET = f"UPDATE {SCHEMA}.clock SET at = $1"  # noqa: S608 a constant
