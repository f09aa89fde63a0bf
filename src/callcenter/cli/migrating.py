"""`callcenter migrate`: the database brought to this release."""

from __future__ import annotations

import asyncio

import typer

from callcenter.cli.options import (
    ConfigFile,
    DataDir,
    make_data_dir,
    reached_database,
    read_settings,
)

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def migrate(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Bring the database to the tables of this release.

    `serve` does it by itself for the private PostgreSQL. With `database_url` run it once per release, with a log-in
    that owns the tables. Several at once take turns; a database of a later release is refused.
    """
    from callcenter.core import migrating

    settings = read_settings(config, data_dir=data_dir)
    make_data_dir(settings)
    with reached_database(settings) as place:
        applied = asyncio.run(migrating.migrate(place.dsn))
    for revision in applied:
        typer.echo(f"applied {revision}")
    if not applied:
        typer.echo("nothing to do")
