"""A proof reads in both languages, in a terminal and on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callcenter.proving.facts import About, Span
from callcenter.proving.page import as_page
from callcenter.proving.report import Check, Finding, Line, Report, within
from callcenter.proving.telling import as_text
from callcenter.proving.wording import FINDINGS, Language

NOW = datetime(2026, 3, 14, 14, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ABOUT = About(incident_id="i", number=7, region_id=3, region_path=(1, 3))


def document() -> dict[str, Any]:
    lines = [
        Line(Check.RECEIVED, {"received": 12}),
        Line(Check.NUMBERS, {"incidents": 3, "joined": 1}),
        Line(Check.OPEN, {"open": 1}, [Finding("forgotten", NOW, ABOUT, {"state": "waiting"})]),
        Line(Check.SPOOL, {"waiting": None}),
    ]
    span = Span(NOW - timedelta(days=1), NOW, NOW)
    return Report(span, lines, {3: ("东街<一>", "East <1>")}).as_json()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", ["2026-03-13 22:00:00", "求助 7（东街<一>）：没有坐席", "空号：信号并入已有求助 1", "本机没有暂存"]),
        ("en", ["2026-03-14 22:00:00 Incident 7 (East <1>): no seat", "received 12", "there is no spool here"]),
    ],
)  # fmt: skip
def test_it_reads_in_a_terminal(language: Language, said: list[str]):
    text = as_text(document(), language, ZONE)
    for part in said:
        assert part in text


def test_what_somebody_may_not_see_is_said_to_be_there():
    assert "1 more are of regions that you may not see" in as_text(
        within(document(), {9}), "en", ZONE
    )


class Asked(HTMLParser):
    """Whatever a page asks a host for, or runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe") or {"src", "href"} & dict(attrs).keys():
            self.found.append(tag)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_asks_nobody_for_anything_and_hides_no_markup(language: Language):
    page = as_page(document(), language, ZONE)
    asked = Asked()
    asked.feed(page)
    assert asked.found == []
    assert "&lt;" in page
    assert f'lang="{language}"' in page


def test_every_finding_has_its_figures_in_both_languages():
    for words in FINDINGS.values():
        names = [
            {part.split("}")[0] for part in text.split("{")[1:]} for text in (words.zh, words.en)
        ]
        assert names[0] == names[1]
