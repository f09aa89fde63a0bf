"""The incident on one page (处置单): who, where, what, each step with its time, the outcome. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Any

from callcenter.alerts.printing.wording import words

Detail = Mapping[str, Any]


def print_page(detail: Detail, language: str, zone: tzinfo, now: datetime) -> str:
    """A whole HTML document for the printer, without script and without anything to load but one style sheet."""
    say = words(language)
    incident = detail["incident"]
    title = f"{say['title']} {incident['number']}"
    rows = [*_head(incident, say, zone), *_end(incident, say, zone)]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="/print.css"></head><body>'
        f"<h1>{escape(title)}</h1><table>{_table(rows)}</table>"
        f"<h2>{escape(say['timeline'])}</h2><ol>{_timeline(detail, say, zone)}</ol>"
        f"<footer>{escape(say['printed'])} {_time(now, zone)}</footer></body></html>"
    )


def _head(
    incident: Mapping[str, Any], say: Mapping[str, str], zone: tzinfo
) -> list[tuple[str, str]]:
    card = incident["card"]
    people = [_person(person, say) for person in card.get("people", ())]
    who = say["and"].join(people) or f"{say['unknown_caller']} {incident['identifier'] or ''}"
    place = [card.get("entrance") and f"{card['entrance']}{say['entrance']}"]
    place += [card.get("floor") and f"{card['floor']}{say['floor']}", card.get("door")]
    where = " ".join(part for part in (card.get("address"), *place) if part)
    return [
        (say["who"], who),
        (say["where"], where),
        (say["what"], say.get(f"kind.{incident['kind']}", incident["kind"])),
        (say["opened"], _time(incident["opened_at"], zone)),
        (say["presses"], str(incident["press_count"])),
        (say["taker"], incident["taken_by_name"] or ""),
    ]


def _end(
    incident: Mapping[str, Any], say: Mapping[str, str], zone: tzinfo
) -> list[tuple[str, str]]:
    if incident["closed_at"] is None:
        return [(say["outcome"], say["still_open"])]
    outcome = say.get(f"outcome.{incident['outcome']}", incident["outcome"])
    rows = [(say["outcome"], outcome), (say["closed"], _time(incident["closed_at"], zone))]
    if incident["safe_by"]:
        safe = f"{incident['safe_by']} {incident['safe_where'] or ''}"
        rows.append((say["safe"], safe))
    return rows


def _person(person: Mapping[str, Any], say: Mapping[str, str]) -> str:
    name = person["name_latin"] if say["language"] == "en" else person["name"]
    age = "" if person["age"] is None else f" {person['age']}{say['age']}"
    return f"{name}{age}"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows
    )


def _timeline(detail: Detail, say: Mapping[str, str], zone: tzinfo) -> str:
    lines = [(entry["at"], _entry(entry, say)) for entry in detail["entries"]]
    lines += [(m["created_at"], _message(m, say)) for m in detail["messages"]]
    lines.sort(key=lambda line: line[0])
    return "".join(f"<li><time>{_time(at, zone)}</time> {escape(text)}</li>" for at, text in lines)


def _entry(entry: Mapping[str, Any], say: Mapping[str, str]) -> str:
    data = entry["data"]
    what = say.get(f"entry.{entry['kind']}", entry["kind"])
    details = [
        say.get(f"step.{data.get('step')}", ""),
        say.get(f"result.{data.get('result')}", ""),
        say.get(f"outcome.{data.get('outcome')}", ""),
        say.get(f"kind.{data.get('kind')}", ""),
        say.get(f"meaning.{data.get('meaning')}", ""),
        *(str(data[key]) for key in _SHOWN if data.get(key)),
        entry["user_name"] or "",
    ]
    return " · ".join(part for part in (what, *details) if part)


def _message(message: Mapping[str, Any], say: Mapping[str, str]) -> str:
    to = message["contact_name"] or message["recipient"]
    kind = say.get(f"sms.{message['kind']}", message["kind"])
    state = say.get(f"state.{message['state']}", message["state"])
    return f"{say['sms']} · {to} · {kind} · {state}"


_SHOWN = ("contact_name", "relation", "name", "to_name", "by", "where", "note", "text")


def _time(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
