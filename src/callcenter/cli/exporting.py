"""`callcenter export`: residents to a spreadsheet, in the columns of the import."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import Invalid

if TYPE_CHECKING:
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def export_residents(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To write; .xlsx or .csv.")],
    region: Annotated[
        str | None, typer.Option("--region", help="Code of a region; without it all residents.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Of headings and words: zh-CN or en.")
    ] = None,
    template: Annotated[
        bool,
        typer.Option("--template", help="Write an empty table to fill in, with notes, instead."),
    ] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Export residents with homes, contacts and devices; the file can be corrected and imported again.

    It holds health data and identity numbers: it is made readable for you alone. The audit trail notes the export.
    """
    settings = read_settings(config, data_dir=data_dir)
    spoken = language or settings.language
    if spoken not in ("zh-CN", "en"):
        raise Invalid(f"language: {spoken!r} is neither zh-CN nor en")
    if file.suffix not in (".xlsx", ".csv"):
        raise Invalid(f"{file}: the name must end with .xlsx or .csv")
    if template:
        from callcenter.directory.spreadsheet import template as empty_table

        _write(file.with_suffix(".xlsx"), empty_table(spoken))
        typer.echo(f"wrote {file.with_suffix('.xlsx')}")
        return
    content, count = _export(settings, region, "csv" if file.suffix == ".csv" else "xlsx", spoken)
    _write(file, content)
    typer.echo(f"{count} residents in {file}")


def _export(
    settings: Settings, region: str | None, file_format: str, language: str
) -> tuple[bytes, int]:
    from sqlalchemy import true

    from callcenter.audit.trail import record
    from callcenter.cli.regions import region_with_code
    from callcenter.core.clock import SystemClock
    from callcenter.core.database import Database
    from callcenter.core.sealed import Seal
    from callcenter.directory.exporting import export_residents
    from callcenter.regions.models import Region
    from callcenter.regions.upkeep import root_region

    async def work(dsn: str) -> tuple[bytes, int]:
        database, now = Database(dsn, pool_size=1), SystemClock().now()
        try:
            async with database.transaction() as session:
                where = await (
                    region_with_code(session, region) if region else root_region(session)
                )
                content, count = await export_residents(
                    session,
                    Seal.load(settings.data_dir),
                    within=Region.path.contains([where.id]) if region else true(),
                    now=now,
                    file_format="csv" if file_format == "csv" else "xlsx",
                    language=language,
                )
                await record(
                    session,
                    at=now,
                    principal_id=None,
                    action="residents_exported",
                    subject=f"region:{where.id}",
                    region_ids=where.path,
                    address="command line",
                    detail={"residents": count, "format": file_format},
                )
                return content, count
        finally:
            await database.close()

    with reached_database(settings) as place:
        return asyncio.run(work(place.dsn))


def _write(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Invalid(f"{path}: cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
