"""`callcenter serve`: the server itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import structlog
import typer

from callcenter.cli.options import (
    ConfigFile,
    DataDir,
    Place,
    make_data_dir,
    reached_database,
    read_settings,
)
from callcenter.core.data_folder import is_there
from callcenter.core.errors import Misconfigured
from callcenter.core.loading import uncompiled, without_collecting
from callcenter.core.logging import configure_logging
from callcenter.core.pid_file import held
from callcenter.runtime.sockets import Sockets, bound
from callcenter.settings import CONFIG_VARIABLE, Settings

if TYPE_CHECKING:
    from fastapi import APIRouter

    from callcenter.core.database import Database

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

PID_FILE = "server.pid"
DEMO_MARKER = "demo"
PATIENCE_S = 2.0
"""A private PostgreSQL that recovers for longer is not waited for, where the alarms have something to start with."""
LOADED_LATE = ("httpcore", "anyio._backends._asyncio")
"""What libraries would load when they first use it: once for all here, not in each alarm process anew."""

log = structlog.get_logger(__name__)

Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on, instead of the settings'.")
]
Port = Annotated[int | None, typer.Option("--port", help="Port of the console and the API.")]


@app.command()
def serve(
    config: ConfigFile = None,
    data_dir: DataDir = None,
    host: Host = None,
    port: Port = None,
    demo: Annotated[bool, typer.Option("--demo", hidden=True)] = False,
) -> None:
    """Run the server: alarms in, seats, texts out.

    Starts a private PostgreSQL below the data folder unless `database_url` is set, brings its tables up to date and
    serves until SIGTERM or Ctrl-C. It refuses to start when the settings are wrong or PostgreSQL could lose a commit.
    """
    overrides = {"data_dir": data_dir, "host": host, "port": port, "demo": demo or None}
    settings = read_settings(config, **overrides)
    if config is not None:  # the daily copy is a command of its own, with the same settings
        os.environ[CONFIG_VARIABLE] = str(config.absolute())
    configure_logging(settings.log_level, as_json=settings.log_format == "json")
    raise typer.Exit(run_server(settings))


def run_server(settings: Settings) -> int:
    """Sockets, database, tables, demo community where wanted, then the server; the exit code."""
    make_data_dir(settings)
    check_folder(settings)
    with held(settings.data_dir / PID_FILE):
        sockets = bound(settings)
        patience_s = PATIENCE_S if is_there(settings.data_dir) else None
        with reached_database(settings, _load, patience_s) as place:
            return _run(settings, sockets, place)


def _load() -> None:
    """What the alarms need: most of the start goes into it, and PostgreSQL recovers meanwhile."""
    with without_collecting():
        for name in ("callcenter.runtime.server", *LOADED_LATE):
            import_module(name)


def _run(settings: Settings, sockets: Sockets, place: Place) -> int:
    _load()
    from callcenter.runtime import server

    if not place.is_ready and place.cluster is not None and not _may_begin_without(settings):
        place.cluster.wait_until_ready()
        place = replace(place, is_ready=True)
    work = partial(_make_ready, settings, place)
    if place.is_ready:
        work()
    else:
        log.error("starting_without_database")
    if count := uncompiled():
        log.warning("modules_not_compiled", count=count)
    extra_routers = partial(_demo_routers, settings) if settings.demo else None
    dsn = place.cluster.serving_dsn() if place.cluster is not None else place.dsn
    later = None if place.is_ready else work
    return server.run(settings, dsn, place.cluster, sockets, extra_routers, later)


def _may_begin_without(settings: Settings) -> bool:
    """Whether the alarm process has something to start with."""
    from callcenter.core.sealed import Seal
    from callcenter.core.snapshot_file import Unusable
    from callcenter.runtime.kept_answers import assert_usable

    try:
        assert_usable(settings.data_dir, Seal.load(settings.data_dir))
    except Unusable as error:
        log.error("snapshot_not_used", reason=str(error))  # noqa: TRY400 - the reason is all there is
        return False
    return True


def _make_ready(settings: Settings, place: Place) -> None:
    """Tables of this release, the log-in that serves, the demo's people."""
    from callcenter.core.migrating import migrate
    from callcenter.core.serving_login import open_serving_login

    if place.cluster is not None:
        log.info("migrated", applied=asyncio.run(migrate(place.dsn)))
        asyncio.run(open_serving_login(place.dsn, place.cluster.serving_password))
    if settings.demo:
        asyncio.run(_move_in(settings, place.dsn))


def _demo_routers(settings: Settings, database: Database) -> Sequence[APIRouter]:
    from callcenter.demo.feed import demo_routers

    public_url = settings.field.public_url
    return demo_routers(settings.data_dir, ZoneInfo(settings.timezone), public_url)(database)


async def _move_in(settings: Settings, dsn: str) -> None:
    """Let the demo community move in, unless it lives there already."""
    from callcenter.core.clock import SystemClock
    from callcenter.core.database import Database
    from callcenter.core.sealed import Seal
    from callcenter.demo.community.moved_in import lives_here
    from callcenter.demo.community.other_centre import know_other_centre
    from callcenter.demo.simulated_calls import end_simulated

    began_at = SystemClock().now()
    database = Database(dsn, pool_size=1)
    try:
        if not await lives_here(database, settings.data_dir):
            from callcenter.demo.community.load import load

            seal, zone = Seal.load(settings.data_dir), ZoneInfo(settings.timezone)
            await load(database, seal, SystemClock(), settings.data_dir, zone)
        await know_other_centre(database, settings.port + 3)
        if settings.telephony is not None and settings.telephony.kind == "simulated":
            await end_simulated(database, settings.telephony.name, began_at)
    finally:
        await database.close()


def check_folder(settings: Settings) -> None:
    """A folder is the demo's or a site's, for good: invented people have numbers that may be somebody's."""
    marker = settings.data_dir / DEMO_MARKER
    if settings.demo and not marker.exists():
        if (settings.data_dir / "postgresql").exists():
            raise Misconfigured(
                f"{settings.data_dir} is a site's data folder; give the demo another"
            )
        marker.write_text("The demo's invented people live here.\n")
    elif marker.exists() and not settings.demo:
        raise Misconfigured(f"{settings.data_dir} is the demo's data folder; give the site another")
