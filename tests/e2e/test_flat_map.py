"""Maps where there is nothing to draw them with, or nothing to draw."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import STORY, Faults, Picture, Seat
from tests.support.show import Demo

pytestmark = STORY


def test_a_pc_without_webgl_sees_the_alarm_from_above_and_the_door_from_the_side(
    demo: Demo, seat: Seat, keep_picture: Picture, accessibility_faults: Faults
):
    here = seat("operator", browser="browser_without_webgl")
    expect(here.locator(".flat__building")).to_have_count(20)
    expect(here.locator("canvas.maplibregl-canvas")).to_have_count(0)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator("button.dot--waiting")).to_have_attribute("aria-current", "true")
    expect(here.locator(".flat__entrance.is-own")).to_have_count(1)
    expect(here.locator(".elevation__cell.is-lit")).to_have_count(1)
    expect(here.locator(".elevation__number")).not_to_be_empty()
    assert accessibility_faults(here) == []
    keep_picture(here, "seat-flat-map-zh")


def test_a_caller_far_from_every_map_stands_on_a_plain_grid(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    here = seat("operator", "en")
    demo.send("a phone on its way", lat=41.5, lon=105.5, datum="wgs84")
    expect(here.get_by_role("heading", name="Unknown caller")).to_be_visible()
    expect(here.locator(".flat__grid")).to_be_visible()
    keep_picture(here, "seat-far-away-en")
    expect(here.locator(".head")).to_contain_text("41.50000, 105.50000")
    expect(here.locator(".community-map__address")).to_contain_text("41.50000, 105.50000")
    expect(here.locator("button.dot--waiting")).to_be_in_viewport()
    keep_picture(here, "seat-far-away-en")
