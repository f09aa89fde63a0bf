"""A dispatcher sees the rounds of the day by the keyboard alone: the door that did not open stands first, with the call that is due."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage

pytestmark = STORY


def test_a_door_that_did_not_open_stands_first(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults
) -> None:
    page = open_page("zh-CN")
    page.goto(f"{demo.console}/?lang=zh-CN#/rounds")
    page.locator(".login__demo .btn", has_text="dispatcher").click()
    expect(page.locator("[data-test=run]")).to_have_count(3)
    assert accessibility_faults(page) == []
    page.locator("[data-test=run] button", has_text="早间送奶").press("Enter")
    visits = page.locator("[data-test=visit]")
    door = visits.filter(has_text="单桂芝")
    door.get_by_role("button").press("Enter")
    door.locator("[data-test=say] input").fill("送奶员来电：敲门无人应")
    door.locator("[data-test=say-no_answer]").press("Enter")
    expect(door).to_contain_text("待呼叫")
    expect(visits.first).to_contain_text("无人应")
    expect(page.locator("[data-test=run-shut]").first).to_be_visible()
    assert accessibility_faults(page) == []

    page.keyboard.press("3")
    pairs = page.locator("[data-test=pair]")
    expect(pairs).to_have_count(2)
    assert accessibility_faults(page) == []
    one = pairs.filter(has_text="梁淑贞")
    one.locator("[data-test=pair-end]").press("Enter")
    one.locator("[data-test=pair-end-sure]").press("Enter")
    expect(pairs).to_have_count(1)
    page.keyboard.press("n")
    search = page.locator("[data-test=person-search]")
    search.fill("梁淑贞")
    expect(page.locator(".found__one")).to_have_count(1)
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-test=pair-who]")).to_be_focused()
    page.locator("[data-test=pair-days]").fill("2")
    assert accessibility_faults(page) == []
    page.locator("[data-test=pair-days]").press("Enter")
    expect(page.locator("[data-test=pairs-told]")).to_contain_text("梁淑贞")
    expect(pairs.filter(has_text="梁淑贞")).to_contain_text("每 2 天")
    expect(pairs).to_have_count(2)
    page.keyboard.press("2")
    page.locator("[data-test=template]").first.press("Enter")
    expect(page.locator("[data-test=stop]").first).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.press("4")
    expect(page.locator("[data-test=book-ride]")).to_be_visible()
    assert accessibility_faults(page) == []
