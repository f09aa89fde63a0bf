"""Figures of calls as a table for a spreadsheet, in either language. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from callcenter.directory.spreadsheet import guarded
from callcenter.hotline.figures.counted import (
    WITHIN_S,
    CallFigures,
    CallFiguresRow,
    CallFiguresView,
    per_mille,
)

Language = Literal["zh-CN", "en"]

_HEADINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh-CN": (
        "来电", "接通", "放弃", "等待中", *(f"{each}秒内接通" for each in WITHIN_S), "平均等待（秒）", "最长等待（秒）", "通话总长（秒）",
        "平均通话（秒）", "事后处理总长（秒）", "有效", "有效率（%）", "已登记", "待登记", "未接未处理", "事后补记", "人工登记", "模拟", "呼出", "呼出接通", "自动外呼", "自动外呼接通",
    ),
    "en": (
        "Offered", "Answered", "Abandoned", "Waiting", *(f"Within {each} s" for each in WITHIN_S), "Average wait (s)", "Longest wait (s)", "Talk (s)",
        "Average talk (s)", "Wrap-up (s)", "Effective", "Effective (%)", "Filed", "To be filed", "Missed, open", "Read back", "By hand", "Simulated", "Placed",
        "Placed, answered", "Automatic", "Automatic, answered",
    ),
}  # fmt: skip
_FIRST: Final[Mapping[Language, Mapping[str, str]]] = {
    "zh-CN": {"hour": "时段", "day": "日期", "line": "号码", "kind": "线路类型", "seat": "坐席", "disposition": "来电事由", "total": "合计", "none": "（无）"},
    "en": {"hour": "Hour", "day": "Day", "line": "Line", "kind": "Kind", "seat": "Seat", "disposition": "About", "total": "Total", "none": "(none)"},
}  # fmt: skip


def csv_of(figures: CallFiguresView, language: Language) -> bytes:
    """UTF-8 with BOM; a cell that a spreadsheet would take for a formula is guarded."""
    said = _FIRST[language]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([said[figures.by], *_HEADINGS[language]])
    for row in figures.rows:
        writer.writerow([guarded(_name(row, language)), *_cells(row)])
    writer.writerow([said["total"], *_cells(figures.total)])
    return written.getvalue().encode("utf-8-sig")


def _name(row: CallFiguresRow, language: Language) -> str:
    name = row.name_en or row.name if language == "en" else row.name
    if row.key is None:
        return _FIRST[language]["none"]
    return f"{row.key} {name}".strip() if name != row.key else name


def _cells(of: CallFigures) -> Iterator[str]:
    yield from map(str, (of.offered, of.answered, of.abandoned, of.waiting))
    yield from (str(each.calls) for each in of.within)
    yield _average(of.waited_s, of.answered)
    yield "" if of.longest_wait_s is None else f"{of.longest_wait_s:.0f}"
    yield f"{of.talk_s:.0f}"
    yield _average(of.talk_s, of.talked)
    yield f"{of.wrap_up_s:.0f}"
    yield str(of.effective)
    share = per_mille(of.effective, of.offered)
    yield "" if share is None else f"{share / 10:.1f}"
    yield from map(str, (of.filed, of.to_be_filed, of.missed_open))
    yield from map(str, (of.read_back, of.by_hand, of.simulated))
    yield from map(str, (of.placed, of.placed_answered, of.automatic, of.automatic_answered))


def _average(of: float, calls: int) -> str:
    return f"{of / calls:.1f}" if calls else ""
