"""Working a call over HTTP: who may do what with an incident, what it writes, and whom it tells."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from callcenter.alerts.incident import BY_PEOPLE, SERVED, Outcome
from callcenter.alerts.plans.plan import Whom
from callcenter.core.ids import new_id
from callcenter.devices.signals import Kind
from tests.alerts.conftest import DAUGHTER, NEIGHBOUR, SON, Centre, Seat
from tests.support.api import browser, person, sign_in
from tests.support.community import LONG_AGO
from tests.support.plans import (
    call,
    say,
    send as plan_send,
    text as plan_text,
    write_plan,
    write_version,
)


async def test_take_work_and_close_a_real_emergency(centre: Centre, incident: str):
    wang, desk = centre.wang, centre.desk
    taken = await wang.done(incident, "take")
    assert (taken["state"], taken["taken_by_name"], taken["version"]) == ("taken", "wang同志", 2)
    await wang.done(incident, "steps", step="call_back", result="no_answer")
    await wang.done(incident, "steps", step="ambulance_called", result="done", where="3号门")
    await wang.done(incident, "follow")
    await wang.done(incident, "note", text="女儿在路上")
    assert await wang.refused(incident, "close", outcome="emergency") == (422, "needs_safe")
    closed = await wang.done(
        incident,
        "close",
        outcome="emergency",
        safe_by="沈岚",
        safe_where="市医院",
        safe_where_en="the hospital",
    )
    assert (closed["state"], closed["outcome"], closed["safe_by"]) == (
        "closed",
        "emergency",
        "沈岚",
    )
    kinds = ["opened", "taken", "step", "step", "following", "note", "closed"]
    assert await desk.entries(incident) == kinds
    assert await desk.texts() == [
        (DAUGHTER, "alarm_raised"), (DAUGHTER, "ambulance_called"), (DAUGHTER, "safe_closed"),
    ]  # fmt: skip
    assert desk.board.changes[-1].incident.version == closed["version"] == len(kinds)
    assert [e["kind"] for e in (await wang.detail(incident))["entries"]] == kinds


async def test_of_twenty_takers_exactly_one_wins(centre: Centre, incident: str):
    seats = [centre.wang if n % 2 else centre.li for n in range(20)]
    answers = await asyncio.gather(*(seat.do(incident, "take") for seat in seats))
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    codes = {a.json()["error"]["code"] for a in answers if a.status_code != 200}
    assert codes == {"taken_by_other", "already_yours"}
    winner = winners[0].json()["taken_by_name"]
    named = {a.json()["error"]["params"].get("name") for a in answers if "taken_by_other" in a.text}
    assert named == {winner}
    assert await centre.desk.entries(incident) == ["opened", "taken"]


async def test_a_command_sent_again_changes_nothing_and_gets_the_same_answer(
    centre: Centre, incident: str
):
    command = str(new_id())
    first = await centre.wang.done(incident, "take", command_id=command)
    answers = await asyncio.gather(
        *(centre.wang.done(incident, "take", command_id=command) for _ in range(5))
    )
    assert answers == [first] * 5
    assert await centre.desk.entries(incident) == ["opened", "taken"]


async def test_a_released_incident_waits_and_rings_again(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    released = await centre.wang.done(incident, "release")
    assert (released["state"], released["taken_by"], released["ring"]) == ("waiting", None, 2)
    assert (await centre.li.done(incident, "take"))["taken_by"] == centre.li.user_id


async def test_g9_what_is_handed_over_stays_with_its_taker_until_it_is_taken(
    centre: Centre, incident: str
):
    wang, li = centre.wang, centre.li
    await wang.done(incident, "take")
    offered = await wang.done(incident, "offer", to_user=li.user_id)
    assert (offered["taken_by"], offered["offered_to"]) == (wang.user_id, li.user_id)
    assert (await li.done(incident, "decline"))["offered_to"] is None
    assert await li.refused(incident, "decline") == (403, "not_offered")
    assert await li.refused(incident, "take") == (409, "taken_by_other")
    await wang.done(incident, "offer", to_user=li.user_id)
    taken = await li.done(incident, "take")
    assert (taken["taken_by"], taken["offered_to"]) == (li.user_id, None)
    assert await wang.refused(incident, "close", outcome="test") == (403, "not_the_taker")


async def test_a_supervisor_gives_a_taken_alarm_to_another_operator(centre: Centre, incident: str):
    wang, li, boss = centre.wang, centre.li, centre.boss
    await wang.done(incident, "take")
    why = {"to_user": li.user_id, "reason": "王敏在通话中"}
    assert await li.refused(incident, "reassign", **why) == (403, "needs_supervisor")
    assert await boss.refused(incident, "reassign", to_user=li.user_id) == (422, "reason_needed")
    given = await boss.done(incident, "reassign", **why)
    assert (given["state"], given["taken_by"], given["ring"]) == ("taken", li.user_id, 2)
    assert await wang.refused(incident, "close", outcome="test") == (403, "not_the_taker")
    detail = await li.detail(incident)
    assert detail["entries"][-1]["data"]["reason"] == "王敏在通话中"
    assert detail["milestones"]["taken"] == detail["entries"][1]["at"]


async def test_nobody_is_offered_what_they_cannot_see(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    other = await centre.desk.community.region(centre.desk.community.root, "district", "西柳区")
    stranger = await person(centre.desk.owner, "zhao", ("operator", other))
    official = await person(centre.desk.owner, "qian", ("official", centre.desk.community.root))
    for user_id in (stranger, official, 9999):
        assert (await centre.wang.do(incident, "offer", to_user=user_id)).status_code == 404
    assert await centre.wang.refused(incident, "offer", to_user=centre.wang.user_id) == (
        409,
        "already_theirs",
    )


async def test_following_and_back_to_work(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    assert (await centre.wang.done(incident, "follow"))["state"] == "following"
    assert (await centre.wang.done(incident, "resume"))["state"] == "taken"
    assert await centre.wang.refused(incident, "resume") == (409, "wrong_state")


async def test_the_next_contacts_are_asked_in_their_order_and_then_nobody(
    centre: Centre, incident: str
):
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "tell-next")
    await centre.wang.done(incident, "tell-next")
    assert await centre.desk.texts() == [
        (DAUGHTER, "alarm_raised"), (SON, "can_you_go"), (NEIGHBOUR, "can_you_go"),
    ]  # fmt: skip
    assert await centre.wang.refused(incident, "tell-next") == (409, "nobody_to_tell")
    nobody = {"outcome": "nobody_reached", "note": "门锁着"}
    assert await centre.wang.refused(incident, "close", **nobody) == (403, "needs_supervisor")
    await centre.boss.done(incident, "close", **nobody)
    assert sorted((await centre.desk.texts())[3:]) == [
        (DAUGHTER, "nobody_reached"), (SON, "nobody_reached"), (NEIGHBOUR, "nobody_reached"),
    ]  # fmt: skip


async def test_where_families_are_told_after_confirmation_they_are_told_then(centre: Centre):
    await centre.desk.owner.execute("UPDATE region SET sms_policy = 'after_confirmation'")
    await centre.desk.reload()
    incident = (await centre.desk.press()).incident_id
    assert await centre.desk.texts() == []
    assert await centre.wang.refused(incident, "confirm") == (403, "not_the_taker")
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "confirm")
    await centre.wang.done(incident, "confirm")  # nobody is told twice
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_an_ambulance_may_be_called_without_telling_anybody(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    for said in ({"result": "no_answer"}, {"result": "done", "tell_contacts": False}):
        await centre.wang.done(incident, "steps", step="ambulance_called", **said)
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_a_step_with_a_stranger_s_contact_is_refused(centre: Centre, incident: str):
    home = await centre.desk.community.home()
    other = await centre.desk.community.resident(home)
    contact = await centre.desk.community.contact(other, phone="+8613900000077")
    await centre.wang.done(incident, "take")
    answer = await centre.wang.do(
        incident, "steps", step="contact_called", result="reached", contact_id=contact
    )
    assert answer.status_code == 404


EXPECTED_TEXT = {
    Outcome.EMERGENCY: "safe_closed",
    Outcome.ASSISTANCE: "safe_closed",
    Outcome.MISTAKEN_PRESS: "safe_closed",  # it was confirmed, but nobody has phoned
}


@pytest.mark.parametrize("outcome", sorted(BY_PEOPLE - SERVED))
async def test_every_outcome_closes_and_tells_how_it_ended(
    centre: Centre, incident: str, outcome: Outcome
):
    await centre.boss.done(incident, "take")
    closed = await centre.boss.done(
        incident, "close", outcome=outcome, safe_by="老人本人", safe_where="家中", note="见录音"
    )
    assert closed["outcome"] == outcome
    assert (await centre.desk.texts())[1:] == [
        (DAUGHTER, EXPECTED_TEXT.get(outcome, "closed_other"))
    ]
    assert await centre.wang.refused(incident, "take") == (409, "wrong_state")


async def test_g9_there_is_no_outcome_by_default_and_no_close_without_a_taker(
    centre: Centre, incident: str
):
    assert (await centre.wang.do(incident, "close")).status_code == 422
    assert await centre.wang.refused(incident, "close", outcome="test") == (409, "wrong_state")
    await centre.wang.done(incident, "take")
    assert (await centre.wang.do(incident, "close")).status_code == 422
    assert (await centre.wang.do(incident, "close", outcome="")).status_code == 422
    assert await centre.desk.entries(incident) == ["opened", "taken"]


async def test_help_that_nobody_confirmed_safe_is_not_called_safe(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "close", outcome="assistance")
    assert (await centre.desk.texts())[-1] == (DAUGHTER, "closed_other")


async def test_a_press_into_a_taken_incident_rings_again_and_keeps_its_taker(
    centre: Centre, incident: str
):
    await centre.wang.done(incident, "take")
    centre.desk.board.users = {centre.wang.user_id}
    await centre.desk.press()
    shown = (await centre.wang.detail(incident))["incident"]
    assert (shown["state"], shown["ring"], shown["press_count"]) == ("taken", 2, 2)
    assert shown["taken_by"] == centre.wang.user_id


async def test_an_unknown_caller_becomes_known_and_so_is_the_next_press(centre: Centre):
    desk, wang = centre.desk, centre.wang
    incident = (await desk.press("9999")).incident_id
    await wang.done(incident, "take")
    shown = await wang.done(incident, "assign", resident_id=centre.resident)
    assert shown["home_id"] is not None
    assert shown["card"]["people"][0]["name"] == "沈玉兰"
    assert (DAUGHTER, "alarm_raised") in await desk.texts()
    assert desk.directory_changes
    connection = await desk.database.connect("sweep")
    await desk.registry.sweep(connection)
    await connection.close()
    joined = await desk.press("9999")
    assert (joined.outcome, joined.incident_id) == ("joined", incident)
    assert await wang.refused(incident, "assign", resident_id=centre.resident) == (
        409,
        "already_assigned",
    )


async def test_a_device_that_serves_another_home_by_then_keeps_it_and_its_region(centre: Centre):
    """Somebody has registered it while it was an unknown caller on the board."""
    desk, wang = centre.desk, centre.wang
    incident = (await desk.press("9999")).incident_id
    await wang.done(incident, "take")
    other = await desk.community.home(address="榆荫里9号楼")
    device = await desk.community.device("9999", other)
    elsewhere = await desk.community.region(desk.community.root, "district", "西柳区")
    await desk.owner.execute("UPDATE device SET region_id = $1", elsewhere)
    await wang.done(incident, "assign", resident_id=centre.resident)
    row = await desk.owner.fetchrow(
        "SELECT region_id, home_id FROM device JOIN device_assignment ON device_id = device.id WHERE device.id = $1",
        device,
    )
    assert tuple(row) == (elsewhere, other)


async def test_an_unknown_caller_of_a_home_with_an_open_alarm_is_not_merged_silently(
    centre: Centre, incident: str
):
    unknown = (await centre.desk.press("9999")).incident_id
    assert await centre.wang.refused(unknown, "assign", resident_id=centre.resident) == (
        409,
        "home_has_incident",
    )
    assert await centre.desk.entries(unknown) == ["opened"]


async def test_g8_an_incident_of_another_region_is_not_found(centre: Centre, incident: str):
    region = await centre.desk.community.region(centre.desk.community.root, "district", "西柳区")
    user_id = await person(centre.desk.owner, "zhao", ("operator", region))
    async with browser(centre.app) as client:
        await sign_in(client, "zhao")
        stranger = Seat(client, user_id)
        assert (await stranger.do(incident, "take")).status_code == 404
        assert (await client.get(f"/api/v1/incidents/{incident}")).status_code == 404
        assert (await client.get("/api/v1/incidents")).json() == []
    assert await centre.desk.entries(incident) == ["opened"]


async def test_commands_in_a_storm_of_presses_lose_nothing(centre: Centre, incident: str):
    """Notes and joined presses for one incident at the same time: versions without a gap."""
    await centre.wang.done(incident, "take")
    centre.desk.board.users = {centre.wang.user_id}

    async def insist(text: str) -> None:
        while (await centre.wang.do(incident, "note", text=text)).status_code in (409, 503):
            await asyncio.sleep(0.01)

    await asyncio.gather(
        *(insist(f"{n}") for n in range(20)), *(centre.desk.press() for _ in range(20))
    )
    kinds = await centre.desk.entries(incident)
    assert (kinds.count("note"), kinds.count("joined")) == (20, 20)
    shown = (await centre.wang.detail(incident))["incident"]
    assert (shown["version"], shown["press_count"]) == (42, 21)


async def test_the_numbers_to_call_are_those_of_the_place_also_for_a_stranger(centre: Centre):
    """The source of the stranger's device lies at the root, the home in its street."""
    desk = centre.desk
    await desk.owner.execute(
        "UPDATE region SET ambulance_number = '0999-120' WHERE parent_id IS NULL"
    )
    await desk.owner.execute(
        "UPDATE region SET fire_number = '0999-119' WHERE id = $1", desk.community.street
    )
    stranger = (await desk.press("9999")).incident_id
    known = (await desk.press()).incident_id
    for incident, fire in ((stranger, "119"), (known, "0999-119")):
        numbers = (await centre.wang.detail(incident))["numbers"]
        assert (numbers["ambulance"], numbers["fire"], numbers["police"]) == (
            "0999-120",
            fire,
            "110",
        )


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        ([Kind.SOS], "ambulance"),
        ([Kind.SOS, Kind.SMOKE], "fire"),
        ([Kind.GAS], "fire"),
        ([Kind.INTRUSION], "police"),
    ],
)
async def test_the_card_that_the_alarm_asks_for_comes_first(
    centre: Centre, kinds: list[Kind], first: str
):
    for kind in kinds:
        incident = (await centre.desk.press(kind=kind)).incident_id
    services = (await centre.wang.detail(incident))["services"]
    assert services[0] == first
    assert sorted(services) == ["ambulance", "fire", "police"]


