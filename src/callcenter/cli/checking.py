"""`callcenter check-config`: what the server would make of its settings."""

from __future__ import annotations

from typing import Annotated

import typer

from callcenter.cli.options import ConfigFile
from callcenter.settings import example, find_file, load

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def check_config(
    config: ConfigFile = None,
    show_example: Annotated[
        bool,
        typer.Option("--example", help="Print every setting with its meaning and default instead."),
    ] = False,
) -> None:
    """Check the settings without starting anything; exit code 78 and a line per mistake when they are wrong."""
    if show_example:
        typer.echo(example(), nl=False)
        return
    import os

    settings = load(config)
    file = config or find_file(os.environ)
    typer.echo(f"settings are good ({file or 'no file: defaults and environment'})")
    typer.echo(settings.model_dump_json(indent=2))
