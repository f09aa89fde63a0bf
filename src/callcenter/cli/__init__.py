"""The command line. Each group of commands has its file; a command loads what it needs when it runs.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 75 try again later, 78 wrong settings, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperGroup

from callcenter.core.errors import CallCenterError, tell
from callcenter.core.loading import without_collecting

MODULES = MappingProxyType(
    {
        "demo": "demonstrating",
        "serve": "serving",
        "migrate": "migrating",
        "check-config": "checking",
        "user": "users",
        "source": "sources",
        "import": "importing",
        "export": "exporting",
        "prove": "proving",
        "archive": "archives",
        "backup": "copying",
        "restore": "restoring",
        "watchdog": "watchdog",
        "telephony": "telephones",
        "journal": "journal",
        "replay": "replaying",
        "simulate": "simulating",
        "certificate": "certificates",
        "openapi": "documents",
    }
)
"""Which file has which command. It is loaded when the command runs: the demo's start would wait for all of them."""


class _Commands(TyperGroup):
    def list_commands(self, _ctx: Any) -> list[str]:
        return list(MODULES)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in MODULES:
            return None
        with without_collecting():
            module = import_module(f"callcenter.cli.{MODULES[cmd_name]}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="callcenter",
    cls=_Commands,
    epilog="Settings: docs/operating/callcenter.toml. Exit codes: 0 done, 1 refused or failed, "
    "2 wrong usage, 75 try again later, 78 wrong settings.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def callcenter() -> None:
    """Alarm receiving centre and call centre for older people who live at home.

    Start with `callcenter demo`: it needs no settings and sends nothing anywhere.
    """


def main() -> None:
    """Run one command; what was expected to go wrong is told in a line, without a traceback."""
    try:
        app()
    except CallCenterError as error:
        sys.exit(tell(error))
    except KeyboardInterrupt:
        sys.exit(130)
