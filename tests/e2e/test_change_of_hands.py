"""A page changes hands, is loaded anew, is left: nothing of anybody else stays on it, and nobody is left alone unasked."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import LOUD, SILENT, STORY, Picture, Seat, log_in
from tests.support.show import Demo

pytestmark = STORY


def test_leaving_with_an_own_alarm_is_asked_about_on_every_way_and_the_next_one_sees_nothing(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    here = seat("operator")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    here.get_by_test_id("take").click()
    expect(here.get_by_test_id("call-back")).to_be_visible()
    expect(here.get_by_test_id("phones")).to_be_visible()

    here.on("dialog", Dialog.dismiss)
    with here.expect_event("dialog") as asked:
        here.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    expect(here.get_by_test_id("call-back")).to_be_visible()

    here.get_by_role("button", name="退出登录").click()
    question = here.get_by_role("dialog")
    expect(question).to_contain_text("1 件")
    keep_picture(here, "seat-sign-out-zh")
    question.get_by_test_id("leave").click()
    expect(here.locator("#login-name")).to_be_visible()
    assert "尹慧芳" not in here.content()

    log_in(here, "admin")
    expect(here.locator(".bar")).to_be_visible()
    assert "尹慧芳" not in here.locator(".shell").inner_text()
    expect(here.locator(SILENT)).to_be_attached()


def test_an_own_alarm_lies_open_again_after_loading_anew_however_many_wait(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    here = seat("operator")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    here.get_by_test_id("take").click()
    expect(here.get_by_test_id("call-back")).to_be_visible()
    demo.send(*(f"unknown pendant {number:03}" for number in range(23)))
    expect(here.get_by_test_id("waiting-count")).to_contain_text("23")
    here.on("dialog", lambda dialog: dialog.accept())
    here.reload()
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    first = here.locator(".queue-list__rows [data-incident]").first
    expect(first).to_contain_text("尹慧芳")
    keep_picture(here, "seat-own-on-top-zh")


def test_whoever_waits_is_named_and_taken_from_any_page_and_a_lost_line_is_said_above_a_card(
    demo: Demo, devices: Page, seat: Seat, keep_picture: Picture
):
    here = seat("operator")
    here.get_by_role("link", name="来电").click()
    here.get_by_role("link", name="求助记录").click()
    expect(here.get_by_role("heading", name="求助记录")).to_be_visible()
    here.locator("h1").click()
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_test_id("alarm-strip")).to_contain_text("尹慧芳")
    keep_picture(here, "incidents-zh")
    here.get_by_test_id("to-queue").click()
    here.keyboard.press("Escape")
    expect(here.get_by_test_id("alarm-strip")).to_contain_text("尹慧芳")
    expect(here.locator(LOUD)).to_be_attached()
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()

    here.keyboard.press("a")
    expect(here.get_by_test_id("ambulance-card")).to_be_visible()
    devices.get_by_role("button", name="强行杀掉服务器").click()
    expect(here.locator("dialog").get_by_test_id("link-lost")).to_be_visible()
    expect(here.locator("dialog").get_by_test_id("link-lost")).to_be_in_viewport()
    keep_picture(here, "seat-120-card-lost-zh")
    devices.get_by_role("button", name="重新启动服务器").click()
    expect(here.get_by_test_id("link-lost")).to_have_count(0, timeout=60_000)
    expect(here.get_by_test_id("ambulance-card")).to_be_visible()
