"""The page and the table of a report."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callcenter.calls.item import CallResult, CallState, ListKind
from callcenter.calls.missed import WhyCalled
from callcenter.calls.reporting import COLUMNS, counted, csv_report, print_report
from callcenter.calls.schemas import CallItemView, CallListView
from callcenter.calls.wording import WORDS

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)


def item(**more: Any) -> CallItemView:
    known = dict.fromkeys(CallItemView.model_fields) | {
        "id": 1,
        "list_id": 1,
        "kind": ListKind.ROLL_CALL,
        "occurrence": date(2026, 3, 14),
        "due_at": NINE,
        "next_try_at": NINE,
        "state": CallState.OPEN,
        "attempts": 0,
        "reasons": [WhyCalled.STILL_SILENT],
        "note": "",
        "home_id": 1,
        "name": "沈玉兰",
        "name_latin": "Shen Yulan",
        "phone": "+8613900000001",
        "address": "7号楼",
        "address_en": "Building 7",
    }
    return CallItemView.model_validate(known | more)


LISTED = CallListView.model_validate(
    dict.fromkeys(CallListView.model_fields)
    | {
        "id": 1,
        "kind": ListKind.ROLL_CALL,
        "name": "<停电>",
        "region_id": 1,
        "region_name": "榆荫街道",
        "region_name_en": "Yuyin Street",
        "active": True,
        "since": NINE,
        "until": NINE,
        "created_at": NINE,
        "counts": {},
        "due": 0,
    }
)


@pytest.mark.parametrize(
    ("state", "result", "group"),
    [
        (CallState.DONE, CallResult.WELL, "reached"),
        (CallState.DONE, CallResult.NEEDS_HELP, "reached"),
        (CallState.DONE, "recovered", "other"),
        (CallState.ESCALATED, CallResult.NO_ANSWER, "escalated"),
        (CallState.GIVEN_UP, CallResult.NOT_NEEDED, "other"),
        (CallState.OPEN, None, "open"),
        (CallState.LEASED, None, "open"),
        (CallState.MISSED, None, "open"),
    ],
)
def test_each_call_is_counted_in_one_group(state: CallState, result: str | None, group: str):
    assert counted([item(state=state, result=result)]) == {
        name: int(name == group) for name in ("reached", "escalated", "open", "other")
    }


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_is_whole_and_what_people_wrote_is_no_markup(language: str):
    page = print_report(LISTED, [item(note="<b>")], language, SHANGHAI, NINE)
    assert "&lt;停电&gt;" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "2026-03-14 09:00:00" in page
    assert WORDS[language]["reason.still_silent"] in page


def test_the_table_in_english_has_english_names():
    heads, row = csv.reader(io.StringIO(csv_report([item()], "en", SHANGHAI).decode("utf-8-sig")))
    assert len(heads) == len(row) == len(COLUMNS)
    assert row[:2] == ["Shen Yulan", "Building 7"]


def test_a_number_for_a_spreadsheet_is_no_formula():
    table = csv_report([item(name="@sum", note="-1")], "zh-CN", SHANGHAI).decode("utf-8-sig")
    assert "'@sum" in table
    assert "'-1" in table


def test_who_is_not_registered_stands_there_all_the_same():
    assert WORDS["en"]["unregistered"] in csv_report(
        [item(name=None, name_latin=None, phone=None)], "en", SHANGHAI
    ).decode("utf-8-sig")


def test_both_languages_have_every_word():
    assert set(WORDS["zh-CN"]) == set(WORDS["en"])
    for name in (*CallState, *CallResult, *WhyCalled):
        found = [f"{group}.{name}" in WORDS["en"] for group in ("state", "result", "reason")]
        assert any(found), name
