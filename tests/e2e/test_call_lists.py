"""The morning's calls by the keyboard alone, an alarm in the middle of them, and a roll-call after an outage."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Demo, OpenPage, log_in
from tests.support.site_zone import SITE_TIMEZONE

pytestmark = STORY

Picture = Callable[[Page, str], None]
Faults = Callable[[Page], list[str]]


@pytest.fixture
def at_calls(open_page: OpenPage, demo: Demo) -> Callable[[str, str], Page]:
    """Logs in and opens the page of calls."""

    def enter(login: str, language: str = "zh-CN") -> Page:
        page = open_page(language)
        page.goto(f"{demo.console}/?lang={language}#/calls")
        log_in(page, login)
        expect(page.get_by_test_id("call-list").first).to_be_visible()
        return page

    return enter


def test_calls_are_made_without_the_mouse_and_an_alarm_stays_in_sight(
    at_calls: Callable[..., Page],
    devices: Page,
    accessibility_faults: Faults,
    keep_picture: Picture,
) -> None:
    page = at_calls("operator", "en")
    page.keyboard.press("g")
    card = page.get_by_test_id("call-card")
    expect(card.get_by_text("Contacts", exact=True)).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "calls-en")

    page.keyboard.press("w")
    page.keyboard.type("has eaten 2 dumplings")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.get_by_test_id("was-reported")).to_contain_text("Reached, well")
    page.keyboard.press("g")
    expect(card).to_be_visible()

    key = devices.get_by_role("article", name=re.compile("沈玉兰")).first.get_by_role("button")
    key.click()
    expect(page.get_by_test_id("alarm-strip")).to_be_in_viewport()
    expect(card).to_be_visible()
    page.keyboard.press("5")
    page.keyboard.press("1")
    expect(page.get_by_test_id("was-reported")).to_contain_text("Postpone")


def test_who_needs_help_rings_at_the_seats(
    at_calls: Callable[..., Page], seat: Callable[..., Page]
) -> None:
    beside = seat("operator2")
    page = at_calls("operator")
    page.keyboard.press("g")
    name = page.get_by_test_id("call-card").get_by_role("heading", level=2).inner_text().split()[0]
    page.keyboard.press("2")
    page.keyboard.press("2")
    expect(page.get_by_test_id("was-reported")).to_be_visible()
    expect(beside.get_by_text(name).first).to_be_visible()
    expect(page.get_by_test_id("alarm-strip")).to_contain_text(name)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_supervisor_makes_a_roll_call(
    at_calls: Callable[..., Page],
    language: str,
    accessibility_faults: Faults,
    keep_picture: Picture,
) -> None:
    page = at_calls("supervisor", language)
    page.get_by_test_id("tab-roll_call").click()
    for field, hours_ago in (("since", 3), ("until", 1)):
        at = datetime.now(ZoneInfo(SITE_TIMEZONE)) - timedelta(hours=hours_ago)
        page.get_by_test_id(field).fill(at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_test_id("preview").click()
    expect(page.get_by_test_id("totals")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, f"roll-call-{language}")
    page.get_by_test_id("make").click()
    expect(page.get_by_test_id("tick-row").first).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_test_id("tab-manage").click()
    expect(page.get_by_test_id("new-list")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, f"call-lists-{language}")
