"""Databases as earlier releases left them."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from callcenter.core.database import Database
from callcenter.core.migrating import migrations_folder


async def upgrade_to(dsn: str, revision: str) -> None:
    """As an installation of an earlier release left it."""

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    database = Database(dsn, role=None)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await database.close()
