"""The list of incidents over HTTP."""

from __future__ import annotations

from tests.alerts.conftest import Centre


async def test_lists_are_newest_first_and_by_state(centre: Centre, incident: str):
    centre.desk.clock.advance(1)
    other = str((await centre.desk.press("9999")).incident_id)
    await centre.wang.done(incident, "take")

    async def ids(**query: str) -> list[str]:
        answer = await centre.wang.client.get("/api/v1/incidents", params=query)
        return [row["id"] for row in answer.json()]

    assert await ids() == [other, incident]
    assert await ids(state="taken") == [incident]
    assert await ids(state="open", limit="1") == [other]
