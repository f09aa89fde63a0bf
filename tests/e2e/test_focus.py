"""What a key does is never a surprise: the focus stays where the operator has put it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, OpenPage, Picture, Seat, log_in
from tests.support.show import Demo

pytestmark = STORY


def test_a_new_alarm_neither_replaces_the_open_profile_nor_moves_the_focus(demo: Demo, seat: Seat):
    here = seat("operator")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    here.get_by_test_id("take").click()
    expect(here.get_by_test_id("call-back")).to_be_visible()
    here.keyboard.press("n")
    note = here.get_by_test_id("note-field")
    expect(note).to_be_focused()
    note.press_sequentially("敲门三下")

    demo.send("a pendant that nobody knows")

    expect(here.get_by_test_id("waiting-count")).to_contain_text("1")
    expect(note).to_be_focused()
    expect(note).to_have_value("敲门三下")
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()


def test_after_going_on_duty_neither_enter_nor_space_ends_it(demo: Demo, open_page: OpenPage):
    here = open_page()
    here.goto(demo.console)
    log_in(here, "operator")
    duty = here.get_by_test_id("duty")
    for key in ("Enter", "Space"):
        duty.focus()
        here.keyboard.press(key)
        expect(duty).to_have_attribute("aria-pressed", "true")
        expect(duty).not_to_be_focused()
        here.keyboard.press("Enter")
        here.keyboard.press("Space")
        expect(duty).to_have_attribute("aria-pressed", "true")
        duty.click()  # nothing is open: no question asked
        expect(duty).to_have_attribute("aria-pressed", "false")


def test_leaving_while_alarms_are_open_is_asked_about(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    here: Page = seat("operator")
    demo.send("a pendant that nobody knows")
    expect(here.get_by_test_id("waiting-count")).to_contain_text("1")
    duty = here.get_by_test_id("duty")
    duty.click()
    question = here.get_by_role("dialog", name="还有求助没有办结")
    expect(question).to_contain_text("1 件")
    keep_picture(here, "seat-leave-zh")
    here.keyboard.press("Enter")  # the safe answer has the focus
    expect(question).to_be_hidden()
    expect(duty).to_have_attribute("aria-pressed", "true")
    duty.click()
    question.get_by_test_id("leave").click()
    expect(duty).to_have_attribute("aria-pressed", "false")


def test_whoever_waits_stays_in_sight_on_every_page(demo: Demo, seat: Seat):
    here = seat("operator")
    here.get_by_role("link", name="档案").click()
    search = here.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("shen")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))

    strip = here.get_by_test_id("alarm-strip")
    expect(strip).to_contain_text("尹慧芳")
    expect(search).to_be_focused()
    expect(search).to_have_value("shen")
    here.get_by_test_id("to-queue").click()
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    expect(strip).to_be_hidden()


def test_what_is_closed_gives_way_to_whoever_calls_next_by_one_key(demo: Demo, seat: Seat):
    here = seat("operator")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_test_id("take")).to_be_visible()
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()
    here.keyboard.press("x")
    closing = here.get_by_role("dialog")
    closing.get_by_role("radio", name="测试").check()
    demo.send(demo.device_of("欧阳素琴", "elder_phone"))
    expect(closing.get_by_test_id("waiting-line")).to_contain_text("欧阳素琴")
    closing.get_by_role("button", name="办结", exact=True).click()
    expect(closing).to_have_count(0)
    expect(here.get_by_text("已办结 · 测试")).to_be_visible()
    expect(here.get_by_test_id("alarm-strip")).to_contain_text("欧阳素琴")
    here.keyboard.press("t")
    expect(here.get_by_role("heading", name="欧阳素琴")).to_be_visible()
    expect(here.get_by_test_id("call-back")).to_be_visible()
