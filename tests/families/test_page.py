"""The page in both languages: every stage, no script, nothing to load, whatever names and words it is given."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.dispatch.task import TaskState
from callcenter.families.course import Course, Goer, Stage
from callcenter.families.notices import Outcome
from callcenter.families.page import POLICY, Note, View, family_page, plain_page
from callcenter.sms.inbound import Meaning

NOW = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)
PERSON = {"name": "沈玉兰", "name_latin": "Shen Yulan"}
GOER = Goer(TaskState.UNDER_WAY, "欧阳建国", "grid_worker", NOW + timedelta(minutes=12))


def view(language: str = "zh-CN", stage: Stage = Stage.ON_THE_WAY, **parts: object) -> View:
    ended_at = NOW if stage in (Stage.SAFE, Stage.CLOSED) else None
    usual = {
        "person": PERSON,
        "hotline": "0999-8012349",
        "course": Course(stage, GOER, ended_at),
        "now": NOW,
        "zone": ZoneInfo("Asia/Shanghai"),
    }
    return View(language, **usual | parts)  # type: ignore[arg-type]


class Elements(HTMLParser):
    """Every element and attribute, and whether they are closed in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input", "link"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


LOADS = {"script", "link", "img", "iframe", "object", "embed", "video", "audio"}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("notice", list(Outcome))
def test_no_stage_loads_or_runs_anything(language: str, stage: Stage, notice: Outcome):
    page = family_page(view(language, stage, notice=notice))
    found = Elements(page)
    assert not LOADS & set(found.names)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    assert "{" not in re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_has_a_word_of_illness_or_poverty(language: str):
    for stage in Stage:
        page = family_page(view(language, stage))
        assert not re.search("失独|低保|病|diagnos|\\bill(ness)?\\b|disab", page)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=300), st.text(max_size=30))
def test_no_name_and_no_words_become_a_part_of_the_page(
    name: str, staff: str, words: str, hotline: str
):
    """As many elements as with plain ones."""
    hostile = '"><script>alert(1)</script>'
    given = view(
        person={"name": name + hostile},
        course=Course(Stage.ON_THE_WAY, Goer(TaskState.UNDER_WAY, staff + hostile, "driver")),
        notes=[Note(words + hostile, NOW, seen=True)],
        typed=words + "</textarea>" + hostile,
        hotline=hotline + "1" + hostile,
    )
    plain = view(
        person={"name": "x"},
        course=Course(Stage.ON_THE_WAY, Goer(TaskState.UNDER_WAY, "x", "driver")),
        notes=[Note("x", NOW, seen=True)],
    )
    assert Elements(family_page(given)).names == Elements(family_page(plain)).names


def test_given_name_and_what_they_are():
    assert "建国（网格员）正在赶去的路上" in family_page(view())
    assert "Jianguo (community grid worker) is on the way" in family_page(view("en"))
    minority = Course(Stage.ARRIVED, Goer(TaskState.ARRIVED, "阿依古丽·买买提", "nurse"))
    assert "阿依古丽（护士）已经到达" in family_page(view(course=minority))
    nobody = Course(Stage.ASKED, Goer(TaskState.ACCEPTED))
    assert "工作人员将前往住处" in family_page(view(course=nobody))


def test_an_arrival_that_is_overdue_says_so():
    assert "预计14:17到达" in family_page(view())
    late = view(now=NOW + timedelta(minutes=20))
    assert "原预计14:17到达，还没有到达的消息" in family_page(late)


def test_what_they_have_said_can_be_taken_back_and_not_said_again():
    page = family_page(view(said=(Meaning.YES, NOW)))
    assert 'value="yes"' not in page
    assert "我还是去不了" in page
    page = family_page(view(said=(Meaning.NO, NOW)))
    assert 'value="no"' not in page
    assert "我还是能去" in page


def test_yesterday_has_its_day():
    note = Note("x", NOW - timedelta(days=1), seen=False)
    assert "您在11-27 14:05留言" in family_page(view(notes=[note]))


def test_without_a_number_it_says_where_one_is():
    page = family_page(view(hotline=""))
    assert "tel:" not in page
    assert "请拨打短信里的电话" in page


@pytest.mark.parametrize("language", ["zh-CN", "en", "fr", ""])
@pytest.mark.parametrize("reason", ["unreadable", "unknown", "expired", "too_many"])
def test_a_link_that_opens_nothing_has_the_number_to_call(language: str, reason: str):
    page = plain_page(language, "bad_title", f"bad_{reason}", "0999-8012349")
    Elements(page)
    assert 'href="tel:09998012349"' in page


def test_the_policy_allows_its_own_style_and_its_own_forms():
    assert "default-src 'none'" in POLICY
    assert "script-src" not in POLICY
    assert "form-action 'self'" in POLICY
    assert "unsafe" not in POLICY
