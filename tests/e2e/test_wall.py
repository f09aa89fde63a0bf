"""The screen across the room: it shows who waits, and says in large letters when what it shows is old."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage, Picture, log_in

pytestmark = STORY


def test_the_wall_follows_an_alarm_and_tells_when_it_is_blind(
    devices: Page,
    demo: Demo,
    open_page: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
):
    wall = open_page(width=1920, height=1080)
    wall.goto(f"{demo.console}/wall.html?lang=zh-CN")
    log_in(wall, "supervisor")
    expect(wall.get_by_test_id("wall-calm")).to_be_visible()
    devices.get_by_role("article", name="梁淑贞的挂件").get_by_role("button").click()
    row = wall.get_by_test_id("wall-row")
    expect(row).to_have_attribute("data-state", "waiting")
    expect(row).to_contain_text("紧急求助")
    expect(row).not_to_contain_text("梁淑贞")
    expect(wall.locator("button.dot--waiting")).to_have_count(1)
    expect(wall.get_by_test_id("today-alarms").locator("dd")).to_have_text(re.compile("[1-9]"))
    keep_picture(wall, "wall-zh")
    assert accessibility_faults(wall) == []

    devices.get_by_role("button", name="强行杀掉服务器").click()
    expect(wall.get_by_test_id("wall-stale")).to_be_visible()
    keep_picture(wall, "wall-stale-zh")
    devices.get_by_role("button", name="重新启动服务器").click()
    expect(wall.get_by_test_id("wall-stale")).to_be_hidden(timeout=60_000)
    expect(row).to_have_count(1)
