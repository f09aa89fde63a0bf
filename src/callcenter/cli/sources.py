"""`callcenter source`: who may hand in signals over HTTP, and with what secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.cli.regions import region_with_code
from callcenter.cli.transaction import in_one_transaction
from callcenter.core.clock import SystemClock
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.sealed import Seal
from callcenter.devices.models import Source
from callcenter.devices.protocols.http_json import FORMAT as HTTP_JSON
from callcenter.devices.sources import (
    LONGEST_OVERLAP_H,
    NOT_SOURCES,
    Secrets,
    give_secrets,
    renew_secrets,
)
from callcenter.regions.models import Region
from callcenter.regions.upkeep import root_region

app = typer.Typer(
    help="Who may send signals over HTTP: add, renew, close, list.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Name = Annotated[str, typer.Argument(help="Name of the source, e.g. phone-platform")]
RegionCode = Annotated[
    str | None,
    typer.Option("--region", help="Code of the region of its unknown callers; else the root."),
]

RetryHorizon = Annotated[
    int | None,
    typer.Option(
        "--retry-horizon",
        min=1,
        metavar="SECONDS",
        help="For how long the same bytes are a repeat; without it a day.",
    ),
]


@app.command()
def add(
    name: Name,
    region: RegionCode = None,
    retry_horizon: RetryHorizon = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Add a source; its token and secret are printed once and kept sealed. Running servers know it within two seconds."""
    seal = Seal.load(read_settings(config, data_dir=data_dir).data_dir)

    async def work(session: AsyncSession) -> str:
        if name in NOT_SOURCES:
            raise Conflict(f"{name} is the name of what no source sends: take another")
        if await _find(session, name) is not None:
            raise Conflict(f"there is a source {name!r} already: callcenter source renew {name}")
        where = (
            await root_region(session)
            if region is None
            else await region_with_code(session, region)
        )
        source = Source(
            name=name,
            kind=HTTP_JSON.name,
            region_id=where.id,
            retry_horizon_s=retry_horizon,
        )
        told = give_secrets(source, seal)
        session.add(source)
        await _record(session, "source_added", name, where)
        return _printed(told)

    typer.echo(in_one_transaction(config, data_dir, work))


@app.command()
def renew(
    name: Name,
    overlap_h: Annotated[
        int,
        typer.Option(
            "--overlap",
            min=0,
            max=LONGEST_OVERLAP_H,
            metavar="HOURS",
            help="For how long the old ones are accepted as well.",
        ),
    ] = 0,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """New token and secret; the old ones are refused within two seconds, or when the overlap is over."""
    seal = Seal.load(read_settings(config, data_dir=data_dir).data_dir)

    async def work(session: AsyncSession) -> str:
        source = await _demand(session, name)
        source.active = True
        source.version += 1
        told = renew_secrets(source, seal, SystemClock().now(), timedelta(hours=overlap_h))
        await _record(session, "source_renewed", name, None)
        return _printed(told)

    typer.echo(in_one_transaction(config, data_dir, work))


@app.command()
def close(name: Name, config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Refuse this source from now on; its signals stay in the journal."""

    async def work(session: AsyncSession) -> None:
        source = await _demand(session, name)
        source.active = False
        source.version += 1
        await _record(session, "source_closed", name, None)

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command()
def horizon(
    name: Name,
    seconds: Annotated[
        int | None, typer.Argument(min=1, help="Without it: as the format has it.")
    ] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """For how long the same bytes are a repeat. Of any source; that of a listener counts from its next start on."""

    async def work(session: AsyncSession) -> None:
        source = await _find(session, name)
        if source is None:
            raise NotFound(f"there is no source {name!r}", what="source")
        source.retry_horizon_s = seconds
        source.version += 1
        await _record(session, "source_horizon_set", name, None)

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command("list")
def list_sources(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """All sources; secrets are not shown."""

    async def work(session: AsyncSession) -> Table:
        table = Table("name", "kind", "region", "state")
        rows = select(Source, Region.name).join(Region, Region.id == Source.region_id)
        for source, where in await session.execute(rows.order_by(Source.name)):
            table.add_row(source.name, source.kind, where, "active" if source.active else "closed")
        return table

    Console().print(in_one_transaction(config, data_dir, work))


def _printed(told: Secrets) -> str:
    return f"bearer token: {told.token}\nkey id:       {told.key_id}\nhmac secret:  {told.secret}"


async def _find(session: AsyncSession, name: str) -> Source | None:
    found: Source | None = await session.scalar(select(Source).where(Source.name == name))
    return found


async def _demand(session: AsyncSession, name: str) -> Source:
    source = await _find(session, name)
    if source is None or source.kind != HTTP_JSON.name:
        raise NotFound(f"there is no HTTP source {name!r}", what="source")
    return source


async def _record(session: AsyncSession, action: str, name: str, region: Region | None) -> None:
    await record(
        session,
        at=SystemClock().now(),
        principal_id=None,
        action=action,
        subject=f"source:{name}",
        region_ids=region.path if region else (),
        address="command line",
    )
