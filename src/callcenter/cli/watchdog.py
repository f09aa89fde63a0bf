"""`callcenter watchdog`: presses each minute from another machine, and says by a second way when nobody would hear."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.cli.transaction import in_one_transaction
from callcenter.core.clock import SystemClock
from callcenter.core.errors import Invalid
from callcenter.core.logging import configure_logging
from callcenter.core.pid_file import held
from callcenter.core.sealed import Seal

if TYPE_CHECKING:
    from callcenter.watchdog.configuration import Configuration

app = typer.Typer(
    help="Presses a synthetic pendant each minute, end to end, and raises its own alarm by a second way.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

WatchdogFile = Annotated[
    Path,
    typer.Option(
        "--watchdog-config",
        "-w",
        metavar="FILE",
        help="Its own file, as `callcenter watchdog enroll` writes it.",
    ),
]


@app.callback()
def run(
    context: typer.Context,
    file: WatchdogFile = Path("watchdog.toml"),
    try_alarm: Annotated[
        bool,
        typer.Option("--try-alarm", help="Say a trial by every way of the file, and leave."),
    ] = False,
    pid_file: Annotated[
        Path | None,
        typer.Option("--pid-file", metavar="FILE", help="Held while it runs; one at a time."),
    ] = None,
    log_format: Annotated[str, typer.Option("--log-format", help="json or text.")] = "json",
) -> None:
    """Run the watchdog, on a machine that is not the server's. It needs no database."""
    if context.invoked_subcommand is not None:
        return
    from callcenter.watchdog.configuration import read_configuration

    configure_logging("info", as_json=log_format == "json")
    settings = read_configuration(file)
    if try_alarm:
        raise typer.Exit(_try(settings))
    with held(pid_file) if pid_file is not None else nullcontext():
        asyncio.run(_run(settings))


def _try(settings: Configuration) -> int:
    from callcenter.watchdog.running import try_alarm

    if not settings.ways:
        raise Invalid("ways: there is none: the watchdog could tell nobody")
    found = asyncio.run(try_alarm(settings, SystemClock().now()))
    for kind, reason in found:
        typer.echo(f"{kind}: {'told' if reason is None else reason}")
    return 0 if all(reason is None for _, reason in found) else 1


async def _run(settings: Configuration) -> None:
    from callcenter.watchdog.running import Watchdog

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Watchdog(settings, SystemClock()).run(stop)


@app.command()
def enroll(
    server: Annotated[
        list[str], typer.Option("--server", help="Address of the server; may be repeated.")
    ],
    name: Annotated[str, typer.Option("--name", help="What it is called.")] = "1",
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write for it.")
    ] = Path("watchdog.toml"),
    every: Annotated[int, typer.Option("--every", min=5, max=3600, metavar="SECONDS")] = 60,
    within: Annotated[int, typer.Option("--within", min=2, max=600, metavar="SECONDS")] = 20,
    dc09: Annotated[
        str | None,
        typer.Option(
            "--dc09",
            metavar="SOURCE:ACCOUNT@HOST:PORT",
            help="Press through this DC-09 listener; without it by HTTP, with a source of its own.",
        ),
    ] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """On the server: make its account and write its file, with secrets, once. Copy the file to the other machine and add ways to it."""
    from callcenter.auth.acting import COMMAND_LINE, Acting
    from callcenter.liveness.enrolling import Enrolled, Wanted, enroll as make, watchdog_file

    seal = Seal.load(read_settings(config, data_dir=data_dir).data_dir)
    line = _dc09(dc09)
    wanted = Wanted(name, every, within, *(line[:2] if line else ()))

    async def work(session: AsyncSession) -> Enrolled:
        return await make(session, seal, wanted, Acting(None, COMMAND_LINE, SystemClock().now()))

    made = in_one_transaction(config, data_dir, work)
    text = watchdog_file(made, wanted, server, line[2:] if line else None)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(text)
    typer.echo(f"{out}: copy it to the other machine and add [[ways]] (docs/operating/watchdog.md)")


def _dc09(line: str | None) -> tuple[str, str, str, int] | None:
    """Raises Invalid."""
    if line is None:
        return None
    source, _, rest = line.partition(":")
    account, _, place = rest.partition("@")
    host, _, port = place.rpartition(":")
    if not (source and account and host and port.isdigit()):
        raise Invalid(f"--dc09: {line!r} is not SOURCE:ACCOUNT@HOST:PORT")
    return source, account.upper(), host, int(port)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="As it was enrolled.")] = "1",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """On the server: end its log-in. What it still presses rings for nobody."""
    from callcenter.liveness.enrolling import remove as end

    async def work(session: AsyncSession) -> None:
        await end(session, name, SystemClock().now())

    in_one_transaction(config, data_dir, work)
    typer.echo("done")
