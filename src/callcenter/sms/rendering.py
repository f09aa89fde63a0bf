"""A text as it goes out: the words of its kind filled in, in one part.

A piece in ⟨ ⟩ is left out when a parameter in it is missing: rendering never fails, because a text with a hole is better than none.
Over-long places, names and signatures are shortened until one part holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Final

from callcenter.sms import duty_texts, family_texts, field_texts, neighbour_texts, segments
from callcenter.sms.catalogue import (
    CHINESE,
    DRILL,
    ENGLISH,
    FOR_DUTY,
    FOR_FIELD,
    LINK,
    TO_CONTACTS,
    MessageKind,
)

BY_READER: Final = (family_texts, neighbour_texts, duty_texts, field_texts)
"""Each has the texts of those who read them, in both languages."""
_TEXTS: Final[Mapping[str, Mapping[MessageKind, str]]] = MappingProxyType(
    {
        CHINESE: {kind: words for each in BY_READER for kind, words in each.CHINESE.items()},
        ENGLISH: {kind: words for each in BY_READER for kind, words in each.ENGLISH.items()},
    }
)
_GIVEN_UP = ("more", "at", "ref", "hotline")
"""What goes for the link, in this order; the page has all of it, the number to call as a button. The answer that is asked for, whose call
it is and who writes never go: where they leave no room, the link goes.
"""
_DRILL_MARK = {CHINESE: "【演练】", ENGLISH: "DRILL: "}
_NAMELESS = {CHINESE: "您家", ENGLISH: "your relative"}
_UNKNOWN_CALLER = {CHINESE: "未登记来电", ENGLISH: "an unregistered caller"}
_LATIN_NAMES = {
    "name": "name_latin",
    "signature": "signature_en",
    "where": "where_en",
    "salutation": "salutation_en",
    "way_in": "way_in_en",
    "choices": "choices_en",
}
_TIMES = frozenset({"at", "called_at", "closed_at", "until"})
_SHORTENED = {
    CHINESE: (
        ("where", 6),
        ("signature", 6),
        ("name", 4),
        ("where", 2),
        ("signature", 2),
        ("taker", 4),
    ),
    ENGLISH: (
        ("where", 20),
        ("signature", 12),
        ("name", 20),
        ("where", 6),
        ("name", 6),
        ("taker", 12),
    ),
}
"""In this order, each down to so many units, until the text fits one part. Never the number to call, nor the ref."""
_SHORTENED_IN_FIELD = {
    CHINESE: (
        ("todo", 4),
        ("name", 3),
        ("choices", 12),
        ("way_in", 8),
        ("todo", 0),
        ("way_in", 0),
        ("signature", 4),
        ("where", 12),
        ("signature", 2),
        ("where", 4),
    ),
    ENGLISH: (
        ("todo", 8),
        ("name", 16),
        ("choices", 40),
        ("way_in", 20),
        ("todo", 0),
        ("way_in", 0),
        ("signature", 12),
        ("where", 30),
        ("where", 8),
        ("name", 6),
        ("choices", 8),
    ),
}
"""Down to none: left out. Which door it is and who writes give way last: networks let nothing through but the signature that is registered."""
_OPTIONAL = re.compile(r"⟨([^⟩]*)⟩")
_FIELD = re.compile(r"\{(\w+)\}")


def render(kind: MessageKind, params: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """The text as it goes out, at most one part long. Times are shown in `zone`, the site's; any language but English
    is answered in Chinese."""
    spoken = ENGLISH if language.startswith(ENGLISH) else CHINESE
    mark = _DRILL_MARK[spoken] if params.get(DRILL) else ""
    template = mark + _TEXTS[spoken][kind]
    values = _values(params, spoken, zone)
    shortened = _SHORTENED_IN_FIELD if kind in FOR_FIELD else _SHORTENED
    jobs = field_texts.JOBS[spoken]
    values["job"] = jobs.get(values.get("task", ""), jobs[field_texts.ANY_JOB])
    if kind not in FOR_FIELD:
        values |= _of_family(kind, values, spoken)
    if values.get(LINK) and kind in TO_CONTACTS:
        values["more"] = family_texts.MORE[spoken][kind]
        with_link = _without_some(mark + family_texts.WITH_LINK[spoken][kind], values)
        if with_link is not None:
            return with_link
    text = _fitted(template, values, shortened[spoken], spoken)
    if segments.overflow(text) > 0:  # the longest names and numbers leave no room for the code
        text = _fitted(template, values | {"code": ""}, shortened[spoken], spoken)
    return _first_part(text)


def _of_family(kind: MessageKind, values: Mapping[str, str], spoken: str) -> dict[str, str]:
    """Who it is about and what happened."""
    nameless = _UNKNOWN_CALLER if kind in FOR_DUTY else _NAMELESS
    words = family_texts.WHAT[spoken]
    called = {**values, **_called(kind, values)}
    called["name"] = called.get("name") or nameless[spoken]
    called["what"] = words.get(values.get("alarm", ""), words[family_texts.ANY_ALARM])
    return called


def _without_some(template: str, values: Mapping[str, str]) -> str | None:
    """As much of it as one part holds; None where that is not enough."""
    left = dict(values)
    for field in (None, *_GIVEN_UP):
        if field is not None:
            left[field] = ""
        text = _fill(template, left)
        if segments.fits_one(text):
            return text
    return None


def _called(kind: MessageKind, values: Mapping[str, str]) -> dict[str, str]:
    """沈玉兰老人, or what the family calls them. The duty list is told the name: it looks it up."""
    said = "" if kind in FOR_DUTY else values.get("salutation", "")
    if not said:
        return {"elder": "老人", "person": "老人"}
    return {"name": said, "elder": "", "person": "本人"}


def _fitted(
    template: str, values: Mapping[str, str], shortened: Sequence[tuple[str, int]], spoken: str
) -> str:
    """Shortened field by field for as long as it takes."""
    shorter = dict(values)
    for field, least in shortened:
        excess = segments.overflow(_fill(template, shorter))
        if excess <= 0:
            break
        shorter[field] = _shorten(shorter.get(field, ""), excess, least, spoken)
    return _fill(template, shorter)


def _values(params: Mapping[str, object], language: str, zone: tzinfo) -> dict[str, str]:
    values = {name: _printable(value) for name, value in params.items() if value is not None}
    if language == ENGLISH:
        for field, latin in _LATIN_NAMES.items():
            values[field] = _latin(values.get(latin, ""))
        for field in ("hotline", "taker", "todo", "said"):
            values[field] = _latin(values.get(field, ""))
    if "begins" in values:
        values["begins"] = _begins(values["begins"], values.get("at", ""), zone)
    for field in _TIMES & values.keys():
        values[field] = _clock_time(values[field], zone)
    return values


def _fill(template: str, values: Mapping[str, str]) -> str:
    def piece(match: re.Match[str]) -> str:
        fields = _FIELD.findall(match[1])
        return match[1] if all(values.get(field) for field in fields) else ""

    return _FIELD.sub(lambda match: values.get(match[1], ""), _OPTIONAL.sub(piece, template))


def _clock_time(text: str, zone: tzinfo) -> str:
    """HH:MM at the site; nothing for what is not a time, since a text with a hole is better than none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).strftime("%H:%M")
    )


