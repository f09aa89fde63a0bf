"""`callcenter journal export`: a night as a file, for a replay."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from callcenter.cli.exporting import written_aside
from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import Invalid

if TYPE_CHECKING:
    from callcenter.replaying.night import Night
    from callcenter.settings import Settings

app = typer.Typer(
    help="What was received, and what came of it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Since = Annotated[
    str | None, typer.Option(help="Day or time of the site; without it 24 hours before.")
]
Until = Annotated[str | None, typer.Option(help="Not included; without it now.")]


@app.callback()
def journal() -> None:
    """What was received, and what came of it."""


@app.command()
def export(
    since: Since = None,
    until: Until = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Without it night-DAY.jsonl.gz."),
    ] = None,
    without_people: Annotated[
        bool,
        typer.Option(
            "--without-people",
            help="Names, numbers, addresses and words are invented: for training.",
        ),
    ] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Write what came in during a span of time, what people did, who sat where and what came of it, as `callcenter replay` reads it.

    Unless without people it holds health data: it is made readable for you alone. The audit trail notes the export.
    """
    settings = read_settings(config, data_dir=data_dir)
    night = read_span(settings, since, until, without_people=without_people)
    file = output or Path(f"night-{night.since:%Y-%m-%d}.jsonl.gz")
    write_night(night, file)
    for line in contents(night):
        typer.echo(line)
    typer.echo(f"in {file}")


def read_span(
    settings: Settings, since: str | None, until: str | None, *, without_people: bool = False
) -> Night:
    """Out of the site's database; the trail notes who has taken it. Raises Invalid, Unavailable."""
    from callcenter.core.clock import SystemClock
    from callcenter.replaying.people import without

    now = SystemClock().now()
    zone = ZoneInfo(settings.timezone)
    end = min(time_of_site(until, zone), now) if until else now
    begin = time_of_site(since, zone) if since else end - timedelta(days=1)
    if begin >= end:
        raise Invalid("--since must lie before --until, and before now")
    with reached_database(settings) as place:
        night = asyncio.run(_read(place.dsn, settings, (begin, end, now), invented=without_people))
    return without(night) if without_people else night


async def _read(
    dsn: str, settings: Settings, span: tuple[datetime, datetime, datetime], *, invented: bool
) -> Night:
    from callcenter import __version__
    from callcenter.audit.trail import record
    from callcenter.core.database import Database
    from callcenter.regions.upkeep import root_region
    from callcenter.replaying.reading import Site, read_night

    site = Site(settings.timezone, __version__, settings.alarm.taker_gone_s)
    database = Database(dsn, pool_size=1)
    try:
        connection = await database.connect("journal-export", answer_s=None)
        try:
            night = await read_night(connection, *span, site)
        finally:
            await connection.close()
        async with database.transaction() as session:
            root = await root_region(session)
            await record(
                session,
                at=span[2],
                principal_id=None,
                action="night_exported",
                subject=f"region:{root.id}",
                region_ids=root.path,
                address="command line",
                detail={
                    "since": night.header["since"],
                    "until": night.header["until"],
                    "signals": night.header["lines"]["signal"],
                    "without_people": invented,
                },
            )
        return night
    finally:
        await database.close()


def time_of_site(text: str, zone: ZoneInfo) -> datetime:
    """Raises Invalid."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no time: write 2026-03-14 or 2026-03-14T22:30") from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def write_night(night: Night, file: Path) -> None:
    """Readable for its owner alone."""
    from callcenter.replaying.night import written

    with written_aside(file) as made:
        made.write_bytes(written(night))


def contents(night: Night) -> list[str]:
    """What a file holds, in words."""
    header = night.header
    told = [f"{header['since']} until {header['until']}, tables {header['tables']}"]
    told.append(", ".join(f"{count} {what}" for what, count in header["lines"].items() if count))
    if header["invented"]:
        told.append("people, numbers and addresses are invented")
    left = {what: count for what, count in header["left_out"].items() if count}
    if left:
        told.append(
            "left out: " + ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in left.items())
        )
    return told
