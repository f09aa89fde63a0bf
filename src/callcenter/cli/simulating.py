"""`callcenter simulate`: virtual devices for the demo, and load for measuring."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.core.errors import Misconfigured
from callcenter.core.logging import configure_logging

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

app = typer.Typer(
    help="Virtual devices and load: clients of the real listeners.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

HOST = "127.0.0.1"
DEVICES_FILE = "demo-devices.json"


@app.command()
def devices(
    config: ConfigFile = None,
    data_dir: DataDir = None,
    port: Annotated[int, typer.Option("--port", help="Port of the demo page.")] = 8001,
    server_port: Annotated[
        int, typer.Option("--server-port", help="Port of the server on this machine.")
    ] = 8000,
) -> None:
    """Run the demo's pendants, buttons, phones and detectors, and their page.

    `callcenter demo` starts this by itself. A press is repeated until the server has it on disk, also after both were
    restarted. Leaves when no server was reached for half an hour.
    """
    from callcenter.cli.demo_simulated import way
    from callcenter.demo.devices import process
    from callcenter.demo.devices.fleet import Addresses

    settings = read_settings(config, data_dir=data_dir)
    configure_logging(settings.log_level, as_json=settings.log_format == "json")
    tcp_port = settings.listening_port("dc09", "tcp") or 0
    addresses = Addresses(f"http://{HOST}:{server_port}", HOST, tcp_port)
    server_command = process.default_server_command(settings.data_dir, server_port)
    telephone = way(settings.telephony)
    config_ = process.Config(settings.data_dir, addresses, HOST, port, server_command, telephone)
    ended = process.run(config_)
    raise typer.Exit(ended)


@app.command()
def load(
    rate: Annotated[
        float, typer.Option("--rate", min=0.1, max=10_000, help="Signals a second.")
    ] = 10,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, max=600, help="For how long.")
    ] = 10,
    kind: Annotated[str, typer.Option("--kind", help="sos, help, fall, test, ...")] = "test",
    server: Annotated[
        str, typer.Option("--server", help="Origin of a demo server on this machine.")
    ] = "http://127.0.0.1:8000",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Send signals of the demo's phones at a steady rate, and tell how soon they were acknowledged.

    Times are measured from when a signal was due, so a server that stalls does not look fast.
    """
    from callcenter.core.clock import SystemClock
    from callcenter.demo.devices.load import Load, read_source, run_load
    from callcenter.devices.signals import Kind

    if kind not in list(Kind):
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(Kind)}", param_hint="--kind")
    path = read_settings(config, data_dir=data_dir).data_dir / DEVICES_FILE
    credentials, known = read_source(_read(path))
    wanted = Load(rate, seconds, known, Kind(kind))
    columns = (TextColumn("sent"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task("sent", total=round(rate * seconds))
        figures = asyncio.run(
            run_load(
                server,
                credentials,
                wanted,
                SystemClock(),
                lambda sent: progress.update(bar, completed=sent),
            )
        )
    for line in figures.lines():
        typer.echo(line)
    raise typer.Exit(0 if figures.acknowledged == figures.sent else 1)


@app.command()
def field(
    people: Annotated[
        int, typer.Option("--people", min=1, max=500, help="How many, of the staff there is.")
    ] = 20,
    minutes: Annotated[
        float, typer.Option("--minutes", min=0.1, max=1440, help="For how long.")
    ] = 10,
    speed: Annotated[
        float, typer.Option("--speed", min=0.1, max=60, help="Times as fast as people are.")
    ] = 1,
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same people.")] = 1,
    server: Annotated[
        str, typer.Option("--server", help="Origin of the server.")
    ] = "http://127.0.0.1:8000",
    login: Annotated[
        str, typer.Option("--login", help="Of somebody who may dispatch.")
    ] = "dispatcher",
    password: Annotated[
        str,
        typer.Option("--password", envvar="CALLCENTER_SIMULATE_PASSWORD", help="Of the log-ins."),
    ] = "",
    visits: Annotated[
        float, typer.Option("--visits", min=0, max=600, help="Visits that are booked a minute.")
    ] = 0,
    hire_as: Annotated[
        str | None,
        typer.Option(
            "--hire-as", help="Log-in that enters invented caregivers where there are too few."
        ),
    ] = None,
    memory_of: Annotated[
        int | None,
        typer.Option("--memory-of", help="Process of the server whose memory is told each minute."),
    ] = None,
) -> None:
    """Caregivers and drivers that go on duty, move, accept (some late, some never), decline, arrive, leave, lose the network and close their phones.

    Tells in the end what came of each command, and how far the dots were behind; exit 1 where anything was dropped, came twice or was
    not shown within two seconds.

    Clients of the pages that staff use on their phones, let in by links of the office. For a server of the demo no password is
    needed. Never on a site that works: these people say that they have been at doors.
    """
    from callcenter.core.clock import SystemClock
    from callcenter.demo.community.users import PASSWORD
    from callcenter.demo.field.running import Wanted, run_field

    wanted = Wanted(people, minutes, speed, seed, hire_as, visits, memory_of)
    outcome = asyncio.run(
        run_field(server, login, password or PASSWORD, wanted, SystemClock(), typer.echo)
    )
    for line in outcome.lines():
        typer.echo(line)
    raise typer.Exit(0 if outcome.holds else 1)


def _read(path: Path) -> dict[str, object]:
    try:
        content: dict[str, object] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"{path}: start the demo once, it writes this file ({error})"
        ) from error
    return content


@app.command()
def calls(
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, help="How many, up to yesterday.")
    ] = 303,
    calls_a_day: Annotated[int, typer.Option("--calls-a-day", min=1, max=20_000)] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same calls.")] = 2014,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Last day; without it yesterday."),
    ] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Write months of invented calls into the tables of a site that has none, and tell what its figures say of them.

    303,000 calls of 303 days, 40 per cent of them effective, most between nine and eleven. Refused where a single real call is. Each of
    them is marked as simulated, and the page of figures says so.
    """
    from callcenter.cli.transaction import in_one_transaction
    from callcenter.core.clock import SystemClock
    from callcenter.demo.many_calls.writing import figures_of, lines_of, write_days
    from callcenter.hotline.figures.counted import CallFiguresView, CountedBy

    zone = ZoneInfo(read_settings(config, data_dir=data_dir).timezone)
    now = SystemClock().now()
    last = until.date() if until else now.astimezone(zone).date() - timedelta(days=1)
    columns = (TextColumn("written"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task("written", total=days * calls_a_day)

        async def work(session: AsyncSession) -> CallFiguresView:
            wanted = await write_days(
                session,
                zone,
                first_day=last - timedelta(days=days - 1),
                days=days,
                calls_a_day=calls_a_day,
                seed=seed,
                told=lambda written: progress.update(bar, completed=written),
            )
            return await figures_of(session, wanted, CountedBy.HOUR, now)

        figures = in_one_transaction(config, data_dir, work)
    for line in lines_of(figures):
        typer.echo(line)
