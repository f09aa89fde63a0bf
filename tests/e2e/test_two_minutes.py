"""The two minutes that a civic official is shown, as written, on the demo page with the console beside it."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Page, expect

from tests.e2e.conftest import LOUD, SILENT, STORY, OpenPage, Picture, log_in
from tests.support.show import Demo

pytestmark = STORY


def test_two_minutes_with_a_killed_server_lose_nothing(
    demo: Demo, open_page: OpenPage, keep_picture: Picture
):
    page = open_page(width=1900, height=1000)
    page.goto(f"{demo.devices}/?lang=zh-CN")
    console = page.frame_locator("iframe")
    expect(page.get_by_text("无需互联网")).to_be_visible()
    log_in(console, "operator")
    console.get_by_test_id("start-duty").click()
    expect(console.locator(SILENT)).to_be_attached()  # the test tone has ended
    pendant = page.get_by_role("article", name="沈玉兰的挂件")
    the_key_is_pressed(page, console, keep_picture)
    it_is_taken_and_she_answers(page, console)
    the_ambulance_is_called(console)
    [before] = demo.operators[0].get("/incidents", state="open")
    known = demo.operators[0].get(f"/incidents/{before['id']}")["entries"]

    page.get_by_role("button", name="强行杀掉服务器").click()
    expect(page.get_by_text("服务器已停")).to_be_visible()
    pendant.get_by_role("button").click()
    expect(pendant).to_contain_text(re.compile("发送中，第 [2-9] 次"))
    expect(pendant).not_to_contain_text("已收到")
    expect(console.get_by_test_id("link-lost")).to_be_visible()
    expect(console.locator(LOUD)).to_be_attached()
    keep_picture(page, "two-minutes-killed-zh")

    page.get_by_role("button", name="重新启动服务器").click()
    expect(page.get_by_text("服务器运行中")).to_be_visible(timeout=60_000)
    expect(pendant).to_contain_text(re.compile("已收到|有人接警"), timeout=30_000)
    expect(console.get_by_test_id("link-lost")).to_be_hidden()
    # Rings again at its taker; or for all, where the press came in before the console was back.
    answer = console.get_by_test_id("noticed").or_(console.get_by_test_id("take"))
    expect(answer).to_be_visible()
    expect(console.locator(LOUD)).to_be_attached()
    [after] = demo.operators[0].get("/incidents", state="open")
    told = demo.operators[0].get(f"/incidents/{after['id']}")["entries"]
    assert after["id"] == before["id"]
    assert told[: len(known)] == known
    keep_picture(page, "two-minutes-back-zh")
    answer.click()
    expect(console.locator(SILENT)).to_be_attached()

    she_is_safe_and_it_is_closed(page, console)
    with page.context.expect_page() as opened:
        console.get_by_role("link", name="打印").click()
    expect(opened.value.locator("body")).to_contain_text("沈玉兰")
    keep_picture(page, "two-minutes-end-zh")


def the_key_is_pressed(page: Page, console: FrameLocator, keep_picture: Picture) -> None:
    page.get_by_role("article", name="沈玉兰的挂件").get_by_role("button").click()
    expect(console.locator("button.dot--waiting")).to_have_count(1)
    expect(console.locator(LOUD)).to_be_attached()
    expect(console.locator(".elevation__cell.is-lit")).to_have_count(1)
    expect(console.locator(".head")).to_contain_text("抗凝药")
    expect(console.locator(".head")).to_contain_text("邓桂香有钥匙")
    expect(page.get_by_role("article", name="周晓梅的手机")).to_contain_text("发出紧急求助")
    stages = page.locator(".acks > li").first
    for stage in ("已存盘", "已看见", "在响铃"):
        expect(stages.get_by_role("listitem").filter(has_text=stage)).to_contain_text(
            re.compile(r"\d (ms|s)")
        )
    keep_picture(page, "two-minutes-pressed-zh")


def it_is_taken_and_she_answers(page: Page, console: FrameLocator) -> None:
    console.get_by_test_id("take").click()
    console.get_by_test_id("call-back").click()
    console.get_by_role("menuitem", name=re.compile("无人接")).click()
    expect(console.get_by_test_id("call-back")).to_contain_text("无人接")
    daughter = page.get_by_role("article", name="周晓梅的手机")
    daughter.get_by_role("button", name=re.compile("^1")).click()
    expect(console.get_by_test_id("coming")).to_be_visible()


def the_ambulance_is_called(console: FrameLocator) -> None:
    console.get_by_test_id("ambulance").click()
    card = console.get_by_test_id("ambulance-card")
    expect(card.locator(".card120__tiles dd")).to_have_text(["2", "5", "501"])
    card.locator(".btn--primary").click()
    expect(console.get_by_test_id("ambulance")).to_contain_text("已完成")


def she_is_safe_and_it_is_closed(page: Page, console: FrameLocator) -> None:
    console.get_by_test_id("close").click()
    closing = console.get_by_role("dialog")
    closing.get_by_role("radio", name=re.compile("真实紧急")).check()
    closing.get_by_test_id("safe-by").fill("女儿周晓梅")
    closing.get_by_test_id("safe-where").fill("市第一医院")
    closing.get_by_role("button", name="办结", exact=True).click()
    expect(console.get_by_text("已办结 · 真实紧急")).to_be_visible()
    expect(page.get_by_role("article", name="周晓梅的手机")).to_contain_text("已确认安全")
    expect(console.locator("button.dot--taken")).to_have_count(0)
    expect(console.locator("button.dot--waiting")).to_have_count(0)
