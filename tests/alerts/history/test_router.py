"""The list of incidents over HTTP, and the way back through the closed ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.alerts.conftest import Centre


async def listed(centre: Centre, **query: str) -> list[dict[str, Any]]:
    answer = await centre.wang.client.get("/api/v1/incidents", params=query)
    rows: list[dict[str, Any]] = answer.json()
    return rows


async def ids(centre: Centre, **query: str) -> list[str]:
    return [row["id"] for row in await listed(centre, **query)]


async def test_lists_are_newest_first_and_by_state(centre: Centre, incident: str):
    centre.desk.clock.advance(1)
    other = str((await centre.desk.press("9999")).incident_id)
    await centre.wang.done(incident, "take")
    assert await ids(centre) == [other, incident]
    assert await ids(centre, state="taken") == [incident]
    assert await ids(centre, state="open", limit="1") == [other]


async def test_the_closed_ones_are_paged_back_through_by_time_and_id(centre: Centre):
    presses = [await centre.desk.press(caller) for caller in ("9999", "9998", "9997")]
    for press in presses:
        await centre.wang.done(press.incident_id, "take")
        await centre.wang.done(press.incident_id, "close", outcome="test")
    met: list[str] = []
    place: dict[str, str] = {}
    while page := await listed(centre, state="closed", limit="1", **place):
        met.append(page[0]["id"])
        place = {"before": page[0]["opened_at"], "before_id": page[0]["id"]}
    assert met == sorted((str(press.incident_id) for press in presses), reverse=True)
    assert await ids(centre, state="open") == []


async def test_a_closed_incident_is_found_again_by_name_and_day(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "close", outcome="test")
    day = centre.desk.clock.now().date()

    async def found(**query: str) -> list[str]:
        answer = await centre.wang.client.get("/api/v1/history", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["next"] is None
        return [row["id"] for row in answer.json()["items"]]

    assert await found(q="沈玉兰", since=str(day - timedelta(days=1)), state="closed") == [incident]
    assert await found(q="沈玉兰", until=str(day - timedelta(days=2))) == []
    assert await found(region_id="999999") == []
    refused = await centre.wang.client.get("/api/v1/history", params={"after": "nonsense"})
    assert refused.json()["error"]["code"] == "bad_cursor"


async def test_who_took_them_is_named_in_english_too(centre: Centre, incident: str):
    taken = await centre.wang.done(incident, "take")
    named = {str(taken["taken_by"]): "wang"}
    page = (await centre.wang.client.get("/api/v1/history")).json()
    assert page["operators"] == named
    assert (await centre.wang.detail(incident))["operators"] == named
