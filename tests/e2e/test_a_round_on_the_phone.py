"""A volunteer walks the milk round with a phone, in English: one door opens, one stays shut, the line is gone, and all of it is told once."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage, Picture
from tests.e2e.test_phone_without_a_line import PHONE, faults_of_whole, let_in, link_for
from tests.support.demo_field import DemoField
from tests.support.site_zone import SITE_TIMEZONE

pytestmark = STORY

_MILK = """
SELECT visit.n, visit.state FROM round_visit AS visit JOIN round_run AS run ON run.id = run_id JOIN round ON round.id = round_id
WHERE round.kind = 'milk' AND run.day = CAST(now() AT TIME ZONE CAST(:zone AS text) AS date) AND visit.n IN (1, 2) ORDER BY visit.n
"""
_CHECKS = "SELECT said, offline FROM round_check WHERE staff_id = :staff ORDER BY occurred_at"


def test_a_milk_round_is_told_once_when_the_line_is_back(
    demo: Demo, open_page: OpenPage, keep_picture: Picture, accessibility_faults: Faults
):
    field = DemoField(demo)
    name = "顾长青"
    [(staff_id,)] = field.rows("SELECT id FROM staff WHERE name = :name", name=name)
    page = open_page("en", **PHONE)
    context = page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 40.8, "longitude": 111.7, "accuracy": 12})
    let_in(page, link_for(name, demo, open_page, keep_picture))
    page.get_by_test_id("tab-rounds").click()
    stops = page.get_by_role("article", name="Morning milk").first.get_by_test_id("phone-stop")
    expect(stops).to_have_count(18)
    keep_picture(page, "phone-round-en")
    assert faults_of_whole(page, accessibility_faults) == []

    context.set_offline(True)
    stops.nth(0).get_by_test_id("done-1").click()
    expect(stops.nth(0)).to_contain_text("not sent yet")
    stops.nth(1).get_by_test_id("nobody-2").click()
    expect(stops.nth(1)).to_contain_text("nobody opened")
    expect(page.get_by_test_id("unsent")).to_contain_text("2 not sent yet")
    keep_picture(page, "phone-round-offline-en")
    page.close()
    page = context.new_page()
    page.goto(f"{demo.console}/m.html")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_test_id("unsent")).to_contain_text("2 not sent yet")
    assert field.rows(_CHECKS, staff=staff_id) == []

    context.set_offline(False)
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    assert field.rows(_CHECKS, staff=staff_id) == [("done", True), ("no_answer", True)]
    assert field.rows(_MILK, zone=SITE_TIMEZONE) == [(1, "done"), (2, "no_answer")]
    calls = "SELECT count(*) FROM round_visit WHERE staff_id = :staff AND call_item_id IS NOT NULL"
    assert field.rows(calls, staff=staff_id) == [(1,)]
    page.get_by_test_id("tab-more").click()
    page.get_by_test_id("language").click()
    page.get_by_test_id("tab-rounds").click()
    expect(page.get_by_test_id("phone-stop").nth(1)).to_contain_text("无人应")
    keep_picture(page, "phone-round-zh")
    assert faults_of_whole(page, accessibility_faults) == []
