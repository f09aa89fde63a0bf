"""A supervisor says who is called when, is refused a landline, and sees what would happen now at a home; and who speaks what."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage

pytestmark = STORY


@pytest.mark.parametrize(
    ("language", "found", "ask", "duty"),
    [
        ("zh-CN", "沈玉兰", "看看现在会怎样", "值班手机发短信"),
        ("en", "Shen Yulan", "What would happen now", "Duty phones are texted"),
    ],
)
def test_the_policy_is_refused_at_its_field_saved_and_tried(
    open_page: OpenPage,
    demo: Demo,
    accessibility_faults: Faults,
    language: str,
    found: str,
    ask: str,
    duty: str,
) -> None:
    page = open_page(language)
    page.goto(f"{demo.console}/?lang={language}#/policies")
    page.locator(".login__demo .btn", has_text="admin").click()
    page.locator("[data-test=priority-1] input[type=checkbox]").set_checked(True)
    page.locator("#policy-1-again_s").fill("5")
    page.keyboard.press("Control+s")
    expect(page.locator("#policy-1-again_s")).to_be_focused()
    expect(page.locator("#policy-1-again_s-note")).to_contain_text("30")
    assert accessibility_faults(page) == []

    page.locator("[data-test=priority-1] input[type=checkbox]").set_checked(False)
    page.locator("[data-test=duty-add]").click()
    page.keyboard.type("0571-88886666")
    page.keyboard.press("Control+s")
    expect(page.locator("#duty-problem")).to_contain_text("0571-88886666")
    page.locator(".duty .line button").last.click()

    page.locator("#policy-says-ambulance_number").fill("one two")
    page.keyboard.press("Control+s")
    expect(page.locator("#policy-says-ambulance_number")).to_be_focused()
    expect(page.locator("#policy-says-ambulance_number-note")).to_have_role("alert")
    assert accessibility_faults(page) == []

    page.locator("#now-search").fill("syl")
    page.locator("[data-test=now-place]", has_text=found).first.click()
    page.get_by_role("button", name=ask).click()
    expect(page.locator("[data-test=ladder]")).to_contain_text(duty)
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_languages_are_kept_and_call_policies_refused_by_the_keyboard_alone(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults, language: str
) -> None:
    page = open_page(language)
    page.goto(f"{demo.console}/?lang={language}#/team")
    page.locator(".login__demo .btn", has_text="supervisor").click()
    first = page.locator("[data-test=operator]").first
    first.locator("input").fill("粤语")
    page.keyboard.press("Enter")
    expect(first.locator(".skills")).to_contain_text("粤语")
    assert accessibility_faults(page) == []
    first.locator(".skills button", has_text="粤语").press("Enter")
    expect(first.locator("input")).to_be_focused()
    expect(first.locator(".skills")).not_to_contain_text("粤语")

    page.goto(f"{demo.console}/?lang={language}#/calls")
    page.locator("[data-test=tab-policies]").press("Enter")
    page.locator("[data-test=calls-policy-well_being] input").press("Space")
    page.locator("#calls-well_being-horizon_min").fill("5")
    page.keyboard.press("Control+s")
    expect(page.locator("#calls-well_being-horizon_min")).to_be_focused()
    expect(page.locator("#calls-well_being-horizon_min-note")).to_contain_text("30")
    assert accessibility_faults(page) == []
