"""`callcenter replay`: a night goes through an empty system, and must come to the same end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.journal import Since, Until, contents, read_span
from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.cli.training import Room, train
from callcenter.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callcenter.replaying.night import Night
    from callcenter.replaying.replaying import Came

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

SAME, DIFFERENT = 0, 1


@app.command()
def replay(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="By `callcenter journal export`.")
    ] = None,
    since: Since = None,
    until: Until = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="FOLDER", help="New or empty; it stays. Without it nothing stays."
        ),
    ] = None,
    speed: Annotated[
        str, typer.Option(help="Seconds of the night in a second: 1, 60, ...; or max.")
    ] = "max",
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Say whether it came to the same end; exit code 1 if not."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="For the canonical form; - prints it."),
    ] = None,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="For training: it rings at seats of a system of its own, where trainees work it. Texts go to the sandbox.",
        ),
    ] = False,
    port: Annotated[int, typer.Option("--port", help="With --serve.")] = 8100,
    host: Annotated[
        str, typer.Option("--host", help="With --serve: beyond this machine with a certificate.")
    ] = "127.0.0.1",
    certificate: Annotated[
        Path | None, typer.Option("--tls-certificate", metavar="FILE", help="With --serve.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="With --serve.")
    ] = None,
    trainees: Annotated[
        int, typer.Option("--trainees", min=1, max=50, help="With --serve: log-ins to make.")
    ] = 2,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Let a night go through an empty system of its own, with the clock moved along: the same intake, commands, timers and answers.

    With FILE nothing of the site is read: neither its settings nor its database. With --since the night is taken from the site first.
    No text leaves: there is no gateway. docs/operating/replay.md says how to read what comes of it.
    """
    if (file is None) == (since is None):
        raise Invalid("name a FILE, or a span with --since")
    pace = _pace(speed)
    if file is not None:
        night = _read(file)
    else:
        night = read_span(read_settings(config, data_dir=data_dir), since, until)
    for line in contents(night):
        typer.echo(line, err=True)
    if serve:
        _train(night, into, pace, Room(port, host, certificate, key), trainees, output, compare)
        return
    came = _gone_through(night, into, pace)
    _tell(came, output)
    if compare:
        raise typer.Exit(_compared(night, came))


def _train(
    night: Night,
    into: Path | None,
    speed: float | None,
    room: Room,
    trainees: int,
    output: Path | None,
    compare: bool,
) -> None:
    if compare:
        raise Invalid(
            "--compare asks for the same end, and trainees decide otherwise: leave it out with --serve"
        )
    train(night, into, speed or 1.0, room, trainees, output)


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0.0 < pace < 1e6:
        raise Invalid(f"--speed {speed}: write how many seconds of the night pass in one, or max")
    return pace


def _read(file: Path) -> Night:
    from callcenter.replaying.night import read

    try:
        return read(file.read_bytes())
    except OSError as error:
        raise Invalid(f"{file}: cannot be read: {error.strerror}") from error


def _gone_through(night: Night, into: Path | None, speed: float | None) -> Came:
    from callcenter.replaying.replaying import go_through
    from callcenter.replaying.scratch import empty_system

    def tell(minute: str) -> None:
        if speed is not None:
            typer.echo(minute, err=True)

    with empty_system(into) as place:
        return asyncio.run(go_through(night, place, speed=speed, tell=tell))


def _tell(came: Came, output: Path | None) -> None:
    text = "".join(f"{line}\n" for line in came.said)
    if output is not None and str(output) == "-":
        typer.echo(text, nl=False)
    elif output is not None:
        output.write_text(text)
    typer.echo(
        f"{came.events} events and {came.looks} looks in {came.took_s:.1f} s, {len(came.said)} lines",
        err=True,
    )
    for refused in came.refused:
        typer.echo(f"refused now: {refused}", err=True)


def _compared(night: Night, came: Came) -> int:
    from callcenter.replaying.night import first_difference

    place = first_difference(night.said, came.said)
    if place is None:
        typer.echo("the same, byte for byte", err=True)
        return SAME
    typer.echo(f"line {place} is the first that differs", err=True)
    for who, lines in (("then", night.said), ("now ", came.said)):
        typer.echo(f"{who}: {_line(lines, place)}", err=True)
    return DIFFERENT


def _line(lines: Sequence[str], place: int) -> str:
    return lines[place - 1] if place <= len(lines) else "(nothing)"
