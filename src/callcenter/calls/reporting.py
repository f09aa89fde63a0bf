"""The report of a list: a page for the printer and a table for a spreadsheet. Who was reached, by whom, when; who was not. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Final

from callcenter.calls.item import CallResult, CallState
from callcenter.calls.schemas import CallItemView, CallListView
from callcenter.calls.wording import WORDS
from callcenter.core.phone import national
from callcenter.directory.spreadsheet import guarded

Say = Mapping[str, str]

COLUMNS: Final = (
    "who",
    "address",
    "phone",
    "why",
    "tries",
    "result",
    "by",
    "at",
    "incident",
    "note",
)
REACHED: Final = frozenset({CallResult.WELL, CallResult.NEEDS_HELP, CallResult.NEEDS_SERVICE})


def counted(items: Sequence[CallItemView]) -> dict[str, int]:
    """How many were reached, escalated, are open still, ended otherwise; each item is in one of them."""
    groups = [_group(item) for item in items]
    return {name: groups.count(name) for name in ("reached", "escalated", "open", "other")}


def _group(item: CallItemView) -> str:
    if item.state is CallState.ESCALATED:
        return "escalated"
    if item.state in (CallState.OPEN, CallState.LEASED, CallState.MISSED):
        return "open"
    return "reached" if item.result in REACHED else "other"


def print_report(
    listed: CallListView, items: Sequence[CallItemView], language: str, zone: tzinfo, now: datetime
) -> str:
    """A whole HTML document, without script and without anything to load but one style sheet."""
    say = WORDS[language]
    english = language == "en"
    region = (listed.region_name_en if english else "") or listed.region_name
    title = f"{say['title']}: {listed.name}"
    heads = "".join(f"<th>{escape(say[name])}</th>" for name in COLUMNS)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows(items, language, zone)
    )
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in _facts(listed, items, region, say, zone)
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="/print.css"></head><body><h1>{escape(title)}</h1><table>{facts}</table>'
        f"<h2>{escape(say['list'])}</h2><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
        f'<p class="sign"><span>{escape(say["checked_by"])}</span><span>{escape(say["date"])}</span></p>'
        f"<footer>{escape(say['printed'])} {_time(now, zone)}</footer></body></html>"
    )


def _facts(
    listed: CallListView, items: Sequence[CallItemView], region: str, say: Say, zone: tzinfo
) -> Iterator[tuple[str, str]]:
    yield say["region"], region
    if listed.since and listed.until:
        yield say["window"], f"{_time(listed.since, zone)} – {_time(listed.until, zone)}"
        yield say["source"], listed.source or say["every_source"]
    yield say["made"], _time(listed.created_at, zone)
    yield say["homes"], str(len(items))
    for name, number in counted(items).items():
        yield say[name], str(number)


def csv_report(items: Sequence[CallItemView], language: str, zone: tzinfo) -> bytes:
    """UTF-8 with BOM; a cell that a spreadsheet would take for a formula is guarded."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([WORDS[language][name] for name in COLUMNS])
    writer.writerows([guarded(cell) for cell in row] for row in rows(items, language, zone))
    return written.getvalue().encode("utf-8-sig")


def rows(items: Sequence[CallItemView], language: str, zone: tzinfo) -> Iterator[list[str]]:
    """One a call, in the columns of the report."""
    say = WORDS[language]
    english = language == "en"
    for item in items:
        yield [
            ((item.name_latin if english else "") or item.name) or say["unregistered"],
            (item.address_en if english else "") or item.address,
            national(item.phone) if item.phone else "",
            ", ".join(say.get(f"reason.{reason}", reason) for reason in item.reasons),
            str(item.attempts),
            _result(item, say),
            item.ended_by_name or item.leased_by_name or _signal(item, say, zone),
            _time(item.ended_at, zone) if item.ended_at else "",
            str(item.incident_number or ""),
            item.note,
        ]


def _result(item: CallItemView, say: Say) -> str:
    said = f"result.{item.result}" if item.result else f"state.{item.state}"
    if item.state is CallState.ESCALATED:
        return f"{say.get(said, '')} -> {say['state.escalated']}"
    return say.get(said, said)


def _signal(item: CallItemView, say: Say, zone: tzinfo) -> str:
    """By which signal a press test ticked itself off."""
    if item.signal_at is None:
        return ""
    return (
        f"{say.get(f'signal.{item.signal_kind}', item.signal_kind)} {_time(item.signal_at, zone)}"
    )


def _time(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
