"""Every page in both languages, for everybody, from this server alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Playwright, Response, expect

from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, log_in
from tests.support.asterisk import installed
from tests.support.show import Demo, running_demo

pytestmark = STORY

LANGUAGES = ("zh-CN", "en")
# Whatever a person reads or hears: texts, names for screen readers, hints.
READ = """() => {
  const texts = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement
    if (at.closest('[lang^=zh]:not(html), script, style') || !at.checkVisibility()) continue
    texts.push(walk.currentNode.textContent)
  }
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    if (each.closest('[lang^=zh]:not(html)')) continue
    texts.push(...['aria-label', 'title', 'placeholder'].map((name) => each.getAttribute(name) ?? ''))
  }
  return texts.filter((text) => text.trim())
}"""
KEY = re.compile(
    r"\b(seat|login|map|residents|demo|duty|devices|sources|gateways|telephone|filing|linesnow)\.[a-z_]+(\.[a-z_]+)*\b"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WORDS_OF_A_COUNTRY = {"zh-CN": re.compile(r"[\u4e00-\u9fff]"), "en": re.compile(r"[A-Za-z]{4}")}


class Reader:
    """Reads a page as its user does. Chinese on an English page may only be what the server has told: names and notes."""

    def __init__(self, page: Page, language: str, faults: Faults) -> None:
        self.page, self.language, self.faults = page, language, faults
        self.told = ""
        self._answers: list[Response] = []
        page.on("response", self._keep)

    def _keep(self, answer: Response) -> None:
        self._answers.append(answer)

    def _read_answers(self) -> None:
        while self._answers:
            answer = self._answers.pop()
            if "/api/" in answer.url and "json" in answer.headers.get("content-type", ""):
                self.told += json.dumps(answer.json(), ensure_ascii=False)

    def check(self, what: str) -> None:
        """No barrier, no key without text, nothing in the other language."""
        assert self.faults(self.page) == [], what
        texts: list[str] = self.page.evaluate(READ)
        assert any(WORDS_OF_A_COUNTRY[self.language].search(text) for text in texts), what
        assert [text for text in texts if KEY.search(text)] == [], what
        self._read_answers()
        if self.language == "en":
            words = {word for text in texts for word in CHINESE.findall(text)}
            assert {word for word in words if word not in self.told} == set(), what


@pytest.fixture
def reader(open_page: OpenPage, accessibility_faults: Faults) -> Callable[[str, str], Reader]:
    def open_reader(address: str, language: str) -> Reader:
        page = open_page(language)
        made = Reader(page, language, accessibility_faults)
        page.goto(address)
        return made

    return open_reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seat_and_its_dialogs(
    demo: Demo, reader: Callable[[str, str], Reader], language: str, keep_picture: Picture
):
    seen = reader(f"{demo.console}/?lang={language}", language)
    page = seen.page
    expect(page.locator(".login__demo button")).to_have_count(8)
    seen.check("log-in")
    log_in(page, "operator")
    page.get_by_test_id("start-duty").click()
    expect(page.locator(".queue__empty")).to_be_visible()
    seen.check("calm seat")

    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(page.locator(".contact").first).to_be_visible()
    seen.told += json.dumps(demo.operators[0].get("/incidents", state="open"), ensure_ascii=False)
    seen.check("open alarm")
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("call-back")).to_be_visible()
    for tab in ("2", "3", "4"):
        page.keyboard.press(tab)
        seen.check(f"tab {tab}")
    for key, name in {
        "a": "120 card",
        "w": "worker",
        "s": "safe",
        "h": "hand over",
        "x": "close",
        "?": "keys",
    }.items():
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        seen.check(name)
        keep_picture(page, f"dialog-{name.replace(' ', '-')}-{language}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_residents_and_import(
    demo: Demo, reader: Callable[[str, str], Reader], language: str, keep_picture: Picture
):
    seen = reader(f"{demo.console}/?lang={language}", language)
    page = seen.page
    log_in(page, "admin")
    expect(page.locator(".bar")).to_be_visible()
    page.goto(f"{demo.console}/?lang={language}#/residents")
    expect(page.locator(".rows button").first).to_be_visible()
    seen.check("residents")
    page.locator(".rows button").first.click()
    expect(page.locator("form").first).to_be_visible()
    seen.check("a resident")
    keep_picture(page, f"residents-{language}")
    page.goto(f"{demo.console}/?lang={language}#/import")
    expect(page.locator("input[accept*=xlsx]")).to_be_attached()
    seen.check("import")
    page.goto(f"{demo.console}/?lang={language}#/devices?standing=silent")
    page.get_by_test_id("device-row").first.get_by_role("button").click()
    page.get_by_test_id("do-press").click()
    expect(page.get_by_test_id("press-begin")).to_be_visible()
    seen.check("a device")
    keep_picture(page, f"device-{language}")
    for name, shown in (("sources", "source"), ("gateways", "gateway"), ("strangers", "stranger")):
        page.goto(f"{demo.console}/?lang={language}#/{name}")
        expect(
            page.get_by_test_id(shown).or_(page.get_by_test_id("strangers-none")).first
        ).to_be_visible()
        seen.check(name)
        keep_picture(page, f"{name}-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_page(
    demo: Demo, reader: Callable[[str, str], Reader], language: str, keep_picture: Picture
):
    seen = reader(f"{demo.devices}/?lang={language}", language)
    page = seen.page
    page.set_viewport_size({"width": 1090, "height": 900})
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(page.locator(".phone").first).to_be_visible()
    seen.check("demo page")
    keep_picture(page, f"demo-{language}")


@pytest.fixture(scope="module")
def with_exchange(playwright: Playwright) -> Iterator[Demo]:
    """A demo whose page is the telephone of everybody outside."""
    installed()
    with running_demo() as demo:
        yield demo


SHORTCUTS_OF_A_TALK = {"Shift+F4": "pass on", "Shift+F8": "keypad", "Shift+F9": "add somebody"}


# The two ends that lie furthest apart.
THEME_OF = {"zh-CN": "light", "en": "dark"}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("language", LANGUAGES)
def test_calls_at_the_seat_from_the_ring_to_what_it_was(
    with_exchange: Demo,
    open_any: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
    language: str,
):
    demo, seat = with_exchange, open_any(language)
    seen = Reader(seat, language, accessibility_faults)
    seat.goto(f"{demo.console}/?lang={language}")
    log_in(seat, "operator")
    seat.get_by_test_id("start-duty").click()
    while seat.locator("html").get_attribute("data-theme") != THEME_OF[language]:
        seat.get_by_test_id("theme").click()
    expect(seat.get_by_test_id("device-test")).to_be_visible()
    seen.check("trial of devices")
    seat.get_by_test_id("device-test-done").click()
    outside = open_any(language)
    outside.goto(f"{demo.devices}/?lang={language}")
    outside.get_by_test_id("outside-hotline").click()
    expect(seat.get_by_test_id("waiting-call")).to_be_visible()
    expect(seat.get_by_test_id("call-profile")).to_be_visible()
    seen.told += json.dumps(demo.operators[0].get("/homes/1/profile"), ensure_ascii=False)
    seen.check("a call waits")
    seat.keyboard.press("F2")
    expect(seat.get_by_test_id("call-hold")).to_be_visible()
    expect(outside.get_by_test_id("outside-call")).to_be_visible()
    seen.check("a talk")
    keep_picture(seat, f"call-{language}")
    for keys, what in SHORTCUTS_OF_A_TALK.items():
        seat.keyboard.press(keys)
        expect(seat.locator(".callbar__below :focus")).to_be_visible()
        seen.check(what)
        seat.keyboard.press("Escape")
    seat.get_by_test_id("call-hold").click()
    expect(seat.get_by_test_id("call-resume")).to_be_visible()
    seen.check("on hold")

    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(seat.get_by_test_id("take")).to_be_visible()
    seat.get_by_test_id("take").click(trial=True)  # in sight, with nothing above it
    seen.told += json.dumps(demo.operators[0].get("/incidents", state="open"), ensure_ascii=False)
    seen.check("an alarm during a talk")
    keep_picture(seat, f"call-and-alarm-{language}")
    demo.make_calm()
    expect(seat.get_by_test_id("take")).to_have_count(0)
    seat.keyboard.press("F9")
    expect(seat.get_by_test_id("after-call")).to_be_focused()
    expect(seat.get_by_test_id("about-praise")).to_be_visible()
    seen.check("what was it")
    seat.get_by_test_id("wrapped-up").click()
    expect(seat.get_by_test_id("call-over")).to_have_count(0)
