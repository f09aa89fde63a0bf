"""With animations on the camera flies while the profile takes its room: it must still arrive at the home."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY, OpenPage, log_in
from tests.support.show import Demo

pytestmark = STORY

# Software drawing makes a frame or two a second.
FLIGHT_LIMIT_MS = 60_000
ARRIVED = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting')?.getBoundingClientRect()
  const [x, y] = dot ? [dot.x + dot.width / 2, dot.y + dot.height / 2] : [0, 0]
  return dot && x > stage.left && x < stage.right && y > stage.top && y < stage.bottom
    && Math.abs(x - (stage.left + stage.right) / 2) < stage.width / 4
}"""


def test_the_red_dot_is_inside_the_map(demo: Demo, open_page: OpenPage):
    here = open_page(width=1920, height=1080, motion=True)
    here.goto(demo.console)
    log_in(here, "operator")
    here.get_by_test_id("start-duty").click()
    expect(here.locator("[data-map=idle]")).to_be_visible(timeout=FLIGHT_LIMIT_MS)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    here.wait_for_function(ARRIVED, timeout=FLIGHT_LIMIT_MS)
