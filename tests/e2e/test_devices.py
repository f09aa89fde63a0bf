"""A device is attached, pressed in test and seen to arrive, and replaced: without a command line, with the demo's own button."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Demo, OpenPage, Picture

pytestmark = STORY

SPARE, OWNER = "A124", "单桂芝"


def open_device(page: Page, words: str, identifier: str) -> None:
    page.get_by_test_id("devices-search").fill(words)
    page.get_by_role("button", name=f"打开 {identifier}").click()
    expect(page.get_by_role("region", name=identifier)).to_be_visible()


def test_a_device_is_attached_pressed_now_and_replaced(
    demo: Demo, open_page: OpenPage, devices: Page, keep_picture: Picture
):
    page = open_page(width=1366, height=900)
    page.goto(f"{demo.console}/?lang=zh-CN#/devices?standing=stock")
    page.locator(".login__demo .btn", has_text="admin").click()
    expect(page.get_by_test_id("device-row")).to_have_count(1)
    open_device(page, SPARE, SPARE)
    page.get_by_test_id("do-attach").click()
    page.get_by_test_id("home-search").fill("解玉珍")
    page.get_by_test_id("home-found").first.click()
    expect(page.get_by_test_id("device-serves")).to_contain_text("解玉珍")
    page.get_by_test_id("do-release").click()
    page.get_by_test_id("release-yes").click()
    expect(page.get_by_test_id("device-serves")).to_have_text("—")

    page.get_by_test_id("devices-standing").select_option("attached")
    page.get_by_test_id("devices-kind").select_option("pendant")
    open_device(page, OWNER, "A119")
    page.get_by_test_id("do-press").click()
    page.get_by_test_id("press-begin").click()
    expect(page.get_by_test_id("press-now")).to_be_visible()
    devices.get_by_role("button", name="全部").click()
    devices.get_by_role("searchbox").fill(OWNER)
    button = devices.locator(".all li", has_text="挂件").locator(".btn--alarm")
    expect(button).to_have_count(1)
    button.click()
    expect(page.get_by_test_id("press-came")).to_be_visible()
    expect(page.get_by_test_id("press-frame").first).to_contain_text("测试")
    keep_picture(page, "device-pressed-zh")
    page.get_by_test_id("press-tick").click()
    expect(page.get_by_test_id("press-ended")).to_contain_text("已打勾")

    page.get_by_test_id("do-replace").click()
    page.get_by_role("button", name=f"用 {SPARE} 更换").click()
    expect(page.get_by_test_id("device-replaced")).to_contain_text(SPARE)
    open_device(page, SPARE, SPARE)
    expect(page.get_by_test_id("device-serves")).to_contain_text(OWNER)
    assert demo.operators[0].get("/incidents", state="open")[0]["mode"] == "test"
