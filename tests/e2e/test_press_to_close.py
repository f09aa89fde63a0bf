"""The story of the product in a browser: a press rings, is seen, taken, told to the family, answered and closed, and a
second console sees all of it live.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import HEARD, LOUD, SILENT, STORY, Picture, Seat

pytestmark = STORY


def test_a_press_is_worked_until_the_person_is_safe(
    devices: Page, seat: Seat, keep_picture: Picture
):
    here, there = seat("operator", browser="browser"), seat("operator2", "en")
    expect(here.locator(HEARD)).to_be_attached()  # the test tone
    expect(here.locator(SILENT)).to_be_attached()
    keep_picture(here, "seat-calm-zh")

    pendant = devices.get_by_role("article", name="沈玉兰的挂件")
    pendant.get_by_role("button").click()
    it_rings_at_both_seats(here, there)
    expect(pendant).to_contain_text("已收到")
    keep_picture(here, "seat-alarm-zh")
    keep_picture(there, "seat-alarm-en")

    here.keyboard.press("t")
    expect(here.locator(SILENT)).to_be_attached()
    expect(here.locator("button.dot--taken")).to_have_attribute(
        "aria-label", re.compile("501.*已接警")
    )
    expect(there.get_by_text("Lin Xiaowen is working on it")).to_be_visible()
    expect(pendant).to_contain_text("有人接警")
    here.keyboard.press("c")
    here.keyboard.press("2")
    expect(here.get_by_test_id("call-back")).to_contain_text("无人接")

    daughter = devices.get_by_role("article", name="周晓梅的手机")
    expect(daughter).to_contain_text("沈玉兰老人")
    daughter.get_by_role("button", name=re.compile("^1")).click()
    expect(here.get_by_test_id("coming")).to_have_text("正赶来")
    expect(there.get_by_test_id("coming")).to_have_text("on the way")

    here.keyboard.press("n")
    here.get_by_test_id("note-field").fill("女儿在路上，十五分钟")
    here.keyboard.press("Enter")
    there.keyboard.press("3")
    expect(there.get_by_text("女儿在路上，十五分钟")).to_be_visible()
    here.keyboard.press("Escape")
    the_proofs_have_their_milliseconds(here, devices)
    keep_picture(here, "seat-timeline-zh")

    the_ambulance_card_is_read_and_recorded(here, keep_picture)
    expect(daughter).to_contain_text("已呼叫120")
    expect(there.get_by_text(re.compile("Ambulance called: done"))).to_be_visible()

    it_closes_only_with_who_confirmed_safe(here, keep_picture)
    expect(here.locator("button.dot--taken, button.dot--waiting")).to_have_count(0)
    expect(here.locator(".legend li").filter(has_text="已接警")).to_contain_text("0")
    expect(there.get_by_text("Closed · Emergency")).to_be_visible()
    expect(daughter).to_contain_text("已确认安全")
    keep_picture(devices, "demo-after-zh")
    it_prints_as_one_page(here, keep_picture)


def it_rings_at_both_seats(here: Page, there: Page) -> None:
    expect(here.get_by_role("heading", name="沈玉兰")).to_be_visible()
    expect(there.get_by_role("heading", name="Shen Yulan")).to_be_visible()
    expect(here.locator(".head")).to_contain_text("抗凝药")
    expect(here.locator(".head")).to_contain_text("邓桂香有钥匙")
    expect(there.locator(".head")).to_contain_text("Deng Guixiang, door 502, has the key")
    expect(here.locator("button.dot--waiting")).to_have_attribute(
        "aria-label", re.compile("501.*待接警")
    )
    expect(here.locator(LOUD)).to_be_attached()
    expect(there.locator(LOUD)).to_be_attached()
    expect(here).to_have_title(re.compile("等待接警"))
    expect(there).to_have_title(re.compile("waiting"))


def the_proofs_have_their_milliseconds(here: Page, devices: Page) -> None:
    expect(here.locator(".proofs__stage--done")).to_have_count(4)
    expect(here.locator(".proofs")).to_contain_text(re.compile(r"响铃\s*\+[\d.]+ (毫秒|秒)"))
    stages = devices.locator(".acks > li").first
    for stage in ("已存盘", "已看见", "在响铃", "已接警"):
        expect(stages.get_by_role("listitem").filter(has_text=stage)).to_contain_text(
            re.compile(r"\d (ms|s)")
        )


def the_ambulance_card_is_read_and_recorded(here: Page, keep_picture: Picture) -> None:
    here.keyboard.press("a")
    card = here.get_by_test_id("ambulance-card")
    expect(card.locator(".card120__tiles dd")).to_have_text(["2", "5", "501"])
    asked = card.locator(".card120__lines dt").all_inner_texts()
    assert asked[:3] == ["怎么进", "谁开门", "年龄、性别"]
    expect(card).to_contain_text("邓桂香有钥匙")
    expect(card).to_contain_text("83岁")
    expect(card).to_contain_text("青霉素")
    expect(card).to_contain_text("华法林")
    keep_picture(here, "seat-120-card-zh")
    card.locator(".btn--primary").click()
    expect(card).to_be_hidden()
    expect(here.get_by_test_id("ambulance")).to_contain_text("已完成")


def it_closes_only_with_who_confirmed_safe(here: Page, keep_picture: Picture) -> None:
    here.keyboard.press("x")
    closing = here.get_by_role("dialog")
    submit = closing.get_by_role("button", name="办结", exact=True)
    expect(closing.get_by_role("radio", checked=True)).to_have_count(0)
    submit.click()
    expect(closing.get_by_role("alert")).to_contain_text("请先选择一个结果")
    closing.get_by_role("radio", name=re.compile("真实紧急")).check()
    submit.click()
    expect(closing.get_by_role("alert")).to_contain_text("谁确认平安")
    closing.get_by_test_id("safe-by").fill("女儿周晓梅")
    submit.click()
    expect(closing.get_by_role("alert")).to_contain_text("谁确认平安")
    closing.get_by_test_id("safe-where").fill("市第一医院")
    keep_picture(here, "seat-close-zh")
    submit.click()
    expect(here.get_by_text("已办结 · 真实紧急")).to_be_visible()


def it_prints_as_one_page(here: Page, keep_picture: Picture) -> None:
    with here.context.expect_page() as opened:
        here.get_by_role("link", name="打印").click()
    paper = opened.value
    for words in ("沈玉兰", "7号楼2单元", "女儿在路上，十五分钟", "真实紧急", "市第一医院"):
        expect(paper.locator("body")).to_contain_text(words)
    keep_picture(paper, "print-zh")
    paper.emulate_media(media="print")
    # A4 at 96 dpi with 15 mm margins: what is higher spills onto a second page.
    paper.set_viewport_size({"width": 680, "height": 1008})
    expect(paper.locator("body")).to_be_visible()
    assert paper.evaluate("document.body.scrollHeight") <= 1008
