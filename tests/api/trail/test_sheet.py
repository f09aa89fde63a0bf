"""The file reads as the page does, and does nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from callcenter.api.trail.sheet import csv_of
from callcenter.api.trail.shown import AuditView
from callcenter.core.ids import new_id

ENTRY = AuditView(
    id=new_id(),
    number=12,
    at=datetime(2026, 3, 14, 20, 0, tzinfo=UTC),
    user_id=7,
    user_name="林岚",
    user_name_en="Lin Lan",
    action="home_changed",
    what="修改住户",
    what_en="home changed",
    subject="home:12",
    subject_name="=cmd()",
    subject_name_en="",
    region_ids=[1],
    address=None,
    detail={"fields": ["门牌"]},
)


def rows(language) -> list[list[str]]:
    content = csv_of([ENTRY], language, ZoneInfo("Asia/Shanghai"))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_times_are_the_sites_and_names_those_of_the_language():
    assert rows("zh-CN")[1][:4] == ["12", "2026-03-15 04:00:00", "林岚", "修改住户"]
    assert rows("en")[1][2:4] == ["Lin Lan", "home changed"]


def test_a_name_that_begins_like_a_formula_is_guarded():
    assert rows("en")[1][5] == "'=cmd()"


def test_what_was_changed_stands_in_the_last_column():
    assert rows("zh-CN")[1][-1] == '{"fields": ["门牌"]}'
