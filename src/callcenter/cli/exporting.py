"""`callcenter export`: residents to a spreadsheet."""

from __future__ import annotations

import typer

from callcenter.core.errors import Unavailable

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def export_residents() -> None:
    """Export residents to a spreadsheet."""
    raise Unavailable("not there yet")
