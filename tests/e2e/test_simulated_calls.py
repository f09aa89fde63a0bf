"""The demo on a machine without an exchange: its page is the telephone of everybody outside, its calls are simulated, and say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.conftest import STORY, Faults, OpenPage, Picture
from tests.support.show import Demo, running_demo

pytestmark = STORY


@pytest.fixture(scope="module")
def alone() -> Iterator[Demo]:
    """As a stranger has it who has fetched no exchange."""
    with running_demo({"ASTERISK_FOLDER": ""}) as demo:
        yield demo


class Visitor:
    """Has the demo page with the console beside it, and is on duty there."""

    def __init__(self, page: Page, demo: Demo, language: str) -> None:
        self.page = page
        self.console: FrameLocator = page.frame_locator("iframe")
        page.goto(f"{demo.devices}/?lang={language}")
        self.console.locator(".login__demo button").first.click()
        self.console.get_by_test_id("start-duty").click()
        self.is_ready()

    @property
    def outside(self) -> Locator:
        return self.page.get_by_test_id("outside-call")

    def is_ready(self) -> None:
        state = self.console.get_by_test_id("phone-state")
        expect(state).to_have_attribute("data-state", "simulated", timeout=30_000)

    def leaves_nothing(self) -> None:
        while self.outside.count():
            before = self.outside.count()
            self.page.get_by_test_id("outside-hang-up").first.click()
            expect(self.outside).not_to_have_count(before)


Visits = Callable[[str], Visitor]


@pytest.fixture
def visits(alone: Demo, open_any: OpenPage) -> Iterator[Visits]:
    came: list[Visitor] = []

    def come(language: str) -> Visitor:
        came.append(Visitor(open_any(language, width=1680, height=1000), alone, language))
        return came[-1]

    yield come
    for each in came:
        each.leaves_nothing()
    alone.start_server()
    alone.make_calm()


def test_a_simulated_call_is_taken_hung_up_and_filed(
    alone: Demo, visits: Visits, accessibility_faults: Faults, keep_picture: Picture
):
    visitor = visits("en")
    page, console = visitor.page, visitor.console
    expect(page.get_by_test_id("outside-simulated")).to_have_text("simulated")
    expect(console.get_by_test_id("phone-simulated")).to_contain_text("nothing is heard")
    page.get_by_test_id("outside-hotline").click()
    waiting = console.get_by_test_id("waiting-call")
    expect(waiting.get_by_test_id("simulated")).to_have_text("simulated")
    expect(waiting).to_contain_text("Shen Yulan")
    expect(visitor.outside).to_contain_text("ringing the centre")
    assert accessibility_faults(page) == []
    keep_picture(page, "simulated-waits-en")
    page.keyboard.press("F2")  # it goes to the console: whoever rang for the elder goes on there
    own = console.get_by_test_id("own-call")
    expect(own.get_by_test_id("simulated")).to_be_visible()
    expect(visitor.outside).to_contain_text("speaking")
    assert accessibility_faults(page) == []
    page.keyboard.press("F9")
    expect(visitor.outside).to_have_count(0)
    panel = console.get_by_test_id("call-over")
    expect(panel.get_by_test_id("simulated")).to_be_visible()
    console.get_by_test_id("about-praise").click()
    expect(panel).to_have_count(0)
    console.locator("body").evaluate("() => { location.hash = '#/hotline' }")
    console.get_by_test_id("part-all").click()
    row = console.get_by_role("row").filter(has_text="Praise").first
    expect(row).to_contain_text("simulated call")
    keep_picture(page, "simulated-filed-en")
    newest = alone.operators[0].get("/hotline/calls", part="all")["items"][0]
    assert (newest["source"], newest["disposition"]) == ("simulated", "praise")


def test_whoever_is_rung_from_the_seat_answers_on_the_page_and_the_ambulance_is_nobody_real(
    visits: Visits,
):
    visitor = visits("zh-CN")
    page, console = visitor.page, visitor.console
    page.get_by_test_id("outside-green").click()
    console.get_by_test_id("call-take").first.click()
    expect(visitor.outside).to_contain_text("通话中")
    console.get_by_test_id("call-add").click()
    console.get_by_test_id("add-120").click()
    ambulance = visitor.outside.filter(has_text="替代号码")
    expect(ambulance).to_contain_text("对方电话在响")
    ambulance.get_by_test_id("outside-answer").click()
    expect(ambulance).to_contain_text("通话中")
    expect(console.get_by_test_id("in-talk")).to_be_visible()
    console.get_by_test_id("call-hang_up").click()
    expect(visitor.outside).to_have_count(0)


def test_a_red_key_that_rings_once_is_an_alarm_and_a_missed_call(
    alone: Demo, visits: Visits, keep_picture: Picture
):
    visitor = visits("zh-CN")
    page, console = visitor.page, visitor.console
    page.get_by_test_id("outside-red").click()
    visitor.outside.get_by_test_id("outside-hang-up").click()
    expect(console.locator("[data-incident]").filter(has_text="沈玉兰")).to_be_visible()
    console.get_by_test_id("missed").click()
    expect(console.get_by_test_id("missed-call").first).to_contain_text("模拟")
    keep_picture(page, "simulated-red-zh")
    opened = alone.operators[0].get("/incidents", state="open", limit=10)
    assert [each["kind"] for each in opened] == ["sos"]


def test_calls_of_a_server_that_is_killed_end_with_it_and_the_next_one_is_taken(
    alone: Demo, visits: Visits
):
    visitor = visits("en")
    page, console = visitor.page, visitor.console
    page.get_by_test_id("outside-hotline").click()
    console.get_by_test_id("call-take").first.click()
    expect(visitor.outside).to_contain_text("speaking")
    page.get_by_role("button", name="Kill the server").click()
    expect(visitor.outside).to_have_count(0)
    expect(page.get_by_test_id("outside-hotline")).to_be_disabled()
    alone.start_server()
    visitor.is_ready()
    ended = alone.operators[0].get("/hotline/calls", part="all")["items"][0]
    assert ended["ended_at"] is not None
    expect(page.get_by_test_id("outside-hotline")).to_be_enabled()
    page.get_by_test_id("outside-hotline").click()
    console.get_by_test_id("call-take").first.click()
    expect(visitor.outside).to_contain_text("speaking")
    expect(console.get_by_test_id("own-call")).to_contain_text(re.compile("Talking"))
