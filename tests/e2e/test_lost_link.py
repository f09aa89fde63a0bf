"""A console that no longer hears its server says so loudly, and is right again by itself."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOUD, SILENT, STORY, Picture, Seat

pytestmark = STORY


def test_a_lost_line_is_loud_and_nothing_is_lost_with_it(
    devices: Page, seat: Seat, keep_picture: Picture
):
    here = seat("operator")
    expect(here.locator(SILENT)).to_be_attached()
    devices.get_by_role("button", name="强行杀掉服务器").click()
    expect(here.get_by_test_id("link-lost")).to_be_visible()
    expect(here.locator(LOUD)).to_be_attached()
    keep_picture(here, "seat-link-lost-zh")

    pendant = devices.get_by_role("article", name="梁淑贞的挂件")
    pendant.get_by_role("button").click()
    expect(pendant).to_contain_text(re.compile("发送中，第 [2-9] 次"))
    expect(pendant).not_to_contain_text("已收到")
    devices.get_by_role("button", name="重新启动服务器").click()

    expect(pendant).to_contain_text("已收到", timeout=60_000)
    expect(here.get_by_test_id("link-lost")).to_be_hidden()
    expect(here.get_by_test_id("waiting-count")).to_contain_text("1")
    expect(here.get_by_role("heading", name="梁淑贞")).to_be_visible()
    expect(here.locator("button.dot--waiting")).to_have_count(1)
    expect(here.locator(LOUD)).to_be_attached()
    expect(here.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
