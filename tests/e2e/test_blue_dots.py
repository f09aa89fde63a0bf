"""Where everybody is: on a desk by keyboard, on a wall for a whole room, and never above an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from math import cos, sin

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, Seat, log_in
from tests.support.on_duty import OnDuty, on_duty
from tests.support.show import Demo

pytestmark = STORY

# Of the canvas of the field: how much of it is drawn, and whether anything is at a point of the page.
DRAWN = """(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  .reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0)"""
AT = """(canvas, [x, y]) => { const box = canvas.getBoundingClientRect(), sharp = canvas.width / box.width
  return canvas.getContext('2d').getImageData((x - box.left) * sharp, (y - box.top) * sharp, 1, 1).data[3] }"""


@pytest.fixture
def crew(demo: Demo) -> Iterator[OnDuty]:
    crew = on_duty(demo, 200)
    yield crew
    crew.off_duty()


def everywhere(crew: OnDuty, turn: float = 0) -> dict[int, tuple[float, float]]:
    """In rings around the homes."""
    return {
        one: (
            crew.lat + 0.0009 * sin(n + turn) * (1 + n % 3),
            crew.lng + 0.0012 * cos(n + turn) * (1 + n % 3),
        )
        for n, one in enumerate(crew.staff)
    }


def place_of_alarm(demo: Demo) -> tuple[float, float]:
    api = demo.operators[0]
    [incident] = api.get("/incidents", state="open")
    homes = {dot["home_id"]: dot for dot in api.get("/homes/dots")}
    dot = homes[incident["home_id"]]
    return dot["lat"], dot["lng"]


def test_a_dispatcher_finds_somebody_by_keyboard_and_sees_how_old_it_is(
    demo: Demo, crew: OnDuty, seat: Seat, keep_picture: Picture, accessibility_faults: Faults
):
    crew.are_at(everywhere(crew), age=timedelta(minutes=6))
    here = seat("dispatcher", browser="browser_without_webgl")
    here.wait_for_url(re.compile("#/desk"))
    opens = here.get_by_test_id("field-open")
    expect(opens).to_contain_text(re.compile("2[0-9]{2}"))
    opens.press("Enter")
    listed = here.get_by_test_id("field-list")
    first = here.get_by_test_id("field-row").filter(has_text="护理员").first
    expect(first).to_be_visible()
    while first.get_attribute("aria-selected") != "true":
        listed.press("ArrowDown")
    chosen = here.get_by_test_id("field-row").and_(here.locator("[aria-selected=true]"))
    card = here.get_by_test_id("field-card")
    expect(card).to_contain_text("上门服务（在路上）")
    expect(card).to_contain_text("6 分钟前的位置")
    expect(chosen.locator(".field-sign--old")).to_have_count(1)

    crew.are_at(everywhere(crew, turn=0.1))
    # asked every 1.5 s, read every 0.5 s
    expect(card).to_contain_text("刚刚的位置", timeout=4_000)
    expect(chosen.locator(".field-sign--old")).to_have_count(0)
    listed.press("Enter")
    day = here.get_by_test_id("day-bar")
    expect(day.get_by_test_id("day-task")).to_have_count(1)
    expect(day.get_by_role("group")).to_have_accessible_name(re.compile("护理员"))
    keep_picture(here, "desk-field-zh")
    assert accessibility_faults(here) == []


def test_lubeis_wall_shows_everybody_and_no_dot_lies_on_an_alarm(
    demo: Demo,
    crew: OnDuty,
    open_page: OpenPage,
    keep_picture: Picture,
    accessibility_faults: Faults,
):
    wall = open_page("en", width=1920, height=1080)
    wall.goto(f"{demo.console}/wall.html?lang=en")
    log_in(wall, "supervisor")
    count = wall.get_by_test_id("field-count")
    expect(count).to_have_text(re.compile(r"^In the field 2\d\d · 2\d\d without a position$"))
    crew.are_at(everywhere(crew))
    expect(count).to_have_text(re.compile(r"^In the field 2\d\d( · \d{1,2} without a position)?$"))
    canvas = wall.locator("canvas.field-canvas")
    wall.wait_for_function(f"(canvas) => ({DRAWN})(canvas) > 10_000", arg=canvas.element_handle())
    spread = canvas.evaluate(DRAWN)

    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    alarm = wall.locator("button.dot--waiting")
    expect(alarm).to_have_count(1)
    crew.are_at(dict.fromkeys(crew.staff, place_of_alarm(demo)))
    wall.wait_for_function(
        f"([canvas, spread]) => ({DRAWN})(canvas) < spread / 4",
        arg=[canvas.element_handle(), spread],
    )
    box = alarm.bounding_box()
    assert box is not None
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert canvas.evaluate(AT, middle) == 0
    assert canvas.evaluate(DRAWN) > 0  # their names stand beside it
    keep_picture(wall, "wall-field-en")
    assert accessibility_faults(wall) == []
