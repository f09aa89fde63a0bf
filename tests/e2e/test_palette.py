"""From anywhere to anybody by typing, past an alarm that comes meanwhile, and back to what was half written."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Picture, Seat
from tests.support.show import Demo

pytestmark = STORY


def test_an_alarm_is_looked_at_while_a_record_is_half_written_and_the_record_is_not_lost(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    here = seat("supervisor")
    here.keyboard.press("Control+k")
    palette = here.get_by_role("dialog")
    palette.get_by_test_id("palette-words").fill("yinhuifang")
    expect(palette.get_by_role("option").first).to_contain_text("尹慧芳")
    demo.send(demo.device_of("欧阳素琴", "elder_phone"))
    expect(palette.get_by_test_id("waiting-line")).to_contain_text("欧阳素琴")
    keep_picture(here, "palette-zh")
    here.keyboard.press("Enter")
    expect(here.locator(".editor h2")).to_contain_text("尹慧芳")

    note = here.locator("#resident-form textarea").first
    note.fill("新写的一句话")
    here.get_by_role("link", name="值守").click()
    expect(here.get_by_role("heading", name="欧阳素琴")).to_be_visible()
    expect(here.get_by_test_id("kept")).to_be_attached()
    here.get_by_role("link", name="档案").click()
    expect(note).to_have_value("新写的一句话")

    here.keyboard.press("Escape")
    here.get_by_role("button", name="登记老人").click()
    question = here.get_by_role("dialog")
    expect(question.get_by_test_id("waiting-line")).to_contain_text("欧阳素琴")
    question.get_by_test_id("question-no").click()
    expect(note).to_have_value("新写的一句话")