async def test_each_service_that_was_called_is_a_step_of_its_own(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    for step in ("fire_called", "police_called"):
        await centre.wang.done(incident, "steps", step=step, result="done")
    said = [one["data"].get("step") for one in (await centre.wang.detail(incident))["entries"]]
    assert said[-2:] == ["fire_called", "police_called"]
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]


async def test_the_page_tells_which_outcomes_need_a_reason_until_a_step_explains_them(
    centre: Centre, incident: str
):
    await centre.wang.done(incident, "take")
    told = (await centre.wang.detail(incident))["needs_reason"]
    assert sorted(told) == ["false_alarm", "mistaken_press", "nobody_reached"]
    await centre.wang.done(incident, "steps", step="call_back", result="reached")
    assert (await centre.wang.detail(incident))["needs_reason"] == []


# ---- the action plan


async def plan_of(centre: Centre, incident: str) -> dict[str, Any]:
    answer = await centre.wang.client.get(f"/api/v1/incidents/{incident}/plan")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_plan_and_previews_say_at_once_that_they_wait_for_the_database(
    centre: Centre, incident: str
):
    centre.away.is_away = lambda: True
    client, path = centre.wang.client, f"/api/v1/incidents/{incident}"
    for answer in (
        await client.get(f"{path}/plan"),
        await client.post(f"{path}/tell-next/preview", json={}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "waits_for_database")


async def test_an_incident_keeps_the_version_of_its_take(centre: Centre, incident: str):
    wang, owner = centre.wang, centre.desk.owner
    plan = await write_plan(owner, say("old"), resident=centre.resident)
    before = await plan_of(centre, incident)
    assert (before["plan_id"], before["started_at"]) == (plan, None)
    await wang.done(incident, "take")
    await write_version(owner, plan, 2, say("new"))
    running = await plan_of(centre, incident)
    assert (running["version"], running["steps"][0]["id"]) == (1, "old")
    assert (running["resident_id"], running["other"]["version"]) == (centre.resident, 2)
    await wang.done(incident, "release")
    await centre.li.done(incident, "take")
    assert (await plan_of(centre, incident))["version"] == 1
    await centre.li.done(incident, "plan")
    chosen = await plan_of(centre, incident)
    assert (chosen["version"], chosen["other"]) == (2, None)
    assert await centre.li.refused(incident, "plan") == (409, "plan_holds_already")
    assert (await centre.desk.entries(incident))[-1] == "plan_chosen"


async def test_a_graver_alarm_brings_its_own_plan_with_the_next_take(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    await centre.desk.press(kind=Kind.SMOKE)
    running = await plan_of(centre, incident)
    assert (running["name_en"], running["other"]["name_en"]) == ("Call for help", "Smoke, gas")
    await centre.li.done(incident, "take")
    assert (await plan_of(centre, incident))["name_en"] == "Smoke, gas"


async def test_one_click_is_the_step_of_the_call_and_of_the_plan(centre: Centre, incident: str):
    wang, owner = centre.wang, centre.desk.owner
    steps = (
        call("back", "first", "first"),
        call("first", "text", whom=Whom.CONTACT, rank=2),
        plan_text("text", "go"),
        plan_send("go"),
    )
    await write_plan(owner, *steps, region=centre.desk.community.street)
    daughter, son = [
        row["id"] for row in await owner.fetch("SELECT id FROM contact ORDER BY rank LIMIT 2")
    ]
    await wang.done(incident, "take")

    async def stands_on() -> str | None:
        current: str | None = (await plan_of(centre, incident))["standing"]["current"]
        return current

    await wang.done(incident, "steps", step="call_back", result="no_answer")
    assert await stands_on() == "first"
    called = {"step": "contact_called", "result": "reached"}
    await wang.done(incident, "steps", **called, contact_id=daughter)
    assert await stands_on() == "first"
    await wang.done(incident, "steps", **called, contact_id=son)
    assert await stands_on() == "text"
    await wang.done(incident, "tell-next")
    assert await stands_on() == "go"
    await wang.done(incident, "steps", step="worker_sent", result="done")
    assert await stands_on() is None
    assert (await plan_of(centre, incident))["standing"]["undone"] == []
    entries = (await wang.detail(incident))["entries"]
    assert [e["data"]["plan_step"] for e in entries if "plan_step" in e["data"]] == [
        "back", None, "first", "text", "go",
    ]  # fmt: skip


async def test_an_ambulance_is_recorded_whatever_the_plan_says(centre: Centre, incident: str):
    """A plan that only a newer server can read is no reason to lose what was done."""
    await centre.desk.owner.execute(
        "INSERT INTO incident_plan VALUES ($1, 1, 77, 1, 'sos', $2)", incident, LONG_AGO
    )
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "steps", step="ambulance_called", result="done")
    assert await centre.wang.refused(incident, "plan-steps", step="a") == (409, "no_plan")


async def test_only_who_has_the_incident_answers_its_plan(centre: Centre, incident: str):
    await centre.wang.done(incident, "take")
    await centre.wang.done(incident, "plan-steps", step="call", answer="reached")
    answer = {"step": "ask", "answer": "1"}
    assert await centre.li.refused(incident, "plan-steps", **answer) == (403, "not_the_taker")
    assert await centre.wang.refused(incident, "plan-steps", step="call") == (409, "plan_moved_on")
    standing = (await plan_of(centre, incident))["standing"]
    assert (standing["current"], standing["answers"]) == ("ask", ["1", "2", "3"])
    assert [(one["step"], one["answer"], one["by"]) for one in standing["done"]] == [
        ("call", "reached", "wang同志")
    ]
