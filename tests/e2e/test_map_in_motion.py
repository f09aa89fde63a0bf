"""With animations on the camera flies while the profile takes its room: it must still arrive at the home, and stay as it is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, OpenPage, Seat, log_in
from tests.support.show import Demo

pytestmark = STORY

# Software drawing makes a frame or two a second.
FLIGHT_LIMIT_MS = 60_000
# In the middle half of the map, sideways, and nowhere near its lower edge.
ARRIVED = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting')?.getBoundingClientRect()
  const [x, y] = dot ? [dot.x + dot.width / 2, dot.y + dot.height / 2] : [0, 0]
  return dot && x > stage.left && x < stage.right && y > stage.top && y < stage.bottom - 10
    && Math.abs(x - (stage.left + stage.right) / 2) < stage.width / 4
}"""
WHOLE = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting')?.getBoundingClientRect()
  return !document.querySelector('#incident') && dot && dot.left >= stage.left && dot.right <= stage.right
    && dot.top >= stage.top && dot.bottom <= stage.bottom
}"""
PLACE = """() => {
  const { x, y } = document.querySelector('button.dot--waiting').getBoundingClientRect()
  return [Math.round(x), Math.round(y)]
}"""


def calm_map(demo: Demo, open_page: OpenPage, width: int, height: int) -> Page:
    here = open_page(width=width, height=height, motion=True)
    here.goto(demo.console)
    log_in(here, "operator")
    here.get_by_test_id("start-duty").click()
    expect(here.locator("[data-map=idle]")).to_be_visible(timeout=FLIGHT_LIMIT_MS)
    return here


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_red_dot_is_inside_the_map_whatever_becomes_of_its_size(
    demo: Demo, open_page: OpenPage, width: int, height: int
):
    here = calm_map(demo, open_page, width, height)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)
    here.set_viewport_size({"width": width - 300, "height": height - 120})
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)
    here.keyboard.press("Escape")
    here.wait_for_function(WHOLE, timeout=FLIGHT_LIMIT_MS)
    here.get_by_test_id("to-queue").click()
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)


def test_a_map_that_was_moved_by_hand_stays_there_until_another_incident_is_opened(
    demo: Demo, seat: Seat
):
    """Without animations: what snapped back would do so at once."""
    here = seat("operator")
    expect(here.locator("[data-map=idle]")).to_be_visible(timeout=FLIGHT_LIMIT_MS)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)
    here.get_by_role("button", name="Zoom out").click()
    here.get_by_role("region", name="社区地图").locator("canvas").press("ArrowRight")
    left_at = here.evaluate(PLACE)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))  # presses again
    expect(here.locator(".head")).to_contain_text("收到 2 次信号")
    assert here.evaluate(PLACE) == left_at

    here.keyboard.press("Escape")
    here.get_by_test_id("to-queue").click()
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)
