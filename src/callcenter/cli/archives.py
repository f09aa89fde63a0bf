"""`callcenter archive`: old months of the ledgers, shown and proved from their files."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import CallCenterError, NotFound, tell

if TYPE_CHECKING:
    from callcenter.core.sealed import Seal
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown", no_args_is_help=True)

HOLDS, FAULTS, UNCHECKED = 0, 1, 2

File = Annotated[Path, typer.Argument(help="One of <data>/archive.")]


@app.callback()
def archive() -> None:
    """Months of journal, timelines and audit trail that went into the archive. docs/operating/archive.md."""


@app.command()
def show(file: File, config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Print every row as a line of JSON, in the order of the chain, with the number and hash of its link.

    Bytes are in hex. Needs the keys of the site.
    """
    from callcenter.audit.archived import header_of, rows_of

    try:
        seal = _seal(read_settings(config, data_dir=data_dir))
        columns = header_of(_there(file)).columns
        for row in rows_of(file, seal):
            said = dict(zip(columns, row.said, strict=True))
            line = {"link": row.number, "link_hash": row.hash.hex(), **said}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    except CallCenterError as error:
        tell(error)
        raise typer.Exit(UNCHECKED) from None


@app.command()
def verify(
    file: File,
    alone: Annotated[
        bool, typer.Option("--alone", help="Without the database: the file by itself.")
    ] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Prove that every row is as it was linked, none is missing, and the chain goes on from the file into the database.

    Exit code 0 when it holds, 1 when it does not, 2 when it could not be checked.
    """
    from callcenter.audit.archived import faults_in, header_of

    try:
        settings = read_settings(config, data_dir=data_dir)
        header = header_of(_there(file))
        faults = list(faults_in(file, _seal(settings)))
        if not alone:
            faults += _beside_database(settings, file)
    except CallCenterError as error:
        tell(error)
        raise typer.Exit(UNCHECKED) from None
    links = f"links {header.from_number} to {header.to_number}"
    sys.stdout.write(f"{header.part}: {header.rows} rows, {links}, hash {header.to_hash}\n")
    for fault in faults:
        sys.stdout.write(f"  - {fault}\n")
    sys.stdout.write("does not hold\n" if faults else "holds\n")
    raise typer.Exit(FAULTS if faults else HOLDS)


def _there(file: Path) -> Path:
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    return file


def _seal(settings: Settings) -> Seal:
    from callcenter.core.sealed import Seal

    return Seal.load(settings.data_dir)


def _beside_database(settings: Settings, file: Path) -> list[str]:
    """Raises Unavailable, also where the tables are those of another release."""
    import asyncpg

    from callcenter.core.database import Database
    from callcenter.core.errors import Unavailable
    from callcenter.proving.archive import faults_beside

    async def work(dsn: str) -> list[str]:
        database = Database(dsn, pool_size=1)
        try:
            return await faults_beside(database, file)
        finally:
            await database.close()

    with reached_database(settings) as place:
        try:
            return asyncio.run(work(place.dsn))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Unavailable(f"could not be checked: {error}") from error
