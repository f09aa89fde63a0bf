"""Hundreds and thousands of open alarms, a name of forty letters, a PC without WebGL, the smallest screen: still a tool to work with."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, OpenPage, Picture, Seat, log_in
from tests.support.show import WITHOUT_EXCHANGE, Api, Demo, running_demo
from tests.support.wire import dc09

pytestmark = STORY

LONG_NAME = "阿卜杜拉赫曼·穆罕默德·伊敏江·买买提吐尔逊·阿不都热依木·库尔班尼牙孜江汗"
# A screenful of lines, and a few around it.
MOST_ROWS_DRAWN = 50
CROWD = 2_000
MOST_DOTS = 60
SOMEWHERE = {"lat": 40.001, "lon": 104.001, "datum": "wgs84"}
LATIN_NAME = "Abdurahman Muhammad Iminjan Turson Kurban"


@pytest.fixture
def long_name(demo: Demo) -> Iterator[str]:
    """The device of a resident with a name of forty letters, for this story only."""
    assert len(LONG_NAME) >= 38
    api = Api(demo.console, "supervisor")
    [person] = api.get("/residents", q="尹慧芳")["items"]
    path = f"/residents/{person['id']}"
    version = api.get(path)["version"]
    api.patch(path, name=LONG_NAME, name_latin=LATIN_NAME, version=version)
    yield demo.device_of("尹慧芳", "elder_phone")
    version = api.get(path)["version"]
    api.patch(path, name=person["name"], name_latin=person["name_latin"], version=version)
    api.close()


def test_two_hundred_alarms_and_a_long_name_on_a_small_screen(
    demo: Demo, long_name: str, seat: Seat, keep_picture: Picture
):
    here = seat("operator", browser="browser_without_webgl")
    demo.send(long_name, *(f"unknown pendant {number:03}" for number in range(199)))
    expect(here.get_by_test_id("waiting-count")).to_contain_text("200")
    assert rows_in_sight(here) >= 9
    assert here.locator("[data-incident]").count() < MOST_ROWS_DRAWN
    nothing_sticks_out(here)
    keep_picture(here, "worst-queue-zh")

    # by keyboard alone, from the open profile back to the queue
    here.keyboard.press("Escape")
    here.keyboard.press("q")
    focused = here.locator("[data-incident]:focus")
    expect(focused).to_have_count(1)
    first = focused.get_attribute("data-incident")
    here.keyboard.press("j")
    expect(focused).not_to_have_attribute("data-incident", str(first))
    here.keyboard.press("k")
    expect(focused).to_have_attribute("data-incident", str(first))
    expect(focused).to_contain_text(LONG_NAME)
    here.keyboard.press("t")
    expect(here.get_by_role("heading", name=LONG_NAME)).to_be_visible()
    expect(here.get_by_test_id("call-back")).to_be_visible()
    nothing_sticks_out(here)
    keep_picture(here, "worst-profile-zh")

    here.keyboard.press("a")
    expect(here.get_by_test_id("ambulance-card")).to_be_visible()
    nothing_sticks_out(here)
    keep_picture(here, "worst-120-card-zh")
    here.keyboard.press("Escape")
    here.keyboard.press("x")
    closing = here.get_by_role("dialog")
    closing.get_by_role("radio", name=re.compile("误按")).check()
    closing.get_by_test_id("close-note").fill("坐到按钮上了")
    closing.get_by_role("button", name="办结", exact=True).click()
    expect(here.get_by_text("已办结 · 误按")).to_be_visible()
    expect(here.get_by_test_id("waiting-count")).to_contain_text("199")


def test_a_storm_of_strangers_is_one_row_beside_the_home_that_calls(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    """Sixty pendants that nobody knows, from one address; each is counted, rings, and can be opened."""
    here = seat("operator", browser="browser_without_webgl")
    with socket.create_connection(("127.0.0.1", demo.dc09_port), timeout=20) as line:
        line.sendall(b"".join(dc09(str(7000 + number), number + 1) for number in range(60)))
        expect(here.get_by_test_id("waiting-count")).to_contain_text("60")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_test_id("waiting-count")).to_contain_text("61")
    # two, where the minute has turned meanwhile; and whoever lies open has a row
    assert here.locator("[data-incident]").count() <= 5
    expect(here.locator("[data-incident]").filter(has_text="尹慧芳")).to_be_visible()
    keep_picture(here, "worst-storm-zh")
    storm = here.get_by_test_id("storm").first
    expect(storm).to_contain_text("127.0.0.1")
    storm.click()
    expect(storm).to_have_attribute("aria-expanded", "true")
    here.locator("[data-incident]").filter(has_text="7003").click()
    expect(here.get_by_role("heading", name="未知来电")).to_be_visible()
    expect(here.locator(".head")).to_contain_text("7003")
    nothing_sticks_out(here)
    keep_picture(here, "worst-storm-open-zh")


def test_of_two_hundred_alarms_a_hundred_and_eighty_are_a_storm_closed_with_one_order(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    """The mains fail: one line beneath whoever calls for help, worked by keyboard, taken back once and then carried out."""
    here = seat("supervisor", browser="browser_without_webgl")
    demo.send(*(f"hub {number:03}" for number in range(180)), kind="power_fail")
    expect(here.get_by_test_id("storm-count")).to_have_text("×180")
    demo.send(*(f"unknown pendant {number:03}" for number in range(20)))
    expect(here.get_by_test_id("waiting-count")).to_contain_text("20")
    rows = here.locator("[data-incident]")
    expect(rows.filter(has_text="hub")).to_have_count(0)
    nothing_sticks_out(here)
    here.keyboard.press("Escape")
    here.keyboard.press("b")
    line = here.locator("[data-storm]:focus")
    expect(line).to_have_attribute("aria-expanded", "false")
    keep_picture(here, "worst-power-cut-zh")
    here.keyboard.press("Enter")
    expect(line).to_have_attribute("aria-expanded", "true")
    expect(rows.filter(has_text="hub").first).to_be_visible()
    assert rows.count() < MOST_ROWS_DRAWN
    here.keyboard.press("Enter")

    close_all(here)
    expect(here.get_by_test_id("storm-order")).to_contain_text("秒后全部办结")
    here.keyboard.press("z")
    expect(here.get_by_test_id("storm-close")).to_be_visible()
    close_all(here)
    expect(here.get_by_test_id("storm-line")).to_have_count(0, timeout=60_000)
    expect(here.get_by_test_id("waiting-count")).to_contain_text("20")


def close_all(page: Page) -> None:
    page.get_by_test_id("storm-close").click()
    page.get_by_test_id("storm-words").fill("供电局抢修")
    page.get_by_test_id("storm-submit").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture(scope="module")
def crowded() -> Iterator[Demo]:
    """A demo of its own, ended with its two thousand callers rather than closing each."""
    with running_demo(WITHOUT_EXCHANGE) as demo:
        ids = [f"unknown pendant {number:04}" for number in range(CROWD)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: demo.send(*each, **SOMEWHERE), batched(ids, 100)))
        yield demo


def test_two_thousand_alarms_leave_a_page_that_answers(crowded: Demo, open_page: OpenPage):
    """A screenful of rows in the page, every alarm reachable by key, and the first of them taken."""
    here = open_page(browser="browser_without_webgl")
    here.goto(f"{crowded.console}/?lang=zh-CN")
    log_in(here, "operator")
    here.get_by_test_id("start-duty").click()
    expect(here.get_by_test_id("waiting-count")).to_contain_text(str(CROWD))
    assert here.locator("[data-incident]").count() < MOST_ROWS_DRAWN

    here.keyboard.press("Escape")
    here.keyboard.press("q")
    focused = here.locator("[data-incident]:focus")
    in_list = here.locator("li:has([data-incident]:focus)")
    for key, place in {"j": 2, "End": CROWD, "k": CROWD - 1, "Home": 1}.items():
        here.keyboard.press(key)
        expect(in_list).to_have_attribute("aria-posinset", str(place))
        expect(focused).to_be_in_viewport()
        assert here.locator("[data-incident]").count() < MOST_ROWS_DRAWN
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()
    expect(here.get_by_test_id("waiting-count")).to_contain_text(str(CROWD - 1))
    assert here.locator("button.dot").count() <= MOST_DOTS


def batched(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def rows_in_sight(page: Page) -> int:
    """Rows of the queue that stand whole on the screen."""
    rows: int = page.evaluate(
        """() => {
          const list = document.querySelector('.queue-list__rows').getBoundingClientRect()
          const boxes = [...document.querySelectorAll('[data-incident]')].map((each) => each.getBoundingClientRect())
          return boxes.filter((box) => box.top >= list.top && box.bottom <= list.bottom).length
        }"""
    )
    return rows


def nothing_sticks_out(page: Page) -> None:
    """No sideways scrolling, and no text of the open incident cut off at its edge."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.head *, .row *, .line *, .card120 *, dialog *')]
          .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
          .map((each) => each.className + ' ' + each.textContent.slice(0, 40))"""
    )
    assert cut == []
