"""Makes the pictures of the README, in both languages, from the running demo: `make screenshots`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Page, ViewportSize, expect, sync_playwright

from callcenter.demo.community.users import PASSWORD
from tests.support.show import CHROMIUM, FLAGS, MISSING, ROOT, WITHOUT_EXCHANGE, Demo, running_demo
from tests.support.site_zone import SITE_TIMEZONE

PICTURES = ROOT / "docs/pictures"
LANGUAGES = {
    "zh-CN": ("operator", "沈玉兰的挂件", "沈玉兰"),
    "en": ("operator2", "Shen Yulan", "Shen Yulan"),
}
# The smallest screen that a seat may have.
SCREEN: ViewportSize = {"width": 1366, "height": 768}
MAP_SETTLES_MS = 6_000


def main() -> int:
    """All pictures anew; 1 without a browser."""
    if CHROMIUM is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with running_demo(WITHOUT_EXCHANGE) as demo, _browser() as browser:
        for language in LANGUAGES:
            _take_alarm(browser, demo, language)
            demo.make_calm()
        for language in LANGUAGES:
            _take_queue(browser, demo, language)
            _take_residents(browser, demo, language)
            demo.make_calm()
    with running_demo() as demo, _browser() as browser:
        for language in LANGUAGES:
            _take_call(browser, demo, language)
    return 0


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def _take_alarm(browser: Browser, demo: Demo, language: str) -> None:
    login, pendant, resident = LANGUAGES[language]
    page = _open(browser, f"{demo.devices}/?lang={language}", language)
    beside = page.frame_locator("iframe")
    _log_in(beside, login)
    beside.get_by_test_id("start-duty").click()
    expect(beside.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
    card = page.get_by_role("article", name=re.compile(pendant)).first
    card.get_by_role("button").first.click()
    expect(beside.get_by_role("heading", name=resident)).to_be_visible()
    page.wait_for_timeout(MAP_SETTLES_MS)
    _keep(page, "demo", language)
    page.goto(f"{demo.console}/?lang={language}")
    page.get_by_test_id("start-duty").click()
    expect(page.get_by_role("heading", name=resident)).to_be_visible()
    page.wait_for_timeout(MAP_SETTLES_MS)
    _keep(page, "seat-alarm", language)
    page.keyboard.press("t")
    expect(page.get_by_test_id("call-back")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_test_id("ambulance-card")).to_be_visible()
    _keep(page, "card-120", language)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^(平面|Flat)$")).click()
    expect(page.locator(".flat__entrance.is-own")).to_have_count(1)
    page.wait_for_timeout(MAP_SETTLES_MS)
    _keep(page, "flat-map", language)
    page.context.close()


def _take_queue(browser: Browser, demo: Demo, language: str) -> None:
    """A bad night: several people at once, one of whom nobody knows."""
    page = _open(browser, f"{demo.console}/?lang={language}", language)
    _log_in(page, LANGUAGES[language][0])
    page.get_by_test_id("start-duty").click()
    for resident in ("欧阳素琴", "司马文达", "邵月华", "蒲建业"):
        demo.send(demo.device_of(resident, "elder_phone"))
    demo.send("3301-0042")
    expect(page.get_by_test_id("waiting-count")).to_contain_text("5")
    page.wait_for_timeout(MAP_SETTLES_MS)
    _keep(page, "queue", language)
    page.context.close()


def _take_call(browser: Browser, demo: Demo, language: str) -> None:
    """Somebody rings the hotline from the demo page: who it is, and everything that may be done with the talk."""
    page = _open(browser, f"{demo.console}/?lang={language}", language)
    _log_in(page, LANGUAGES[language][0])
    page.get_by_test_id("start-duty").click()
    page.get_by_test_id("device-test-done").click()
    outside = _open(browser, f"{demo.devices}/?lang={language}", language)
    outside.get_by_test_id("outside-hotline").click()
    page.get_by_test_id("call-take").click()
    expect(page.get_by_test_id("call-hold")).to_be_visible()
    expect(page.get_by_test_id("call-profile")).to_be_visible()
    page.wait_for_timeout(MAP_SETTLES_MS)
    _keep(page, "call", language)
    page.keyboard.press("F9")
    page.get_by_test_id("wrapped-up").click()
    outside.context.close()
    page.context.close()


def _take_residents(browser: Browser, demo: Demo, language: str) -> None:
    page = _open(browser, f"{demo.console}/?lang={language}#/residents", language)
    _log_in(page, "admin")
    page.get_by_role("searchbox").fill("syl")
    expect(page.locator(".rows button")).to_have_count(1)
    page.locator(".rows button").click()
    expect(page.locator("form").first).to_be_visible()
    _keep(page, "residents", language)
    page.context.close()


def _log_in(page: Page | FrameLocator, login: str) -> None:
    page.locator("#login-name").fill(login)
    page.locator("#login-password").fill(PASSWORD)
    page.locator("#login-password").press("Enter")


def _open(browser: Browser, address: str, language: str) -> Page:
    context = browser.new_context(
        locale=language,
        timezone_id=SITE_TIMEZONE,
        viewport=SCREEN,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    return page


def _keep(page: Page, name: str, language: str) -> None:
    path: Path = PICTURES / f"{name}.{language}.png"
    page.screenshot(path=path)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    expect.set_options(timeout=60_000)
    sys.exit(main())
