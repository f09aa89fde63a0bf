"""`callcenter prove`: whether everything that was received came to a good end, and every row is as it was written."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import CallCenterError, Invalid, tell

if TYPE_CHECKING:
    from callcenter.proving.facts import Span
    from callcenter.proving.report import Report
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

CLEAN, FINDINGS, UNCHECKED = 0, 1, 2


class Form(StrEnum):
    TEXT = "text"
    JSON = "json"
    HTML = "html"


@app.command()
def prove(
    since: Annotated[
        str | None, typer.Option(help="Day or time of the site; without it 24 hours before.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Not included; without it now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The document for programs.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="One page for an auditor.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="zh-CN or en.")] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Prove a span of time, beside a serving system and without changing anything.

    Exit code 0 when everything holds, 1 with findings, 2 when it could not be checked. docs/operating/prove.md says what each line
    means.
    """
    try:
        settings = read_settings(config, data_dir=data_dir)
        spoken = language or settings.language
        if spoken not in ("zh-CN", "en") or (as_json and as_html):
            raise Invalid("--language is zh-CN or en, and --json or --html are asked for alone")
        report = _proved(settings, _span(since, until, ZoneInfo(settings.timezone)))
    except CallCenterError as error:
        tell(error)
        raise typer.Exit(UNCHECKED) from None
    form = Form.JSON if as_json else Form.HTML if as_html else Form.TEXT
    sys.stdout.write(_written(report, form, spoken, ZoneInfo(settings.timezone)))
    raise typer.Exit(CLEAN if report.clean else FINDINGS)


def _span(since: str | None, until: str | None, zone: ZoneInfo) -> Span:
    from callcenter.core.clock import SystemClock
    from callcenter.proving.facts import Span

    now = SystemClock().now()
    end = _time(until, zone) if until else now
    begin = _time(since, zone) if since else end - timedelta(days=1)
    if begin >= end:
        raise Invalid("--since must lie before --until")
    return Span(begin, end, now)


def _time(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no time: write 2026-03-14 or 2026-03-14T22:30") from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _proved(settings: Settings, span: Span) -> Report:
    """Raises Unavailable, also where the tables are those of another release."""
    import asyncpg

    from callcenter.audit.archived import place_of_archive
    from callcenter.core.data_folder import place_of_spool
    from callcenter.core.database import Database
    from callcenter.core.errors import Unavailable
    from callcenter.core.stepping_back import threads_that_step_back
    from callcenter.proving.running import prove_span

    async def work(dsn: str) -> Report:
        database = Database(dsn, pool_size=1)
        try:
            places = place_of_spool(settings.data_dir), place_of_archive(settings.data_dir)
            return await prove_span(database, span, *places)
        finally:
            await database.close()

    with reached_database(settings) as place:
        try:
            with threads_that_step_back(1, "prove") as idle:
                return idle.submit(lambda: asyncio.run(work(place.dsn))).result()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Unavailable(f"could not be checked: {error}") from error


def _written(report: Report, form: Form, language: str, zone: ZoneInfo) -> str:
    import json

    from callcenter.proving.page import as_page
    from callcenter.proving.telling import as_text

    document = report.as_json()
    if form is Form.JSON:
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    put = as_page if form is Form.HTML else as_text
    return put(document, "en" if language == "en" else "zh-CN", zone)
