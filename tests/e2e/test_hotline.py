"""The work of a hotline by keys alone, at a site without an exchange: a call is written down, filed, becomes an alarm or a case, and is
worked off; the cards stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage, Picture, log_in

pytestmark = STORY

AtHotline = Callable[..., Page]


@pytest.fixture
def at_hotline(open_page: OpenPage, demo: Demo) -> AtHotline:
    """Logs in and opens the page."""

    def enter(login: str, language: str = "zh-CN", page: str = "hotline", **more: Any) -> Page:
        found = open_page(language, **more)
        found.goto(f"{demo.console}/?lang={language}#/{page}")
        log_in(found, login)
        first = "part-to_be_filed" if page == "hotline" else "words-new"
        expect(found.get_by_test_id(first)).to_be_visible()
        return found

    return enter


def write_down(page: Page, number: str, person: str = "") -> Locator:
    """N, the number or the person, Enter; what it was is asked at once."""
    page.keyboard.press("n")
    form = page.get_by_test_id("hand-form")
    if person:
        form.get_by_test_id("person-search").fill(person)
        form.get_by_role("button", name=person).first.click()
    form.get_by_test_id("hand-number").fill(number)
    form.get_by_test_id("hand-number").press("Enter")
    panel = page.get_by_test_id("after-call")
    expect(panel.get_by_test_id("about-praise")).to_be_visible()
    expect(panel).to_be_focused()
    return panel


def test_a_call_is_written_down_and_filed_with_one_key(
    at_hotline: AtHotline, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = at_hotline("operator", "en")
    panel = write_down(page, "013912345670")
    expect(panel).to_contain_text("139 1234 5670")
    expect(page.get_by_test_id("card-first_words")).to_have_attribute("open", "")
    assert accessibility_faults(page) == []
    keep_picture(page, "hotline-en")
    page.keyboard.press("/")
    page.keyboard.type("thanks for the dumplings")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(panel.get_by_test_id("filed")).to_contain_text("Praise")
    expect(panel.get_by_test_id("filed")).to_contain_text("thanks for the dumplings")
    assert accessibility_faults(page) == []


def test_a_call_for_help_rings_at_the_seats_once_its_key_was_pressed_twice(
    at_hotline: AtHotline, seat: Callable[..., Page]
) -> None:
    beside = seat("operator2")
    page = at_hotline("operator")
    panel = write_down(page, "", "沈玉兰")
    page.keyboard.press("3")
    expect(panel.get_by_test_id("sure")).to_be_visible()
    page.keyboard.press("3")
    expect(panel.get_by_test_id("filed")).to_be_visible()
    expect(page.get_by_test_id("alarm-strip")).to_contain_text("沈玉兰")
    expect(beside.get_by_text("沈玉兰").first).to_be_visible()


def test_a_complaint_is_a_case_until_somebody_says_what_came_of_it(
    at_hotline: AtHotline, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = at_hotline("operator")
    panel = write_down(page, "013912345671")
    page.keyboard.press("k")
    expect(panel.get_by_test_id("filed")).to_be_visible()
    page.keyboard.press("4")
    row = page.get_by_test_id("case-row").filter(has_text="139 1234 5671").first
    row.get_by_test_id("open-case").press("Enter")
    sheet = page.get_by_test_id("case-sheet")
    sheet.get_by_test_id("case-words").fill("已道歉，餐费已退")
    assert accessibility_faults(page) == []
    keep_picture(page, "hotline-cases")
    sheet.get_by_test_id("case-done").click()
    expect(page.get_by_test_id("case-row").filter(has_text="139 1234 5671")).to_have_count(0)


def test_who_rang_in_vain_is_one_line_and_leaves_it_when_reached(
    at_hotline: AtHotline, accessibility_faults: Faults
) -> None:
    page = at_hotline("operator")
    for _ in range(2):
        page.keyboard.press("n")
        form = page.get_by_test_id("hand-form")
        form.get_by_test_id("hand-answered").uncheck()
        form.get_by_test_id("hand-number").fill("013912345672")
        form.get_by_test_id("hand-number").press("Enter")
        expect(form).to_have_count(0)
        expect(page.get_by_test_id("after-call")).to_contain_text("139 1234 5672")
        page.keyboard.press("Escape")
    page.get_by_test_id("part-missed").click()
    line = page.get_by_test_id("call-row").filter(has_text="139 1234 5672")
    expect(line).to_have_count(1)
    expect(line.get_by_test_id("times")).to_contain_text("2")
    assert accessibility_faults(page) == []
    page.keyboard.press("n")
    form = page.get_by_test_id("hand-form")
    form.get_by_test_id("hand-direction").select_option("out")
    form.get_by_test_id("hand-number").fill("013912345672")
    form.get_by_test_id("hand-number").press("Enter")
    expect(form).to_have_count(0)
    page.get_by_test_id("part-missed").click()
    expect(line).to_have_count(0)
    expect(line).to_have_count(0)


SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('main, dialog, .modal__body')]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1).map((each) => each.className || each.tagName)"""


@pytest.mark.parametrize(("width", "ground"), [(1366, "dark"), (1366, "light"), (683, "light")])
def test_it_is_read_on_either_ground_and_never_pushed_sideways(
    at_hotline: AtHotline,
    accessibility_faults: Faults,
    keep_picture: Picture,
    width: int,
    ground: str,
) -> None:
    page = at_hotline("operator", width=width)
    page.evaluate(f"document.documentElement.dataset.theme = '{ground}'")
    write_down(page, "013912345673", "沈玉兰")
    assert page.evaluate(SIDEWAYS) == []
    assert accessibility_faults(page) == []
    keep_picture(page, f"hotline-{ground}-{width}")
    page.keyboard.press("Escape")
    page.get_by_test_id("part-cards").click()
    expect(page.get_by_test_id("card-gas")).to_be_visible()
    assert page.evaluate(SIDEWAYS) == []
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_administrator_writes_what_calls_are_about(
    at_hotline: AtHotline, language: str, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = at_hotline("admin", language, "filing")
    page.get_by_test_id("edit-praise").click()
    expect(page.get_by_test_id("disposition-form")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, f"filing-{language}")
    page.get_by_test_id("d-key").fill("w")
    page.get_by_test_id("d-save").click()
    expect(page.get_by_test_id("disposition-refused")).to_be_visible()
    page.get_by_test_id("words-cards").click()
    page.get_by_test_id("edit-card-knock_code").click()
    page.get_by_test_id("c-versions").click()
    expect(page.get_by_test_id("card-version").last).to_be_visible()
    assert accessibility_faults(page) == []
