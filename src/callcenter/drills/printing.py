"""A drill's report on paper, marked as a drill. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Final

from callcenter.alerts.levels import Level
from callcenter.drills.course import PressState
from callcenter.drills.report import PressReport
from callcenter.drills.schemas import DrillReportView, DrillView
from callcenter.drills.wording import WORDS

Say = Mapping[str, str]
COLUMNS: Final = ("number", "where", "kind", "incident", "course", "ladder")


def print_report(found: DrillReportView, language: str, zone: tzinfo, now: datetime) -> str:
    """A whole HTML document, without script and without anything to load but one style sheet."""
    say = WORDS[language]
    title = f"{say['title']}: {found.drill.title}"
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in _facts(found, say, zone)
    )
    heads = "".join(f"<th>{escape(say[name])}</th>" for name in COLUMNS)
    lines = "".join(_lines(press, language, zone) for press in found.report.presses)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="/print.css"></head><body><h1>{escape(title)}</h1><table>{facts}</table>'
        f"<h2>{escape(say['presses'])}</h2><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
        f'<p class="sign"><span>{escape(say["checked_by"])}</span><span>{escape(say["date"])}</span></p>'
        f"<footer>{escape(say['printed'])} {_day(now, zone)} {_time(now, zone)}</footer></body></html>"
    )


def _facts(found: DrillReportView, say: Say, zone: tzinfo) -> Iterator[tuple[str, str]]:
    drill, presses = found.drill, found.report.presses
    yield say["started"], f"{_day(drill.started_at, zone)} {_time(drill.started_at, zone)}"
    yield say["ended"], _ended(drill, say, zone)
    yield say["by"], drill.started_by_name
    if drill.paused_s:
        yield say["paused"], f"{drill.paused_s} s"
    made = sum(press.state is PressState.MADE for press in presses)
    yield say["made"], f"{made}/{len(presses)}"
    for reach in found.report.reaches:
        yield say["target"].format(seconds=reach.seconds), _reach(reach, say)


def _ended(drill: DrillView, say: Say, zone: tzinfo) -> str:
    if drill.ended_at is None or drill.ending is None:
        return say["running"]
    how = say[f"ending.{drill.ending}"].format(name=drill.ended_by_name or "")
    return f"{_time(drill.ended_at, zone)} {how}"


def _reach(reach: Level, say: Say) -> str:
    if reach.reached is None:
        return say["nothing"]
    numbers = say["of"].format(
        met=reach.met, decided=reach.decided, percent=f"{reach.permille / 10:g}"
    )
    return f"{numbers}: {say['reached' if reach.reached else 'not_reached']}"


def _lines(press: PressReport, language: str, zone: tzinfo) -> str:
    """A row, and below it, over the whole width, what would have gone out."""
    cells = "".join(f"<td>{_cell(each)}</td>" for each in _row(press, language, zone))
    texts = _cell(list(_texts(press, WORDS[language])))
    below = f'<tr><td colspan="{len(COLUMNS)}">{texts}</td></tr>' if texts else ""
    return f"<tr>{cells}</tr>{below}"


def _cell(lines: Sequence[str]) -> str:
    return "<br>".join(map(escape, lines))


def _row(press: PressReport, language: str, zone: tzinfo) -> Iterator[Sequence[str]]:
    say = WORDS[language]
    yield [str(press.number)]
    yield [(press.label_en if language == "en" else "") or press.label]
    yield [say.get(f"kind.{press.kind}", press.kind)]
    yield [str(press.incident_number or "")]
    yield list(_course(press, say, zone))
    yield list(_ladder(press, say))


def _texts(press: PressReport, say: Say) -> Iterator[str]:
    if press.texts:
        yield say["texts"]
    elif press.rang_at and not press.again:
        yield say["no_texts"]
    for one in press.texts:
        yield f"{one.name or say['duty']} {one.recipient}: {one.text}"


def _course(press: PressReport, say: Say, zone: tzinfo) -> Iterator[str]:
    if press.state is not PressState.MADE:
        yield say[f"state.{press.state}"]
        return
    if press.again:
        yield say["again"]
        return
    times = {
        "rang": press.rang_at,
        "seen": press.seen_at,
        "sounding": press.sounding_at,
        "taken": press.taken_at,
        "step": press.first_step_at,
        "closed": press.closed_at,
    }
    for name, at in times.items():
        if at is not None:
            by = f" {press.taken_by}" if name == "taken" and press.taken_by else ""
            yield f"{say[name]} {_time(at, zone)}{by}"
    if press.taken_at is None:
        yield say["nobody"]
    if press.closed_at is None:
        yield say["called_off"]


def _ladder(press: PressReport, say: Say) -> Iterator[str]:
    for name, steps in (("done", press.made), ("not_made", press.not_made)):
        if steps:
            words = [say.get(f"step.{step}", say.get(step, step)) for step in steps]
            yield f"{say[name]}: {say['and'].join(words)}"


def _time(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"
