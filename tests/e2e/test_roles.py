"""Every role lands where it has something to do, and whoever may see alarms sees them on top of every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from callcenter.auth.permissions import Role
from callcenter.demo.community.users import PASSWORD, users
from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, log_in
from tests.support.show import Api, Demo

pytestmark = STORY

LANDING = {
    Role.OPERATOR: "#/",
    Role.SUPERVISOR: "#/",
    Role.DISPATCHER: "#/desk",
    Role.GRID_WORKER: "#/(places|residents)",
    Role.COMMUNITY_WORKER: "#/(places|residents)",
    Role.RESPONDER: "#/start",
    Role.CAREGIVER: "#/start",
    Role.VOLUNTEER: "#/start",
    Role.PROVIDER: "#/start",
    Role.OFFICIAL: "#/live",
    Role.ADMINISTRATOR: "#/residents",
    Role.AUDITOR: "#/audit",
}
"""Where each begins; what several share is looked at by axe once a language."""

OUR_PASSWORD = "one more long phrase"
GROUNDS = {"dark": "深色", "light": "浅色"}

# Whatever lies on top at the middle of it and at both its ends.
ON_TOP = """strip => {
  const { left, right, top, bottom } = strip.getBoundingClientRect()
  return [left + 2, (left + right) / 2, right - 2].every((x) => strip.contains(document.elementFromPoint(x, (top + bottom) / 2)))
}"""


@pytest.fixture
def logins(demo: Demo) -> Iterator[dict[Role, str]]:
    """A log-in for each role; those that the demo has not are made by its administrator."""
    known = {user.role: user.login for user in reversed(users())}
    administrator = Api(demo.console, "admin")
    [grant] = administrator.get("/me")["grants"]
    there = {user["login"] for user in administrator.get("/users")["users"]}
    for role in set(Role) - known.keys():
        known[role] = f"only-{role.value.replace('_', '-')}"
        if known[role] not in there:
            grants = [{"role": role.value, "region_id": grant["region_id"]}]
            name = {"name": "仲晓", "name_en": "Zhong Xiao"}
            administrator.post(
                "/users", login=known[role], password=OUR_PASSWORD, grants=grants, **name
            )
    yield known
    administrator.close()


def test_each_role_lands_on_its_page_in_both_languages(
    logins: dict[Role, str],
    demo: Demo,
    open_page: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
):
    page = open_page("zh-CN")
    page.goto(f"{demo.console}/?lang=zh-CN")
    looked_at: set[str] = set()
    for role, address in LANDING.items():
        of_the_demo = logins[role] in {user.login for user in users()}
        log_in(page, logins[role], PASSWORD if of_the_demo else OUR_PASSWORD)
        expect(page).to_have_url(re.compile(rf"{address}(\?.*)?$"))
        expect(page.locator("main h1, main.seat").first).to_be_visible()
        if address not in looked_at:
            look_at_it_in_both_languages(page, role, accessibility_faults, keep_picture)
        looked_at.add(address)
        page.locator(".bar__side button").last.click()
        expect(page.locator("#login-name")).to_be_visible()
        page.goto(f"{demo.console}/?lang=zh-CN#/")


def look_at_it_in_both_languages(page: Page, role: Role, faults: Faults, keep: Picture) -> None:
    """In Chinese on a dark ground, in English on a light one."""
    whole = page.locator("html")
    for language, ground, other in (("zh-CN", "dark", "en"), ("en", "light", "zh-CN")):
        expect(whole).to_have_attribute("lang", language)
        choose_theme(page, ground)
        assert faults(page) == [], (role, language)
        keep(page, f"lands-{role.value}-{language}")
        page.locator(".bar button[lang]").click()
        expect(whole).to_have_attribute("lang", other)


def choose_theme(page: Page, ground: str) -> None:
    """By the button, which goes round: dark, light, as the system."""
    button, names = page.get_by_test_id("theme"), re.compile(rf"{ground}|{GROUNDS[ground]}")
    while not names.search(button.get_attribute("aria-label") or ""):
        before = button.get_attribute("aria-label") or ""
        button.click()
        expect(button).not_to_have_attribute("aria-label", before)
    expect(page.locator("html")).to_have_attribute("data-theme", ground)


def pages_of(page: Page) -> list[str]:
    """The addresses of all pages, as somebody finds them who goes through the areas."""
    found: list[str] = []
    expect(page.locator(".rail__area").first).to_be_visible()
    for area in page.locator(".rail__area").all():
        area.click()
        expect(area).to_have_attribute("aria-current", "true")
        links = page.locator(".bar__link").all() or [area]
        found += [link.get_attribute("href") or "" for link in links]
    return found


@pytest.mark.parametrize(("login", "ground"), [("supervisor", "dark"), ("community", "light")])
def test_a_waiting_alarm_stands_on_top_of_every_page(
    demo: Demo,
    open_page: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
    login: str,
    ground: str,
):
    page = open_page("en")
    page.goto(f"{demo.console}/?lang=en")
    log_in(page, login)
    addresses = pages_of(page)
    choose_theme(page, ground)
    assert {"#/", "#/incidents", "#/residents"} <= set(addresses)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    strip = page.get_by_test_id("alarm-strip")
    for address in addresses:
        if address != "#/":
            page.goto(f"{demo.console}/?lang=en{address}")
            expect(page.locator("main")).to_be_visible()
            expect(strip).to_contain_text("Yin Huifang")
            assert strip.evaluate(ON_TOP), address
    assert accessibility_faults(page) == []
    keep_picture(page, f"strip-{ground}-en")
    if login == "community":  # T takes what one may take, and else leads there
        page.locator("main h1").click()
        page.keyboard.press("t")
    else:
        page.get_by_test_id("to-queue").click()
    expect(page.get_by_role("heading", name="Yin Huifang")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, f"alarm-{ground}-en")


def test_an_auditor_answers_a_family_and_finds_the_trail_unbroken(
    demo: Demo, open_page: OpenPage, accessibility_faults: Faults, keep_picture: Picture
):
    demo.operators[0].get("/residents", q="沈玉兰")
    page = open_page("zh-CN")
    page.goto(f"{demo.console}/?lang=zh-CN")
    log_in(page, "auditor")
    page.get_by_test_id("audit-person").fill("syl")
    page.get_by_test_id("audit-resident").filter(has_text="沈玉兰").click()
    expect(page).to_have_url(re.compile(r"#/audit\?resident=\d+$"))
    expect(page.get_by_test_id("audit-row").filter(has_text="林晓雯").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("谁查看过沈玉兰")

    page.get_by_test_id("chain-open").click()
    page.get_by_test_id("chain-check").click()
    expect(page.get_by_test_id("chain-result")).to_contain_text("没有缺失")
    assert accessibility_faults(page) == []
    keep_picture(page, "audit-zh")
    page.get_by_test_id("audit-export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV").click()
    assert download.value.suggested_filename == "audit.csv"

    page.goto(f"{demo.console}/?lang=zh-CN#/proof")
    page.get_by_test_id("proof-ask").click()
    expect(page.get_by_test_id("proof-chains").get_by_role("heading")).to_contain_text("✓")
    expect(page.get_by_test_id("proof-page")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "proof-zh")
