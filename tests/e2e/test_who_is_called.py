"""A supervisor says who is called when, is refused a landline, and sees what would happen now at a home."""

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

    page.locator("#now-search").fill("syl")
    page.locator("[data-test=now-place]", has_text=found).first.click()
    page.get_by_role("button", name=ask).click()
    expect(page.locator("[data-test=ladder]")).to_contain_text(duty)
    assert accessibility_faults(page) == []
