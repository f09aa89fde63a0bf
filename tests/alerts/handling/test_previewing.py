"""The texts of a command before it is given: word for word those that it sends then, and nothing is written."""

from __future__ import annotations

from tests.alerts.conftest import DAUGHTER, SON, Centre

SHOWN = {
    "contact_name",
    "contact_name_latin",
    "contact_id",
    "recipient",
    "relation",
    "language",
    "kind",
    "text",
}


async def test_closing_shows_the_text_before_its_reason_is_written(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    [draft] = await centre.wang.previews(incident, "close", outcome="nobody_reached")
    assert set(draft) >= SHOWN
    assert (draft["contact_name"], draft["recipient"]) == ("沈岚", "139****0001")
    assert "未能联系上沈玉兰老人" in draft["text"]
    assert await centre.desk.entries(incident) == ["opened", "taken"]
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_it_changes_with_what_is_recorded(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    [before] = await centre.wang.previews(incident, "close", outcome="mistaken_press")
    await centre.wang.done(incident, "steps", step="call_back", result="reached")
    [after] = await centre.wang.previews(incident, "close", outcome="mistaken_press")
    assert (before["kind"], after["kind"]) == ("closed_other", "mistaken_press")


async def test_whom_the_next_question_goes_to(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    [draft] = await centre.wang.previews(incident, "tell-next")
    await centre.wang.done(incident, "tell-next")
    assert (await centre.desk.texts())[-1] == (SON, draft["kind"])


async def test_who_is_told_when_an_unknown_caller_is_named(centre: Centre):
    unknown = (await centre.desk.press("9999")).incident_id
    await centre.wang.done(unknown, "take")
    drafts = await centre.wang.previews(unknown, "assign", resident_id=centre.resident)
    assert [(one["kind"], one["recipient"]) for one in drafts] == [("alarm_raised", "139****0001")]
    assert await centre.desk.texts() == []
    looks = "SELECT count(*) FROM audit_entry WHERE action = 'caller_assigned_previewed'"
    assert await centre.desk.owner.fetchval(looks) == 1


async def test_who_is_told_that_it_was_a_mistake_before_the_reason_is_written(centre: Centre):
    unknown = (await centre.desk.press("9999")).incident_id
    await centre.wang.done(unknown, "take")
    await centre.wang.done(unknown, "assign", resident_id=centre.resident)
    assert await centre.wang.previews(unknown, "unassign") == []  # it has not gone out yet
    await centre.desk.owner.execute("UPDATE sms_message SET state = 'delivered'")
    [draft] = await centre.wang.previews(unknown, "unassign")
    assert (draft["kind"], draft["recipient"]) == ("correction", "139****0001")
    assert "不是沈玉兰老人" in draft["text"]
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_nothing_is_shown_of_a_mistake_that_nobody_has_made(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    answer = await centre.wang.client.post(
        f"/api/v1/incidents/{incident}/unassign/preview", json={}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_assigned")


async def test_what_went_out_already_is_not_announced_again(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    assert await centre.wang.previews(incident, "confirm") == []


async def test_an_ambulance_that_nobody_is_told_of(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    said = {"step": "ambulance_called", "result": "done"}
    [draft] = await centre.wang.previews(incident, "steps", **said)
    assert "已呼叫120" in draft["text"]
    assert await centre.wang.previews(incident, "steps", tell_contacts=False, **said) == []


async def test_who_may_not_give_the_command_is_told_why(centre: Centre, incident: str):
    answer = await centre.wang.client.post(
        f"/api/v1/incidents/{incident}/tell-next/preview", json={}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_the_taker")
