"""The command line. Each group of commands has its file; a command loads what it needs when it runs.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 75 try again later, 78 wrong settings, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

import typer

from callcenter.cli import (
    certificates,
    checking,
    demonstrating,
    documents,
    migrating,
    moving,
    serving,
    simulating,
    users,
)
from callcenter.core.errors import CallCenterError, Misconfigured, Unavailable

FAILED, TRY_LATER, WRONG_SETTINGS = 1, 75, 78

app = typer.Typer(
    name="callcenter",
    help="Alarm receiving centre and call centre for older people who live at home.\n\n"
    "Start with `callcenter demo`: it needs no settings and sends nothing anywhere.",
    epilog="Settings: docs/operating/callcenter.toml. Exit codes: 0 done, 1 refused or failed, "
    "2 wrong usage, 75 try again later, 78 wrong settings.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demonstrating.demo)
app.command("serve")(serving.serve)
app.command("migrate")(migrating.migrate)
app.command("check-config")(checking.check_config)
app.add_typer(users.app, name="user")
app.command("import")(moving.import_residents)
app.command("export")(moving.export_residents)
app.add_typer(simulating.app, name="simulate")
app.command("certificate")(certificates.certificate)
app.command("openapi")(documents.openapi)


def main() -> None:
    """Run one command; what was expected to go wrong is told in a line, without a traceback."""
    try:
        app()
    except CallCenterError as error:
        for line in error.message.splitlines():
            typer.echo(f"callcenter: {line}", err=True)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)


def exit_code(error: CallCenterError) -> int:
    """What a script may decide by."""
    if isinstance(error, Misconfigured):
        return WRONG_SETTINGS
    return TRY_LATER if isinstance(error, Unavailable) else FAILED
