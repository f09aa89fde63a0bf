"""The seat on narrow and enlarged pages, and in the colours that somebody's system gives."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import STORY, OpenPage, Picture, Seat, log_in
from tests.support.show import Demo

pytestmark = STORY

# What a reader would have to push sideways to read: the page, or a part that scrolls by itself.
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('main, dialog, .modal__body, .card120__body')]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.className || each.tagName} ${each.scrollWidth} > ${each.clientWidth}`)"""


@pytest.mark.parametrize("width", [320, 683, 1024])
def test_enlarged_or_narrow_nothing_scrolls_sideways(
    demo: Demo, seat: Seat, keep_picture: Picture, width: int
):
    here = seat("operator", "en", browser="browser_without_webgl", width=width, height=720)
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator(".head")).to_be_visible()
    for name in ("Seat", "Calls", "Records"):
        here.get_by_role("link", name=re.compile(f"^{name}")).first.click()
        expect(here.locator("main")).to_be_visible()
        keep_picture(here, f"narrow-{width}-{name.lower()}-en")
        assert here.evaluate(SIDEWAYS) == [], name
    here.get_by_role("link", name=re.compile("^Seat")).first.click()
    here.get_by_test_id("take").click()
    expect(here.get_by_test_id("call-back")).to_be_visible()
    for key in ("a", "w", "s", "h", "x", "?"):
        here.keyboard.press(key)
        expect(here.get_by_role("dialog")).to_be_visible()
        assert here.evaluate(SIDEWAYS) == [], key
        here.keyboard.press("Escape")
        expect(here.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1024])
def test_log_in_and_import_do_not_scroll_sideways_either(
    demo: Demo, open_page: OpenPage, keep_picture: Picture, width: int
):
    here = open_page("en", width=width, height=720)
    here.goto(f"{demo.console}/?lang=en")
    expect(here.locator(".login__demo button").first).to_be_visible()
    keep_picture(here, f"narrow-{width}-login-en")
    assert here.evaluate(SIDEWAYS) == []
    log_in(here, "admin")
    here.get_by_role("link", name="Records").click()
    here.get_by_role("link", name="Import").click()
    expect(here.locator("input[accept*=xlsx]")).to_be_attached()
    assert here.evaluate(SIDEWAYS) == []


def test_states_are_to_be_seen_in_the_colours_of_the_system(
    demo: Demo, seat: Seat, keep_picture: Picture
):
    """What only its colour told apart has a shape or a line; nothing is white on white."""
    here = seat("operator", "en", browser="browser_without_webgl")
    here.emulate_media(forced_colors="active")
    here.get_by_role("link", name="Calls").click()
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    strip = here.get_by_test_id("alarm-strip")
    expect(strip).to_be_visible()
    keep_picture(here, "given-colours-en")
    ink, ground = strip.locator(".mark").evaluate(
        "mark => [getComputedStyle(mark).color, getComputedStyle(mark.closest('.alarm-strip')).backgroundColor]"
    )
    assert ink != ground
    here_is, elsewhere = (
        here.get_by_role("link", name=re.compile(name)).first.evaluate(
            "link => getComputedStyle(link).outlineStyle"
        )
        for name in ("^Calls$", "^Records")
    )
    assert (here_is, elsewhere) == ("solid", "none")
