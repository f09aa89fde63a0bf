"""Every kind of timeline entry: what is written can be read, is documented, and has words wherever it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from callcenter.alerts.entries import KIND_OF, KINDS, Assigned, Entry, TimelineView
from callcenter.core.encoding import encode
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO

CONSOLE = Path(__file__).parents[2] / "console/src/words"


def row(kind: str, data: dict[str, object]) -> dict[str, object]:
    return {
        "incident_id": new_id(),
        "number": 3,
        "at": LONG_AGO,
        "kind": kind,
        "user_id": 7,
        "user_name": "王敏",
        "data": data,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_even_from_an_empty_row_and_is_what_the_document_says(kind: str):
    entry = Entry.of(row(kind, {}))
    assert isinstance(entry.data, KINDS[kind])
    shown = TypeAdapter(TimelineView).validate_json(encode(entry), strict=False)
    assert (shown.kind, type(shown.data)) == (kind, KINDS[kind])


def test_what_was_written_is_read_again():
    entry = Entry.of(row("assigned", {"resident_id": 1, "name": "沈玉兰", "from_path": [1, 2]}))
    assert entry.data == Assigned(resident_id=1, name="沈玉兰", from_path=[1, 2])


def test_what_a_newer_server_has_written_passes_through():
    assert Entry.of(row("dreamt", {"of": "rain"})).data == {"of": "rain"}
    assert Entry.of(row("note", {"text": "a", "colour": "red"})).data == KINDS["note"](text="a")  # type: ignore[call-arg]


def test_each_class_is_one_kind():
    assert len(KIND_OF) == len(KINDS)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_console_has_words_for_every_kind(language: str, kind: str):
    words = (CONSOLE / language / "seat.codes.ts").read_text("utf-8")
    block = re.search(r"\n  entry: \{\n(.*?)\n  \},", words, re.DOTALL)
    assert block is not None
    assert re.search(rf"^    {kind}(_\w+)?: ", block[1], re.MULTILINE), kind
