"""Unknown callers of the last month, until somebody says whose they are."""

from __future__ import annotations

from callcenter.devices.signals import Kind
from tests.alerts.conftest import Centre
from tests.support.api import sign_in, trail


async def strangers(centre: Centre) -> list[dict]:
    answer = await centre.boss.client.get("/api/v1/strangers")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_rang_and_who_only_reported_are_listed_the_latest_first(centre: Centre):
    desk = centre.desk
    await desk.press("B777")
    desk.clock.advance(120)
    await desk.press("B777", Kind.FALL)
    desk.clock.advance(60)
    await desk.press("C888", Kind.TEST)
    await desk.press("1234")
    quiet, loud = await strangers(centre)
    assert (quiet["identifier"], quiet["last_kind"], quiet["alarms"]) == ("C888", "test", 0)
    assert (loud["identifier"], loud["calls"], loud["open"]) == ("B777", 2, True)
    assert loud["alarms"] == 1
    assert loud["first_at"] < loud["last_at"]
    assert (await trail(desk.owner))[-1] == ("strangers_listed", "strangers")


async def test_one_that_was_attached_to_a_home_is_no_stranger_any_more(centre: Centre):
    await centre.desk.press("B777")
    home = await centre.desk.owner.fetchval("SELECT id FROM home")
    await centre.desk.community.device("b777", home, centre.resident)
    assert await strangers(centre) == []


async def test_after_a_month_nobody_asks(centre: Centre):
    await centre.desk.press("B777")
    centre.desk.clock.advance(30 * 86_400 + 1)
    await sign_in(centre.boss.client, "boss")
    assert await strangers(centre) == []


async def test_an_operator_does_not_see_the_list(centre: Centre):
    assert (await centre.wang.client.get("/api/v1/strangers")).status_code == 403
