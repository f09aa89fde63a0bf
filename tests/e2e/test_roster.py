"""A dispatcher plans by the keys alone, and what was planned stands there after a reload; nothing of the page is beyond a reader."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY

pytestmark = STORY


def test_a_shift_is_planned_and_given_to_another_without_a_mouse(
    seat, demo, accessibility_faults, keep_picture
):
    page = seat("dispatcher")
    page.goto(f"{demo.console}/#/roster")
    row = page.get_by_test_id("roster-row").filter(has_text="孟凡")
    expect(row).to_be_visible()
    page.locator("[data-test=roster-cell][tabindex='0']").focus()
    page.keyboard.press("Home")
    while "孟凡" not in page.locator("[data-test=roster-row]:focus-within").inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("给孟凡排班")
    assert accessibility_faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("done")).to_contain_text("孟凡的班次已保存")
    cell = row.get_by_test_id("roster-cell").last
    expect(cell).to_contain_text("08:00–16:00")
    expect(cell).to_be_focused()
    page.keyboard.press("s")
    dialog.get_by_test_id("taker").select_option(label="杜明远")
    page.get_by_test_id("offer-swap").press("Enter")
    expect(page.get_by_test_id("refused")).to_contain_text("杜明远")
    page.keyboard.press("Escape")
    page.reload()
    expect(row.get_by_test_id("roster-cell").last).to_contain_text("08:00–16:00")
    expect(page.get_by_test_id("on-duty").first).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "roster")
