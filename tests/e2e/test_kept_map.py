"""A seat that is opened anew while nobody can be asked for a map has the ground that its browser was given last, and says of when."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import STORY, Faults, Picture, Seat

pytestmark = STORY

MAPS = "**/api/v1/regions/*/map"
AWAY = '{"error":{"code":"database_away","message":"The database does not answer.","params":{}}}'


def refuse(route: Route) -> None:
    """As the alarm process does it for the office while the database is silent."""
    route.fulfill(
        status=503, headers={"Retry-After": "2"}, content_type="application/json", body=AWAY
    )


def opened_anew(page: Page) -> Page:
    page.route(MAPS, refuse)
    page.reload()
    return page


@pytest.mark.parametrize(
    ("language", "says"), [("zh-CN", "本机保存的"), ("en", "kept by this browser")]
)
def test_a_seat_has_its_ground_without_anybody_to_ask(
    seat: Seat, accessibility_faults: Faults, keep_picture: Picture, language: str, says: str
):
    page = seat("operator", language)
    with page.expect_response(MAPS) as answered:
        page.reload()
    assert answered.value.ok
    drawn = page.locator(".flat__building")
    expect(drawn.first).to_be_visible()
    kept = page.get_by_test_id("map-kept")
    expect(kept).not_to_be_attached()
    count = drawn.count()

    opened_anew(page)
    expect(kept).to_contain_text(says)
    expect(drawn).to_have_count(count)
    assert accessibility_faults(page) == []
    keep_picture(page, f"kept-map-{language}")

    page.unroute(MAPS)
    expect(kept).not_to_be_attached(timeout=20_000)
    expect(drawn).to_have_count(count)
