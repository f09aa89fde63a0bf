"""Commands that change a few rows of the site's database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.database import Database
from callcenter.core.migrating import migrate

T = TypeVar("T")


def in_one_transaction(
    config: ConfigFile, data_dir: DataDir, work: Callable[[AsyncSession], Awaitable[T]]
) -> T:
    """Do the work and commit it. A private database has its tables from here on, if the server was never started."""
    settings = read_settings(config, data_dir=data_dir)

    async def connected(dsn: str) -> T:
        database = Database(dsn, pool_size=1)
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    with reached_database(settings) as place:
        if place.cluster is not None:
            asyncio.run(migrate(place.dsn))
        return asyncio.run(connected(place.dsn))
