"""`callcenter import`: residents from a spreadsheet."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import Invalid

if TYPE_CHECKING:
    from callcenter.core.database import Database
    from callcenter.directory.importing import Options, Stage
    from callcenter.directory.report import Report
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

SHOWN = 20
"""Bad rows told on the terminal; --bad-rows writes all of them."""


@app.command()
def import_residents(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX, XLS, ODS or CSV.")],
    check: Annotated[bool, typer.Option("--check", help="Only tell what would happen.")] = False,
    good_rows: Annotated[
        bool,
        typer.Option("--good-rows", help="Write the good rows; without it one bad row stops all."),
    ] = False,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", help="Code of the region of rows that name no grid; without it the root."
        ),
    ] = None,
    device_source: Annotated[
        str, typer.Option("--device-source", help="What unknown device numbers speak through.")
    ] = "dc09",
    bad_rows: Annotated[
        Path | None,
        typer.Option("--bad-rows", metavar="FILE", help="Write the bad rows with reasons as XLSX."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tell the result as JSON.")] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Import residents, homes, contacts and devices. Exit code 1 when rows were refused.

    `callcenter import --check residents.xlsx` first. A person who is there already is refused as a duplicate.
    """
    from callcenter.core.confined import Confines
    from callcenter.directory.importing import Options
    from callcenter.directory.report import Mode, bad_rows_file, report_json

    settings = read_settings(config, data_dir=data_dir)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file}: cannot be read: {error.strerror}") from error
    mode = Mode.GOOD_ROWS if good_rows else Mode.ALL_OR_NOTHING
    confines = Confines(**settings.imports.model_dump())
    zone = ZoneInfo(settings.timezone)
    options = Options(check, mode, device_source=device_source, confines=confines, zone=zone)
    report = _import(settings, content, options, region, show=not as_json)
    if bad_rows is not None and report.bad:
        bad_rows.write_bytes(bad_rows_file(report, settings.language))
    if as_json:
        typer.echo(json.dumps(report_json(report), ensure_ascii=False, indent=1))
    else:
        _tell(report, settings)
    raise typer.Exit(1 if report.bad else 0)


def _import(
    settings: Settings, content: bytes, options: Options, region: str | None, *, show: bool
) -> Report:
    from dataclasses import replace

    from callcenter.cli.regions import region_with_code
    from callcenter.core.clock import SystemClock
    from callcenter.core.database import Database
    from callcenter.core.sealed import Seal
    from callcenter.directory.importing import Scope, import_residents
    from callcenter.regions.upkeep import root_region

    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not show) as progress:
        bars: dict[Stage, TaskID] = {}

        def note(stage: Stage, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(stage.value)
            progress.update(bars[stage], completed=done, total=total)

        async def work(dsn: str) -> Report:
            database = Database(dsn, pool_size=1)
            try:
                await _place_sources(database, settings)
                async with database.transaction() as session:
                    where = await (
                        region_with_code(session, region) if region else root_region(session)
                    )
                return await import_residents(
                    database,
                    Seal.load(settings.data_dir),
                    SystemClock(),
                    content,
                    scope=Scope(address="command line"),
                    options=replace(options, region_id=where.id),
                    progress=note,
                )
            finally:
                await database.close()

        with reached_database(settings) as place:
            return asyncio.run(work(place.dsn))


async def _place_sources(database: Database, settings: Settings) -> None:
    """As the first start of the server does: devices are imported before that, too, and belong to what they speak through."""
    from callcenter.listeners.opening import place_sources
    from callcenter.regions.founding import found_root

    wanted = [each.model_copy(update={"region": None}) for each in settings.listeners]
    connection = await database.connect("import")
    try:
        async with connection.transaction():
            await place_sources(connection, wanted, await found_root(connection))
    finally:
        await connection.close()


def _tell(report: Report, settings: Settings) -> None:
    from callcenter.directory.report import worded

    zh = settings.language == "zh-CN"
    for row in report.bad[:SHOWN]:
        reasons = "; ".join(worded(each, zh=zh) for each in row.problems)
        typer.echo(f"row {row.number} {row.name}: {reasons}", err=True)
    if len(report.bad) > SHOWN:
        typer.echo(f"and {len(report.bad) - SHOWN} more: --bad-rows FILE has them all", err=True)
    done = "nothing was written (--check)" if report.dry_run else f"{report.written} written"
    for sheet in report.sheets:
        typer.echo(f"the sheet {sheet.name!r} with {sheet.rows} rows is not read", err=True)
    if report.ignored:
        typer.echo(f"columns not understood: {', '.join(report.ignored)}", err=True)
    for row in report.remarks[:SHOWN]:
        remarks = "; ".join(worded(each, zh=zh) for each in row.problems)
        typer.echo(f"row {row.number} {row.name}, kept: {remarks}", err=True)
    if report.in_file != report.total:
        typer.echo(f"{report.in_file} rows in the file, some within a cell", err=True)
    typer.echo(f"{report.total} rows, {report.good} good, {len(report.bad)} bad, {done}")
