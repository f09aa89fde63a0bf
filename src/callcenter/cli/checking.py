"""`callcenter check-config`: what the server would make of its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.options import ConfigFile
from callcenter.core.errors import Misconfigured
from callcenter.settings import example, find_file, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

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
    telephony = settings.telephony
    if (
        telephony is not None
        and telephony.kind == "asterisk"
        and (mistakes := list(_missing(telephony)))
    ):
        raise Misconfigured("\n".join(mistakes))
    file = config or find_file(os.environ)
    typer.echo(f"settings are good ({file or 'no file: defaults and environment'})")
    typer.echo(settings.model_dump_json(indent=2))


def _missing(telephony: AsteriskSection) -> Iterator[str]:
    """What the exchange of the settings would miss on this machine."""
    if not (telephony.modules / "res_ari.so").exists():
        yield f"telephony.modules: there is no res_ari.so in {telephony.modules}"
    if not telephony.folder.is_dir():
        yield f"telephony.folder: there is no {telephony.folder}; make it for the user of the exchange"
        return
    from callcenter.telephony.pbxs.asterisk.putting import differing

    if differs := differing(telephony):
        yield f"telephony: {', '.join(differs)} in {telephony.folder / 'etc'} not as the settings have it: callcenter telephony configure"
