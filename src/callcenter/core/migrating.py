"""Bringing a database to the schema of this release. The migrations travel inside the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import callcenter
from callcenter.core.database import Database
from callcenter.core.errors import Misconfigured

_LOCK_KEY: Final = 0x63616C6C63656E74
"""Advisory lock of migrating: "callcent" in ASCII."""
_LOCK_TIMEOUT_S: Final = 10.0
"""A migration that cannot get a table gives up rather than making every alarm queue up behind it."""


async def migrate(dsn: str, *, lock_timeout_s: float = _LOCK_TIMEOUT_S) -> list[str]:
    """Applies what is missing, all in one transaction, and tells the revisions applied. Several processes may call it at
    once: they take turns. The log-in of `dsn` becomes the owner of the tables.
    """
    database = Database(dsn, role=None)
    try:
        async with database.engine.begin() as connection:
            return await connection.run_sync(_upgrade, lock_timeout_s)
    finally:
        await database.close()


async def current_revision(dsn: str) -> str | None:
    """The revision the database is at; None for an empty one."""
    database = Database(dsn, role=None)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_revision_of)
    finally:
        await database.close()


async def needs_migration(dsn: str) -> bool:
    """Whether `migrate` has anything to do. Raises Misconfigured for a database of a later release."""
    revision = await current_revision(dsn)
    _assert_known(revision)
    return revision != latest_revision()


@cache
def latest_revision() -> str:
    """The revision that this release needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise Misconfigured("This installation carries no migrations", code="migrations_missing")
    return head


def _upgrade(connection: Connection, lock_timeout_s: float) -> list[str]:
    # The lock first: lock_timeout would also end the wait for another process that migrates.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    connection.execute(text(f"SET LOCAL lock_timeout = {round(lock_timeout_s * 1000)}"))
    _assert_unicode(connection)
    revision = _revision_of(connection)
    _assert_known(revision)
    missing = _revisions_after(revision)
    if missing:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return missing


def _assert_unicode(connection: Connection) -> None:
    """Chinese names need UTF-8, and a character type that knows them as letters (searching by trigrams)."""
    row = connection.execute(
        text(
            "SELECT pg_encoding_to_char(encoding) AS encoding, datctype FROM pg_database"
            " WHERE datname = current_database()"
        )
    ).one()
    if row.encoding != "UTF8" or row.datctype in {"C", "POSIX"}:
        raise Misconfigured(
            f"The database has encoding {row.encoding} and LC_CTYPE {row.datctype}; make it with"
            " ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0",
            code="database_not_unicode",
        )


def _assert_known(revision: str | None) -> None:
    if revision is not None and revision not in _all_revisions():
        raise Misconfigured(
            f"The database is at revision {revision}, of a later release than this one",
            code="database_too_new",
            revision=revision,
        )


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _all_revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def _revisions_after(revision: str | None) -> list[str]:
    revisions = _all_revisions()
    return revisions if revision is None else revisions[revisions.index(revision) + 1 :]


def _config() -> Config:
    config = Config()
    folder = Path(next(iter(callcenter.__path__))) / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
