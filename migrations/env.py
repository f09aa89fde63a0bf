"""What Alembic runs: on the connection that `core.migrating` passes in, or by hand with `alembic -x dsn=...`."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from sqlalchemy import Connection

import callcenter
from callcenter.core.database import Database
from callcenter.core.tables import Base, Xid8


def _import_models() -> None:
    """Every `models.py` of the package, so that autogenerate sees all tables."""
    for module in pkgutil.walk_packages(callcenter.__path__, "callcenter."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


def _render(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    return "Xid8()" if kind == "type" and isinstance(item, Xid8) else False


def _drop_empty(_context: object, _revision: object, directives: list[ops.MigrationScript]) -> None:
    """No file for a revision that changes nothing; and no way back: a release is left by restoring its backup."""
    script = directives[0]
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render,
        process_revision_directives=_drop_empty,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run_by_hand(dsn: str) -> None:
    database = Database(dsn, role=None)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    _import_models()
    asyncio.run(_run_by_hand(context.get_x_argument(as_dictionary=True)["dsn"]))
