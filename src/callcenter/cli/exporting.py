"""`callcenter export`: residents to a spreadsheet, in the columns of the import."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
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
    count = _export(settings, region, file, spoken)
    typer.echo(f"{count} residents in {file}")


def _export(settings: Settings, region: str | None, file: Path, language: str) -> int:
    from sqlalchemy import ColumnElement

    from callcenter.audit.trail import record
    from callcenter.cli.regions import region_with_code
    from callcenter.core.clock import SystemClock
    from callcenter.core.database import Database
    from callcenter.core.sealed import Seal
    from callcenter.directory.exporting import Format, Wanted, export_residents
    from callcenter.regions.models import Region
    from callcenter.regions.upkeep import root_region

    file_format: Format = "csv" if file.suffix == ".csv" else "xlsx"

    async def work(dsn: str, path: Path) -> int:
        database, now = Database(dsn, pool_size=1), SystemClock().now()
        try:
            async with database.transaction() as session:
                where = await (
                    region_with_code(session, region) if region else root_region(session)
                )
            within: ColumnElement[bool] | None = (
                Region.path.contains([where.id]) if region else None
            )
            wanted = Wanted(within, file_format, language)
            seal = Seal.load(settings.data_dir)
            count = await export_residents(database, seal, wanted, now=now, path=path)
            async with database.transaction() as session:
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
            return count
        finally:
            await database.close()

    with reached_database(settings) as place, written_aside(file) as path:
        return asyncio.run(work(place.dsn, path))


@contextmanager
def written_aside(file: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end takes the place of `file`, readable for its owner alone."""
    try:
        folder = Path(mkdtemp(dir=file.absolute().parent, prefix=".export-"))
    except OSError as error:
        raise Invalid(f"{file}: cannot be written: {error.strerror}") from error
    try:
        yield folder / "export"
        (folder / "export").chmod(0o600)
        (folder / "export").replace(file)
    except IsADirectoryError as error:
        raise Invalid(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(folder)


def _write(path: Path, content: bytes) -> None:
    with written_aside(path) as made:
        made.write_bytes(content)
