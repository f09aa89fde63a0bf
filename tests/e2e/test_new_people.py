"""An administrator makes a region, its duty phone and a colleague, who chooses a password with the slip and is at work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Demo, Faults, OpenPage, Picture

pytestmark = STORY

PASSWORD = "one more long phrase"


def enter(page: Page, demo: Demo, path: str, language: str) -> None:
    """By one press on the demo's list of log-ins."""
    page.goto(f"{demo.console}/?lang={language}#{path}")
    page.locator(".login__demo .btn", has_text="admin").click()


def test_a_new_colleague_in_a_new_region_logs_in_with_a_slip(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    admin = open_page("zh-CN")
    enter(admin, demo, "/regions", "zh-CN")
    found_a_region(admin)
    put_a_phone_on_duty(admin)
    assert accessibility_faults(admin) == []
    keep_picture(admin, "regions-zh")
    login, code = add_a_colleague(admin, accessibility_faults)
    keep_picture(admin, "users-zh")

    colleague = open_page("zh-CN")
    colleague.goto(f"{demo.console}/?lang=zh-CN#/slip?login={login}&code={code}")
    expect(colleague.locator("#slip-password")).to_be_focused()
    assert accessibility_faults(colleague) == []
    colleague.locator("#slip-password").fill(PASSWORD)
    colleague.locator("#slip-again").fill(PASSWORD)
    colleague.get_by_test_id("slip-enter").click()
    expect(colleague.get_by_test_id("start-duty")).to_be_visible()


def found_a_region(admin: Page) -> None:
    expect(admin.get_by_test_id("region-save")).to_be_visible()
    admin.get_by_test_id("region-new").click()
    admin.locator("#new-region-name").fill("柳荫里社区")
    admin.locator("#new-region-level").select_option("community")
    admin.locator("#new-region-code").fill("620902001")
    admin.get_by_test_id("region-add").click()
    expect(admin.get_by_text("区划代码为12位数字。")).to_be_visible()
    admin.locator("#new-region-code").fill("620902001003")
    admin.get_by_test_id("region-add").click()
    expect(admin.get_by_role("heading", name="柳荫里社区")).to_be_visible()
    expect(admin.get_by_test_id("region-code")).to_contain_text("620902001003")


def put_a_phone_on_duty(admin: Page) -> None:
    """A landline is refused at its line; the phone is called by the list that is saved."""
    admin.get_by_test_id("duty-add").click()
    number = admin.locator(".duty input[type=tel]")
    expect(number).to_be_focused()
    number.fill("0571-88886666")
    admin.get_by_test_id("calling-save").click()
    expect(admin.locator("#duty-problem")).to_contain_text("0571-88886666")
    number.fill("139 0000 0321")
    admin.get_by_test_id("shift-add").click()
    expect(admin.get_by_test_id("shift")).to_be_visible()
    admin.get_by_test_id("calling-save").click()
    expect(admin.get_by_test_id("calling-saved")).to_be_visible()
    expect(admin.get_by_test_id("duty-now")).to_contain_text("+8613900000321")


def add_a_colleague(admin: Page, accessibility_faults: Faults) -> tuple[str, str]:
    """Log-in and code of their slip."""
    admin.goto(admin.url.partition("#")[0] + "#/users")
    admin.get_by_test_id("user-new").click()
    admin.locator("#new-login").fill("liu.yin")
    admin.locator("#new-name").fill("柳茵")
    place = admin.locator("#new-region option", has_text="柳荫里社区").get_attribute("value")
    admin.locator("#new-region").select_option(place)
    admin.get_by_test_id("user-add").click()
    slip = admin.get_by_test_id("slip")
    expect(slip).to_be_visible()
    assert accessibility_faults(admin) == []
    login, code = (admin.get_by_test_id(f"slip-{part}").inner_text() for part in ("login", "code"))
    admin.get_by_test_id("slip-done").click()
    expect(slip).to_have_count(0)
    expect(admin.get_by_test_id("grant")).to_contain_text("柳荫里社区")
    assert accessibility_faults(admin) == []
    return login, code


@pytest.mark.parametrize(("path", "shown"), [("/users?user=4", "grant"), ("/regions", "duty-now")])
def test_the_pages_of_administration_are_accessible_in_english(
    open_page: OpenPage,
    demo: Demo,
    accessibility_faults: Faults,
    keep_picture: Picture,
    path: str,
    shown: str,
) -> None:
    page = open_page("en")
    enter(page, demo, path, "en")
    expect(page.get_by_test_id(shown).first).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, f"{path.strip('/').partition('?')[0]}-en")
