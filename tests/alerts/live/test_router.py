"""Who is shown the live figures, and of which regions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from callcenter.alerts.live.reading import LiveReading
from callcenter.api.application import create_api
from tests.alerts.conftest import Desk
from tests.support.api import browser, context_for, person, sign_in


@pytest.fixture
async def app(desk: Desk) -> AsyncIterator[object]:
    live = LiveReading(desk.database, desk.clock, ZoneInfo("Asia/Shanghai"))
    yield create_api(context_for(desk.database, desk.clock, ports={LiveReading: live}))
    await live.close()


@pytest.mark.parametrize(("role", "named"), [("supervisor", True), ("official", False)])
async def test_an_official_sees_numbers_and_a_supervisor_the_incident_too(
    app, desk: Desk, role: str, named: bool
):
    home = await desk.community.home()
    await desk.community.source()
    await desk.community.device("1234", home)
    await desk.reload()
    await desk.press()
    desk.clock.advance(61)
    await person(desk.owner, "boss", (role, desk.community.root))
    async with browser(app) as client:
        await sign_in(client, "boss")
        shown = (await client.get("/api/v1/live")).json()
    assert (shown["today"]["alarms"], shown["late_count"]) == (1, 1)
    assert [level["reached"] for level in shown["service_now"]] == [False, False, False, None]
    assert (shown["longest_waiting"] is not None) is named
    assert len(shown["late"]) == int(named)


async def test_an_operator_and_somebody_of_another_region_see_none_of_it(app, desk: Desk):
    elsewhere = await desk.community.region(desk.community.root, "district", "西柳区")
    await desk.community.source()
    await desk.reload()
    await desk.press("9999")
    await person(desk.owner, "wang", ("operator", desk.community.root))
    await person(desk.owner, "zhao", ("supervisor", elsewhere))
    async with browser(app) as client:
        await sign_in(client, "wang")
        assert (await client.get("/api/v1/live")).status_code == 403
        await sign_in(client, "zhao")
        assert (await client.get("/api/v1/live")).json()["today"]["alarms"] == 0
