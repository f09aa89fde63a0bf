"""The log-in of what serves: a member of the server's role alone, so that no SET ROLE leads to the owner of the tables."""

from __future__ import annotations

from contextlib import suppress

import asyncpg

from callcenter.core.cluster_files import SERVING
from callcenter.core.database import SERVER_ROLE, Database


async def open_serving_login(owner_dsn: str, password: str) -> None:
    """Make the log-in, or give it this password, which is URL-safe text. The owner may make roles; the tables are there."""
    database = Database(owner_dsn, role=None)
    connection = await database.connect("log-in", answer_s=None)
    try:
        with suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await connection.execute(f"CREATE ROLE {SERVING} LOGIN NOINHERIT")
        await connection.execute(f"ALTER ROLE {SERVING} PASSWORD '{password}'")
        await connection.execute(f"GRANT {SERVER_ROLE} TO {SERVING}")
    finally:
        await connection.close()
        await database.close()