def _begins(text: str, told_at: str, zone: tzinfo) -> str:
    """The hour, with the day where that is another than when the text was written."""
    try:
        begins = datetime.fromisoformat(text).astimezone(zone)
        told = datetime.fromisoformat(told_at).astimezone(zone)
    except ValueError:
        return _clock_time(text, zone)
    return begins.strftime("%H:%M" if begins.date() == told.date() else "%m-%d %H:%M")


def _printable(value: object) -> str:
    """One line, no control characters: names come from spreadsheets."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(text.split())


def _latin(text: str) -> str:
    """In GSM-7, since one other character would turn the text into UCS-2 and more than halve its room. Accents that
    GSM-7 lacks are dropped; what has no Latin form at all is left out."""
    letters = (
        character if segments.is_gsm7(character) else unicodedata.normalize("NFKD", character)
        for character in text
    )
    return " ".join("".join(c for c in "".join(letters) if segments.is_gsm7(c)).split())


def _shorten(text: str, excess: int, least: int, language: str) -> str:
    """Shorter by `excess` units, but not below `least`: a minority name at its dot, Latin words at a space where that
    keeps half of the room, anything else anywhere."""
    room = max(segments.units(text) - excess, least)
    if segments.units(text) <= room:
        return text
    if room <= 0:
        return ""
    mark, border = ("…", "·") if language == CHINESE else ("", " ")
    cut = text
    while cut and segments.units(cut + mark) > room:
        cut = cut[:-1]
    whole = text[: text.rfind(border, 0, room + 1)] if border in text[: room + 1] else ""
    if len(whole) >= (2 if language == CHINESE else room / 2):
        return whole
    if text[len(cut) : len(cut) + 1].isdigit():
        cut = cut.rstrip("0123456789")  # half a number is another number
    return cut.rstrip(" ·-,.(") + mark


def _first_part(text: str) -> str:
    """Holds the promise of one part whatever was configured: a signature and hotline of 60 characters, say."""
    limit = segments.LIMITS[segments.encoding_of(text)].single
    while segments.units(text) > limit:
        text = text[:-1]
    return text
