"""A dispatcher works the day by the keyboard alone: books, gives, moves, calls off, plans again; an alarm stays in sight."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage, Picture, log_in
from tests.support.site_zone import SITE_TIMEZONE

pytestmark = STORY


def enter(open_page: OpenPage, demo: Demo, language: str) -> Page:
    page = open_page(language, width=1600, height=900)
    page.goto(f"{demo.console}/?lang={language}")
    log_in(page, "dispatcher")
    page.wait_for_url(re.compile("#/desk"))
    expect(page.get_by_test_id("task-row").first).to_be_visible()
    return page


def test_the_day_is_dispatched_without_the_mouse(
    open_page: OpenPage,
    demo: Demo,
    devices: Page,
    accessibility_faults: Faults,
    keep_picture: Picture,
) -> None:
    page = enter(open_page, demo, "en")
    expect(page.get_by_test_id("group-unplaced")).to_contain_text("3")

    # what nobody has, the first of them, given by hand
    page.keyboard.press("u")
    expect(page.get_by_test_id("task-row")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.get_by_test_id("task-state")).to_have_text("nobody found")
    page.keyboard.press("Enter")
    expect(
        page.get_by_test_id("give").or_(page.get_by_test_id("nobody-suggested")).first
    ).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("task-state")).to_have_text("accepted")
    expect(page.get_by_test_id("task-done")).to_contain_text("Given to")
    expect(page.get_by_test_id("task-row")).to_have_count(2)
    expect(page.get_by_test_id("day-task").first).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.press("u")
    keep_picture(page, "desk-en")

    # taken away again, with a reason
    page.keyboard.press("a")
    page.get_by_test_id("ask-words").fill("the car has broken down")
    page.keyboard.press("Enter")
    step = page.get_by_test_id("task-step").filter(has_text="the car has broken down")
    expect(step).to_contain_text("has it no more")
    expect(page.get_by_test_id("task-state")).not_to_have_text("accepted")

    # a booking for a resident
    page.keyboard.press("n")
    page.get_by_test_id("person-search").fill("shenyulan")
    booking = page.get_by_role("dialog")
    booking.get_by_role("button", name=re.compile("Shen Yulan")).first.click()
    page.get_by_test_id("book-what").fill("waters the plants")
    assert accessibility_faults(page) == []
    keep_picture(page, "desk-booking-en")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("desk-said")).to_contain_text("Shen Yulan")
    expect(page.get_by_test_id("task-sheet")).to_contain_text("waters the plants")

    # an alarm rings above all of it
    devices.get_by_role("article", name=re.compile("沈玉兰")).first.get_by_role("button").click()
    expect(page.get_by_test_id("alarm-strip")).to_be_in_viewport()
    expect(page.get_by_test_id("task-sheet")).to_contain_text("waters the plants")


def test_somebody_falls_ill_and_their_tasks_go_to_others(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = enter(open_page, demo, "zh-CN")
    page.get_by_test_id("task-row").filter(has_text="已接单").first.click()
    expect(page.get_by_test_id("day-task").first).to_be_visible()
    keep_picture(page, "desk-zh-CN")
    page.keyboard.press("p")
    page.get_by_test_id("replan-until").fill("2099-01-01T00:00")
    page.get_by_test_id("replan-ask").click()
    expect(page.get_by_role("alert").filter(has_text="时间")).to_be_visible()
    tomorrow = datetime.now(ZoneInfo(SITE_TIMEZONE)) + timedelta(days=1)
    page.get_by_test_id("replan-until").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_test_id("replan-ask").click()
    expect(page.get_by_test_id("replan-line").first).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "desk-replan-zh-CN")
    page.get_by_test_id("replan-reason").fill("生病")
    page.get_by_test_id("replan-go").click()
    expect(page.get_by_test_id("replan-done")).to_be_visible()
