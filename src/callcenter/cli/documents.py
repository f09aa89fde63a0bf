"""`callcenter openapi`: the description of the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Instead of standard output.")
]


@app.command()
def openapi(output: Output = None) -> None:
    """Write the OpenAPI document: REST and the messages of the WebSocket. The console's types come from it."""
    from callcenter.api.application import openapi_document

    text = json.dumps(openapi_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
