"""Her own plan at the seat, with the keyboard alone and with another alarm ringing; and the page where plans are written."""

from __future__ import annotations

import re
import socket

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOUD, STORY, Faults, OpenPage, Picture, Seat, log_in
from tests.support.show import Api, Demo
from tests.support.wire import dc09, dc09_ack

pytestmark = STORY

LONG = "Maximiliana-Wilhelmina van Oosterhout-Lee"
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('main, dialog, .file__sheet, .plan, .plan-editor .body')]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.className || each.tagName} ${each.scrollWidth} > ${each.clientWidth}`)"""


def press(demo: Demo, pendant: str) -> None:
    with socket.create_connection(("127.0.0.1", demo.dc09_port), timeout=20) as line:
        line.sendall(dc09(pendant, 7))
        assert line.recv(1_000) == dc09_ack(pendant, 7)


def now(page: Page):
    return page.get_by_test_id("plan-text")


def test_the_keyboard_alone_follows_her_own_plan_while_somebody_else_rings(
    demo: Demo, seat: Seat, keep_picture: Picture, accessibility_faults: Faults
):
    here = seat("operator", "zh-CN")
    press(demo, "A103")
    expect(here.locator(".head")).to_contain_text("梁淑贞")
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()
    here.keyboard.press("5")
    expect(now(here)).to_contain_text("不要回拨")
    assert accessibility_faults(here) == []
    here.keyboard.press("1")
    expect(now(here)).to_contain_text("吴秋菊")
    expect(here.get_by_test_id("plan-now").get_by_role("link")).to_be_visible()
    here.keyboard.press("2")
    expect(here.get_by_text("第 2 轮")).to_be_visible()
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator(LOUD)).to_be_attached()
    other = here.locator("[data-incident]", has_text="尹慧芳")
    expect(other).to_be_in_viewport()
    here.keyboard.press("1")
    expect(now(here)).to_contain_text("有人见到她了吗")
    keep_picture(here, "plan-seat-zh")
    other.click(trial=True)  # nothing lies over it
    here.keyboard.press("1")
    expect(now(here)).to_contain_text("记录谁确认平安")
    here.keyboard.press("x")
    closing = here.get_by_role("dialog")
    expect(closing.get_by_test_id("close-undone")).to_contain_text("记录谁确认平安")
    keep_picture(here, "plan-close-zh")
    closing.get_by_role("radio", name=re.compile("测试")).check()
    closing.get_by_role("button", name="办结", exact=True).click()
    expect(here.get_by_text("已办结 · 测试")).to_be_visible()
    [entry, *_] = [
        each
        for incident in demo.operators[0].get("/incidents", state="closed", limit=1)
        for each in demo.operators[0].get(f"/incidents/{incident['id']}")["entries"]
        if each["kind"] == "plan_step"
    ]
    assert entry["data"]["text"].startswith("她双耳失聪")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (683, 720)])
def test_long_names_and_long_steps_have_their_room(
    demo: Demo, seat: Seat, keep_picture: Picture, width: int, height: int
):
    boss = Api(demo.console, "supervisor")
    [resident] = boss.get("/residents", q="尹慧芳")["items"]
    steps = [
        {"id": "ask", "type": "question", "text": "词" * 200, "text_en": f"Ask {LONG}: " + "x" * 200,
         "answers": [{"text": f"{n} {LONG}", "text_en": f"{n} {LONG} " + "y" * 40} for n in range(9)]},
    ]  # fmt: skip
    plan = {"name": LONG, "name_en": LONG, "kinds": ["sos"], "resident_id": resident["id"]}
    if not any(each["name"] == LONG for each in boss.get("/plans")):
        boss.post("/plans", **plan, steps=steps)
    boss.close()
    here = seat("operator", "en", browser="browser_without_webgl", width=width, height=height)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator(".head")).to_be_visible()
    here.get_by_test_id("take").click()
    here.keyboard.press("5")
    expect(now(here)).to_contain_text(LONG)
    here.get_by_test_id("plan-answer-9").scroll_into_view_if_needed()
    keep_picture(here, f"plan-long-{width}-en")
    assert here.evaluate(SIDEWAYS) == []
    here.get_by_test_id("plan-answer-9").click()
    expect(here.get_by_test_id("plan-done")).to_contain_text("8")


def test_a_plan_is_written_played_and_refused_with_its_reason(
    demo: Demo, open_page: OpenPage, keep_picture: Picture, accessibility_faults: Faults
):
    page = open_page("en")
    page.goto(f"{demo.console}/?lang=en#/plans")
    log_in(page, "supervisor")
    page.get_by_test_id("plan-row").filter(has_text="Deaf").click()
    expect(page.get_by_test_id("rehearsal-text")).to_contain_text("do not call her back")
    assert accessibility_faults(page) == []
    assert page.evaluate(SIDEWAYS) == []
    keep_picture(page, "plans-en")
    page.get_by_test_id("play-done").click()
    expect(page.get_by_test_id("rehearsal-text")).to_contain_text("contact no. 1")
    page.keyboard.press("2")
    expect(page.get_by_test_id("rehearsal")).to_contain_text("round 2")
    page.keyboard.press("2")
    expect(page.get_by_test_id("rehearsal-text")).to_contain_text("SMS")

    last = page.get_by_test_id("plan-step").last
    last.get_by_test_id("exit-next").select_option(index=1)
    expect(page.get_by_test_id("plan-flaw").first).to_contain_text("without end")
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("plan-refused")).to_contain_text("cannot be followed")
    keep_picture(page, "plans-refused-en")
    last.get_by_test_id("exit-next").select_option("")
    last.get_by_label("In English").fill("Write down who has seen her")
    expect(page.get_by_test_id("plan-flaw")).to_have_count(0)
    page.get_by_test_id("plan-save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_test_id("plan-versions").locator("summary").click()
    expect(page.get_by_test_id("plan-version")).to_have_count(2)
    expect(page.get_by_test_id("plan-version").first).to_contain_text("Tang Liqun")
