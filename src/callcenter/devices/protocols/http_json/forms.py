"""Bodies that are no JSON and say who and what all the same: a form, a sheet, XML, or the names of the fields in any text.

Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import unquote_plus

from callcenter.devices.protocols.http_json import rows
from callcenter.devices.protocols.http_json.fields import Document, named, signals_in, together

_PAIRS_END: Final = re.compile(
    r"[&\r\n]+|[;,\s]\s*(?=(?:id|device(?:_?id)?|imei|kind|occurred_at|lat|lon|text)\s*=(?![>\"']))",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(r"\s*([\w.%+-]{1,60})\s*=(?!>)(.*)", re.DOTALL)
_ELEMENT: Final = re.compile(r"<([\w:.-]{1,60})(?:\s[^<>]{0,200})?>([^<>]{0,1000})</")
_PART: Final = re.compile(
    r'name="?([\w.-]{1,60})"?[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,200}\r?\n){0,5}\r?\n([^\r\n]{0,1000})'
)
_WORD: Final = re.compile(
    r"""(?<!\w)["']?(id|device(?:_?id)?|imei|kind)["']?(?:\s*[:=]>?\s*|[ \t]+)(?:"([^"]*)"|'([^']*)'|([^\s,;&}\])<>"']+))""",
    re.IGNORECASE,
)

Pair = tuple[str, object]

MAX_RECORDS: Final = 100
MAX_PAIRS: Final = 1_000


def read_form(text: str) -> list[Document]:
    """The signals of the first way in which there are any; a device that is named again begins another one."""
    for way in _WAYS:
        records = islice(_records(islice(way(text), MAX_PAIRS)), MAX_RECORDS)
        found = [each for record in records for each in signals_in(together(record))]
        if found:
            return found
    return []


def _records(pairs: Iterator[Pair]) -> Iterator[list[Pair]]:
    record: list[Pair] = []
    has_device = False
    for pair in pairs:
        is_device = "device" in named([pair])
        if is_device and has_device:
            yield record
            record = []
        has_device = has_device or is_device
        record.append(pair)
    if record:
        yield record


def _form(text: str) -> Iterator[Pair]:
    """As a browser sends it, or one field a line."""
    for part in _PAIRS_END.split(text):
        field = _FIELD.fullmatch(part)
        if field is not None:
            yield unquote_plus(field[1]), unquote_plus(field[2]).strip()


def _xml(text: str) -> Iterator[Pair]:
    return ((found[1], found[2].strip()) for found in _ELEMENT.finditer(text))


def _multipart(text: str) -> Iterator[Pair]:
    return ((found[1], found[2].strip()) for found in _PART.finditer(text))


def _words(text: str) -> Iterator[Pair]:
    for found in _WORD.finditer(text):
        yield found[1], next(group for group in found.groups()[1:] if group is not None)


_WAYS: Final[Sequence[Callable[[str], Iterator[Pair]]]] = (
    *(rows.table, _form, _xml, _multipart, _words),
    rows.lines,
)
