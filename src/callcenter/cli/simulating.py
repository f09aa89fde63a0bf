"""`callcenter simulate`: virtual devices."""

from __future__ import annotations

import typer

app = typer.Typer(help="Virtual devices and load.", no_args_is_help=True)


@app.command()
def devices() -> None:
    """Run the demo's virtual pendants, phones and detectors."""


@app.command()
def load() -> None:
    """Press many keys."""
