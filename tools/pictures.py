"""Makes the pictures of the README, in both languages, from the running demo: `make screenshots`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from callcenter.demo_community.plan import PASSWORD
from tests.support.show import CHROMIUM, FLAGS, MISSING, ROOT, Demo, running_demo

PICTURES = ROOT / "docs/pictures"
LANGUAGES = {
    "zh-CN": ("operator", "沈玉兰的挂件", "沈玉兰"),
    "en": ("operator2", "Shen Yulan", "Shen Yulan"),
}
MAP_SETTLES_MS = 6_000


def main() -> int:
    """All pictures anew; 1 without a browser."""
    if CHROMIUM is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with running_demo() as demo, _browser() as browser:
        for language in LANGUAGES:
            _take_all(browser, demo, language)
            demo.make_calm()
    return 0


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def _take_all(browser: Browser, demo: Demo, language: str) -> None:
    login, pendant, resident = LANGUAGES[language]
    page = _open(browser, f"{demo.devices}/?lang={language}", language)
    beside = page.frame_locator("iframe")
    beside.locator("#login-name").fill(login)
    beside.locator("#login-password").fill(PASSWORD)
    beside.locator("#login-password").press("Enter")
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
    page.keyboard.press("a")
    expect(page.get_by_test_id("ambulance-card")).to_be_visible()
    _keep(page, "card-120", language)
    page.context.close()


def _open(browser: Browser, address: str, language: str) -> Page:
    context = browser.new_context(
        locale=language,
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
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
