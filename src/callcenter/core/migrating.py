"""Bringing a database to the schema of this release. The migrations travel inside the wheel.

Which revisions there are is told by the names of their files, so that a start with nothing to migrate does not load Alembic.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import Connection, text

import callcenter
from callcenter.core.database import Database
from callcenter.core.errors import Misconfigured, Unavailable

_LOCK_KEY: Final = 0x63616C6C63656E74
"""Advisory lock of migrating: "callcent" in ASCII."""
_LOCK_TIMEOUT_S: Final = 10.0
"""A migration that cannot get a table gives up rather than making every alarm queue up behind it."""


async def migrate(dsn: str, *, lock_timeout_s: float = _LOCK_TIMEOUT_S) -> list[str]:
    """Applies what is missing, all in one transaction, and tells the revisions applied. Several processes may call it at
    once: they take turns. The log-in of `dsn` becomes the owner of the tables.
    """
    if await _is_up_to_date(dsn):
        return []
    database = Database(dsn, role=None)
    try:
        async with database.engine.begin() as connection:
            return await connection.run_sync(_upgrade, lock_timeout_s)
    finally:
        await database.close()


async def _is_up_to_date(dsn: str) -> bool:
    """Most starts end here: one look, without an engine."""
    database = Database(dsn, role=None)
    connection = await database.connect("migrating", answer_s=None)
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return revision == latest_revision()
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
        await database.close()


async def assert_latest(connection: asyncpg.Connection) -> None:
    """Raises Unavailable while the tables are not those of this release: somebody brings them there, or has gone further."""
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        found = None
    if found != latest_revision():
        raise Unavailable(
            f"The tables are at revision {found}, this release works with {latest_revision()}: callcenter migrate",
            code="database_revision",
            revision=found,
        )


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


def latest_revision() -> str:
    """The revision that this release needs."""
    return all_revisions()[-1]


@cache
def migrations_folder() -> Path:
    """Where Alembic's scripts are: in the installed package, else in the repository that this file lies in."""
    package = Path(next(iter(callcenter.__path__)))
    packaged, repository = package / "migrations", package.parents[1] / "migrations"
    return packaged if (packaged / "env.py").is_file() else repository


@cache
def all_revisions() -> tuple[str, ...]:
    """Oldest first: the part of `versions/0001_initial.py` before the first underscore."""
    files = sorted((migrations_folder() / "versions").glob("[0-9]*_*.py"))
    if not files:
        raise Misconfigured("This installation carries no migrations", code="migrations_missing")
    return tuple(file.name.partition("_")[0] for file in files)


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
        _run_alembic(connection)
    return missing


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second that most starts can do without
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


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
    if revision is not None and revision not in all_revisions():
        raise Misconfigured(
            f"The database is at revision {revision}, of a later release than this one",
            code="database_too_new",
            revision=revision,
        )


def _revision_of(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _revisions_after(revision: str | None) -> list[str]:
    revisions = list(all_revisions())
    return revisions if revision is None else revisions[revisions.index(revision) + 1 :]
