"""The migrations and the models say the same."""

from __future__ import annotations

import importlib
import pkgutil

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import callcenter
from callcenter.core.database import Database
from callcenter.core.migrating import all_revisions, migrations_folder
from callcenter.core.tables import Base
from tests.support.postgres import TestDatabases
from tests.support.schema import dumped_schema

_SCRIPTS = ScriptDirectory(str(migrations_folder()))


def _import_models() -> None:
    for module in pkgutil.walk_packages(callcenter.__path__, "callcenter."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


def _create_from_models(connection: Connection) -> None:
    """All tables as the models say, then what only migrations can say."""
    context = MigrationContext.configure(connection)
    connection.execute(text("CREATE EXTENSION pg_trgm"))
    Base.metadata.create_all(connection)
    context.stamp(_SCRIPTS, "head")
    with Operations.context(context):
        for script in reversed(list(_SCRIPTS.walk_revisions())):
            if getattr(script.module, "BEYOND_MODELS", False):
                script.module.upgrade()


async def test_a_migrated_database_is_what_the_models_say(dsn: str, databases: TestDatabases):
    _import_models()
    from_models = await databases.empty()
    reached = Database(from_models, role=None)
    try:
        async with reached.engine.begin() as connection:
            await connection.run_sync(_create_from_models)
        await reached.close()

        assert await dumped_schema(dsn) == await dumped_schema(from_models)
    finally:
        await reached.close()
        await databases.drop(from_models)


def test_every_versioned_table_has_its_change_marks():
    _import_models()
    marked = [
        table
        for script in _SCRIPTS.walk_revisions()
        for table in getattr(script.module, "VERSIONED", ())
    ]

    # Rows without a version are only ever added.
    versioned = {
        name
        for name, table in Base.metadata.tables.items()
        if "version" in table.c and "changed_xid" in table.c
    }

    assert sorted(versioned) == sorted(marked)


def test_the_revisions_are_the_names_of_their_files() -> None:
    known = [each.revision for each in reversed(list(_SCRIPTS.walk_revisions()))]
    assert list(all_revisions()) == known
