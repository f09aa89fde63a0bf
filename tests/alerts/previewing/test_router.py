"""What a close would write to whom is read before it is carried out."""

from __future__ import annotations

from typing import Any

from tests.alerts.conftest import Centre


async def previewed(centre: Centre, incident: str, **query: str) -> list[dict[str, Any]]:
    path = f"/api/v1/incidents/{incident}/closing-texts"
    answer = await centre.wang.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    texts: list[dict[str, Any]] = answer.json()
    return texts


async def test_the_very_text_of_each_outcome_is_shown_and_nothing_is_sent(
    centre: Centre, incident: str
):
    await centre.wang.done(incident, "take")
    query = {"safe_by": "女儿", "safe_where": "市第一医院"}
    [safe] = await previewed(centre, incident, outcome="emergency", **query)
    [other] = await previewed(centre, incident, outcome="nobody_reached")
    assert "市第一医院" in safe["text"]
    assert "沈玉兰" in other["text"]
    assert safe["text"] != other["text"]
    assert "*" in safe["recipients"][0]
    rows = await centre.desk.owner.fetchval(
        "SELECT count(*) FROM sms_message WHERE kind NOT IN ('alarm_raised', 'can_you_go')"
    )
    assert rows == 0


async def test_a_place_that_is_too_long_is_shown_as_cut_as_it_will_be(
    centre: Centre, incident: str
):
    await centre.wang.done(incident, "take")
    where = "市第一医院急诊楼三层抢救室旁边的观察室" * 5
    [safe] = await previewed(
        centre, incident, outcome="emergency", safe_by="女儿", safe_where=where
    )
    assert where not in safe["text"]
    assert len(safe["text"]) <= 70


async def test_who_was_not_told_is_not_written_to(centre: Centre):
    press = await centre.desk.press("9999")
    assert await previewed(centre, str(press.incident_id), outcome="test") == []
