"""With animations on the camera flies while the profile takes its room: it must still arrive at the home, and stay as it is left.

Where the processor draws, a frame may take a second: nothing here waits for one, and neither may the map.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Seat
from tests.support.show import Demo

pytestmark = STORY

ARRIVES_MS = 60_000
BETWEEN_LOOKS_MS = 100
# In the middle half of the map, sideways, and nowhere near its lower edge.
AT_THE_HOME = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting')?.getBoundingClientRect()
  const [x, y] = dot ? [dot.x + dot.width / 2, dot.y + dot.height / 2] : [0, 0]
  return dot && x > stage.left && x < stage.right && y > stage.top && y < stage.bottom - 10
    && Math.abs(x - (stage.left + stage.right) / 2) < stage.width / 4
}"""
IN_SIGHT = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting')?.getBoundingClientRect()
  return dot && dot.left >= stage.left && dot.right <= stage.right && dot.top >= stage.top && dot.bottom <= stage.bottom
}"""
FILLS_ITS_ROOM = """() => {
  const [stage, canvas] = ['.community-map__stage', '.map-view canvas'].map((each) => document.querySelector(each).getBoundingClientRect())
  return Math.abs(stage.width - canvas.width) < 1 && Math.abs(stage.height - canvas.height) < 1
}"""
# From the middle of the map, which stays where it was when the map's room grows or moves.
PLACE = """() => {
  const stage = document.querySelector('.community-map__stage').getBoundingClientRect()
  const dot = document.querySelector('button.dot--waiting').getBoundingClientRect()
  return [dot.x - stage.x - stage.width / 2, dot.y - stage.y - stage.height / 2].map(Math.round)
}"""
# The place at which it is seen twice, so many frames apart.
STANDS = f"""async () => {{
  const place = {PLACE}, frames = async (n) => {{ while (n--) await new Promise(requestAnimationFrame) }}
  for (let before = '', now = String(place()); ; now = String(place())) {{
    if (now === before) return place()
    before = now
    await frames(6)
  }}
}}"""


def stands(here: Page, shown: str, where: str) -> None:
    """The map says that it shows this, and so it does, in all the room that it has."""
    says(here, shown, where)
    here.wait_for_function(FILLS_ITS_ROOM, timeout=ARRIVES_MS, polling=BETWEEN_LOOKS_MS)
    says(here, shown, where)


def says(here: Page, shown: str, where: str) -> None:
    expect(here.locator(f"[data-shown='{shown}']")).to_be_attached(timeout=ARRIVES_MS)
    here.wait_for_function(where, timeout=ARRIVES_MS, polling=BETWEEN_LOOKS_MS)


def test_the_red_dot_is_inside_the_map_whatever_becomes_of_its_size(demo: Demo, seat: Seat):
    here = seat("operator", browser="browser", motion=True)
    expect(here.locator("[data-shown=all] canvas.maplibregl-canvas")).to_be_attached()
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    [incident] = demo.operators[0].get("/incidents", state="open")
    stands(here, incident["id"], AT_THE_HOME)
    for width, height in ((1066, 648), (1920, 1080), (1024, 700)):
        here.set_viewport_size({"width": width, "height": height})
        stands(here, incident["id"], AT_THE_HOME)
    here.keyboard.press("Escape")
    stands(here, "all", IN_SIGHT)
    here.keyboard.press("q")
    here.keyboard.press("Enter")
    stands(here, incident["id"], AT_THE_HOME)


def test_a_map_that_was_moved_by_hand_stays_there_until_another_incident_is_opened(
    demo: Demo, seat: Seat
):
    """Without animations: what snapped back would do so at once."""
    here = seat("operator", browser="browser")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    [incident] = demo.operators[0].get("/incidents", state="open")
    stands(here, incident["id"], AT_THE_HOME)
    here.get_by_role("button", name="Zoom out").press("Enter")
    here.get_by_role("region", name="社区地图").locator("canvas.maplibregl-canvas").press(
        "ArrowRight"
    )
    here.wait_for_function(FILLS_ITS_ROOM, timeout=ARRIVES_MS, polling=BETWEEN_LOOKS_MS)
    left_at = here.evaluate(STANDS)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))  # presses again
    expect(here.locator(".head")).to_contain_text("收到 2 次信号")
    here.wait_for_function(FILLS_ITS_ROOM, timeout=ARRIVES_MS, polling=BETWEEN_LOOKS_MS)
    assert here.evaluate(STANDS) == left_at

    here.keyboard.press("Escape")
    here.keyboard.press("q")
    here.keyboard.press("Enter")
    stands(here, incident["id"], AT_THE_HOME)
