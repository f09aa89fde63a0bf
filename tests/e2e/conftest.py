"""The demo as a newcomer starts it, and a real Chromium in front of it.

Playwright, its browsers and the demo live as long as this package: while Playwright's loop stands, no asynchronous test of
the same process can run. Each story has a browser profile of its own and a calm board.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    FrameLocator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from callcenter.demo.community.users import PASSWORD
from tests.support.show import CHROMIUM, FLAGS, MISSING, ROOT, WITHOUT_EXCHANGE, Demo, running_demo
from tests.support.site_zone import SITE_TIMEZONE

ARTEFACTS = ROOT / "test-artefacts"
AXE = ROOT / "console/node_modules/axe-core/axe.min.js"
AXE_RUN = """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
  .then((found) => found.violations.map((each) => each.id + ': ' + each.nodes[0].html))"""

# A colour that is still fading in has not the contrast that it will have.
UNTIL_STILL = """() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => null)))"""

# Writes on the page what comes out of the loudspeaker. A script of the page: what a test evaluates counts as a click
# of the user, and would by itself allow the sound.
LISTEN = """
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode && !(this instanceof AnalyserNode)) {
    const ear = new AnalyserNode(this.context, { fftSize: 2048 })
    connect.call(this, ear)
    const heard = new Float32Array(ear.fftSize)
    let quiet = 0  // the pauses between the notes are shorter than 30 looks
    setInterval(() => {
      ear.getFloatTimeDomainData(heard)
      const loud = this.context.state === 'running' && heard.some((value) => Math.abs(value) > 0.05)
      quiet = loud ? 0 : quiet + 1
      if (loud) document.documentElement.dataset.heard = 'yes'
      document.documentElement.dataset.sound = quiet > 30 ? 'silent' : 'loud'
    }, 50)
  }
  return connect.call(this, to, ...rest)
}
"""

HEARD, LOUD, SILENT = '[data-heard="yes"]', '[data-sound="loud"]', '[data-sound="silent"]'

STORY = [pytest.mark.chromium, pytest.mark.slow]

OpenPage = Callable[..., Page]
Seat = Callable[..., Page]
Picture = Callable[[Page, str], None]
Faults = Callable[[Page], list[str]]

expect.set_options(timeout=40_000)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Skips with one line where Chromium is not installed; fails where CI is set."""
    if CHROMIUM is None and os.environ.get("CI"):
        pytest.fail(MISSING)
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        yield playwright


@pytest.fixture(scope="package")
def browser_type(playwright: Playwright) -> BrowserType:
    return playwright.chromium


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture(scope="package")
def browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    browser = browser_type.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def browser_without_webgl(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """As on a remote desktop or an old PC."""
    by_software = [one for one in browser_type_launch_args["args"] if "swiftshader" not in one]
    flags = [*by_software, "--disable-gpu", "--disable-3d-apis"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def running() -> Iterator[Demo]:
    with running_demo(WITHOUT_EXCHANGE) as demo:
        yield demo


@pytest.fixture
def demo(playwright: Playwright, running: Demo) -> Iterator[Demo]:
    """The running demo with a calm board; calm again for the next story, whatever became of this one."""
    yield running
    running.start_server()
    running.make_calm()


@pytest.fixture
def open_page(demo: Demo, open_any: OpenPage) -> OpenPage:
    """A page of the demo, which is calm again once all of them are shut."""
    return open_any


@pytest.fixture
def open_any(request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a page in a browser profile of its own, and holds that it logs no error and asks no other host."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        language: str = "zh-CN",
        width: int = 1366,
        height: int = 768,
        browser: str = "browser_without_webgl",
        motion: bool = False,
    ) -> Page:
        chosen: Browser = request.getfixturevalue(browser)
        context = chosen.new_context(
            locale=language,
            timezone_id=SITE_TIMEZONE,  # as at the site: texts and page then tell the same time
            viewport={"width": width, "height": height},
            reduced_motion="no-preference" if motion else "reduce",
        )
        contexts.append(context)
        context.add_init_script(LISTEN)
        context.on("request", lambda asked: complaints.extend(_foreign(asked)))
        context.on("console", lambda said: complaints.extend(_errors(said)))
        context.on("weberror", lambda raised: complaints.append(str(raised.error)))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _foreign(asked: Request) -> Iterator[str]:
    if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", asked.url):
        yield f"asked another host: {asked.url}"


def _errors(said: ConsoleMessage) -> Iterator[str]:
    """Requests that are refused (before log-in) or not answered (server killed) are what the tests are about."""
    expected = "Failed to load resource" in said.text or "WebSocket" in said.text
    if said.type == "error" and not expected:
        yield said.text


@pytest.fixture
def seat(open_page: OpenPage, demo: Demo) -> Seat:
    """Logs in and goes on duty, on whichever page somebody begins."""

    def go_on_duty(login: str, language: str = "zh-CN", **options: object) -> Page:
        page = open_page(language, **options)
        page.goto(f"{demo.console}/?lang={language}")
        log_in(page, login)
        page.get_by_test_id("duty").click()
        expect(page.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
        return page

    return go_on_duty


def log_in(page: Page | FrameLocator, login: str, password: str = PASSWORD) -> None:
    page.locator("#login-name").fill(login)
    page.locator("#login-password").fill(password)
    page.locator("#login-password").press("Enter")


@pytest.fixture
def devices(open_page: OpenPage, demo: Demo) -> Page:
    """The demo page without the console beside it."""
    page = open_page(width=1090, height=900)
    page.goto(f"{demo.devices}/?lang=zh-CN")
    return page


@pytest.fixture
def keep_picture() -> Picture:
    """Keeps a screenshot below test-artefacts/."""

    def keep(page: Page, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png")

    return keep


@pytest.fixture
def accessibility_faults() -> Faults:
    """What axe finds against WCAG 2.2 A and AA; run as a debugger does, so that the page's CSP stays as it is."""

    def faults(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text("utf-8"))
        page.evaluate(UNTIL_STILL)
        found: list[str] = page.evaluate(AXE_RUN)
        return found

    return faults
