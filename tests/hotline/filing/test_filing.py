"""A call is filed with one key: what it was about, who it was, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from callcenter.core.ids import new_id
from tests.support.hotline import CALLER, Hotline, Worker


async def test_an_ended_call_stands_to_be_filed_until_one_key_says_what_it_was(
    hotline: Hotline, wang: Worker
):
    call = await hotline.call(by=wang.user_id)
    [line] = await wang.lists("to_be_filed")
    assert (line["id"], line["waited_s"], line["talked_s"]) == (str(call), 8, 90)
    assert (await wang.get("/counts"))["to_be_filed"] == 1

    shown = await wang.files(call, "policy", note="高龄津贴")

    assert await wang.lists("to_be_filed") == []
    assert (shown["line"]["disposition"], shown["line"]["note"]) == ("policy", "高龄津贴")
    assert [(each["n"], each["user_name"]) for each in shown["filings"]] == [(1, "wang同志")]


async def test_a_call_for_help_becomes_an_incident_of_the_home_and_the_call_knows_it(
    hotline: Hotline, wang: Worker
):
    resident = await hotline.story.home("", name="沈玉兰")
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "fall", attach={"resident_id": resident}, note="在厨房")
    await hotline.look()
    [(subject, kind)] = await hotline.incidents()
    assert (subject.split(":")[0], kind) == ("home", "fall")
    detail = await wang.get(f"/calls/{call}")
    assert detail["line"]["incident_number"] is not None
    assert (await hotline.row(call))["incident_id"] is not None


async def test_help_for_somebody_who_is_not_registered_is_an_incident_of_the_number(
    hotline: Hotline, wang: Worker
):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "alarm_help", note="邻居摔倒了")
    again = await hotline.call(by=wang.user_id, minutes_ago=1)
    await wang.files(again, "alarm_help")
    await hotline.look()
    assert await hotline.incidents() == [(f"caller:office:{CALLER}", "sos")]


async def test_a_number_that_is_none_calls_for_help_all_the_same(hotline: Hotline, wang: Worker):
    raw = {"caller_raw": "8" * 40, "presentation": "malformed"}
    call = await hotline.call(by=wang.user_id, number=None, **raw)
    await wang.files(call, "alarm_help")
    await hotline.look()
    assert [kind for _, kind in await hotline.incidents()] == ["sos"]


async def test_help_for_nobody_at_all_asks_who_it_is(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id, number=None)
    refused = await wang.files(call, "alarm_help", 422)
    assert refused["error"]["code"] == "needs_person"
    assert (await hotline.row(call))["filings"] == 0


async def test_a_red_call_has_its_incident_already(hotline: Hotline, wang: Worker):
    await hotline.story.home("861000000000001")
    incident = await hotline.story.press("861000000000001")
    call = await hotline.call(by=wang.user_id, kind="red", incident_id=incident)
    await wang.files(call, "alarm_help")
    await hotline.look()
    assert len(await hotline.incidents()) == 1


@pytest.mark.parametrize(
    ("key", "kind", "due"),
    [
        ("complaint", "complaint", timedelta(days=3)),
        ("policy_open", "consultation", timedelta(days=1)),
        ("call_again", "follow_up", timedelta(minutes=10)),
        ("home_care", "wish", timedelta(hours=4)),
    ],
)
async def test_a_case_is_due_as_its_key_says(
    hotline: Hotline, wang: Worker, key: str, kind: str, due: timedelta
):
    resident = await hotline.story.home("")
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, key, attach={"resident_id": resident}, note="急")
    [case] = (await wang.get("/cases"))["items"]
    assert (case["kind"], case["name"], case["note"]) == (kind, "沈玉兰", "急")
    row = await hotline.story.owner.fetchrow("SELECT opened_at, due_at FROM hotline_case")
    assert row["due_at"] - row["opened_at"] == due


async def test_a_visit_and_a_repair_are_tasks_at_the_dispatchers_desk(
    hotline: Hotline, wang: Worker
):
    resident = await hotline.story.home("")
    for key, kind in (("visit", "visit"), ("repair", "errand"), ("device_fault", "inspection")):
        call = await hotline.call(by=wang.user_id)
        shown = await wang.files(
            call, key, attach={"resident_id": resident}, note="有糖尿病，别说出去"
        )
        task = await hotline.story.owner.fetchrow(
            "SELECT kind, what, resident_id FROM task WHERE id = $1::uuid", shown["line"]["task_id"]
        )
        assert (task["kind"], task["resident_id"]) == (kind, resident)
        assert "糖尿病" not in task["what"]


async def test_whatever_it_was_somebody_may_be_rung_again_in_some_minutes(
    hotline: Hotline, wang: Worker
):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "health_question", call_again_minutes=20)
    [case] = (await wang.get("/cases"))["items"]
    assert case["kind"] == "follow_up"


async def test_the_same_word_sent_twice_is_one(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    word = str(new_id())
    for _ in range(2):
        shown = await wang.files(call, "complaint", id=word)
    assert len(shown["filings"]) == 1
    assert len((await wang.get("/cases"))["items"]) == 1
    other = await hotline.call(by=wang.user_id)
    assert (await wang.files(other, "complaint", 409, id=word))["error"]["code"] == "id_used"


async def test_who_has_not_seen_the_last_word_is_told(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    li = await hotline.worker("li")
    await li.files(call, "praise")
    refused = await wang.files(call, "prank", 409)
    assert refused["error"]["code"] == "changed_meanwhile"


async def test_filed_anew_keeps_the_old_word_and_takes_back_what_nobody_has_touched(
    hotline: Hotline, wang: Worker
):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "complaint", note="送餐晚了")
    shown = await wang.files(call, "wrong_number", filings=1)
    assert [each["disposition"] for each in shown["filings"]] == ["complaint", "wrong_number"]
    assert (await wang.get("/cases"))["items"] == []
    [done] = (await wang.get("/cases", state="done"))["items"]
    steps = (await wang.get(f"/cases/{done['id']}"))["steps"]
    assert [each["kind"] for each in steps] == ["opened", "withdrawn"]


async def test_a_case_that_somebody_works_on_outlives_its_word(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "complaint")
    [case] = (await wang.get("/cases"))["items"]
    step = {"id": str(new_id()), "version": 1, "kind": "noted", "words": "已联系餐厅"}
    await wang.post(f"/cases/{case['id']}/steps", step)
    await wang.files(call, "praise", filings=1)
    assert [each["state"] for each in (await wang.get("/cases"))["items"]] == ["open"]


async def test_a_word_of_the_same_kind_opens_nothing_twice(hotline: Hotline, wang: Worker):
    resident = await hotline.story.home("")
    call = await hotline.call(by=wang.user_id)
    for n, key in enumerate(("fall", "medical")):
        await wang.files(call, key, filings=n, attach={"resident_id": resident})
    again = await hotline.call(by=wang.user_id)
    for n, key in enumerate(("legal", "policy_open")):
        await wang.files(again, key, filings=n)
    assert await hotline.story.owner.fetchval("SELECT count(*) FROM call_signal") == 1
    assert await hotline.story.owner.fetchval("SELECT count(*) FROM hotline_case") == 1


@pytest.mark.parametrize("state", ["ringing", "waiting", "connecting"])
async def test_what_still_rings_is_about_nothing_yet(hotline: Hotline, wang: Worker, state: str):
    call = await hotline.call(state=state)
    assert (await wang.files(call, "policy", 409))["error"]["code"] == "not_spoken_yet"


async def test_who_speaks_may_file_already(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id, state="talking")
    await wang.files(call, "policy")
    assert (await hotline.row(call))["disposition"] == "policy"


async def test_a_group_and_what_is_not_offered_are_no_words(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    assert (await wang.files(call, "care", 422))["error"]["code"] == "is_a_group"
    assert (await wang.files(call, "missed", 422))["error"]["code"] == "not_offered"
    await wang.files(call, "house_painting", 404)


async def test_what_was_filed_outlives_what_the_exchanges_side_writes_later(
    hotline: Hotline, wang: Worker
):
    resident = await hotline.story.home("")
    call = await hotline.call(by=wang.user_id, state="talking")
    await wang.files(call, "praise", attach={"resident_id": resident})
    now = hotline.story.clock.now()
    await hotline.story.owner.execute(
        "UPDATE call SET version = version + 1, state = 'ended', ended_at = $2, resident_id = NULL, home_id = NULL,"
        " disposition = NULL, filed_at = NULL, note = '' WHERE id = $1",
        call,
        now,
    )
    row = await hotline.row(call)
    assert (row["state"], row["resident_id"], row["disposition"]) == ("ended", resident, "praise")


async def test_a_word_is_never_changed_or_taken_out(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "praise")
    connection = await hotline.story.database.connect("server")
    for statement in ("UPDATE call_filing SET note = 'x'", "DELETE FROM call_filing"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    "change", ["filings = 0", "filings = filings + 1, disposition = NULL, filed_at = NULL"]
)
async def test_the_database_takes_no_word_back(hotline: Hotline, wang: Worker, change: str):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "praise")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await hotline.story.owner.execute(f"UPDATE call SET {change} WHERE id = $1", call)  # noqa: S608
    assert refused.value.constraint_name == "call_filings_grow"


async def test_two_records_of_one_resident_are_one_in_the_list(hotline: Hotline, wang: Worker):
    kept = await hotline.story.home("")
    double = await hotline.story.home("", name="沈玉蘭")
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "complaint", attach={"resident_id": double})
    boss = await hotline.worker("boss", "supervisor")
    versions = {"kept_version": 1, "merged_version": 1}
    merged = {"subject": "resident", "kept_id": kept, "merged_id": double} | versions
    answer = await boss.client.post("/api/v1/merges", json=merged)
    assert answer.status_code < 300, answer.text
    assert [each["id"] for each in await wang.lists(resident_id=kept)] == [str(call)]
    [case] = (await wang.get("/cases"))["items"]
    assert case["resident_id"] == kept


async def test_a_call_of_another_region_is_nobodys_here(hotline: Hotline, wang: Worker):
    west = await hotline.story.community.region(hotline.story.community.root, "district", "西柳区")
    call = await hotline.call(by=wang.user_id)
    li = await hotline.worker("li", region=west)
    assert await li.lists() == []
    await li.files(call, "praise", 404)
    await li.get(f"/calls/{call}", 404)


async def test_nobody_is_attached_whom_the_operator_may_not_see(hotline: Hotline, wang: Worker):
    west = await hotline.story.community.region(hotline.story.community.root, "district", "西柳区")
    resident = await hotline.story.home("")
    li = await hotline.worker("li", region=west)
    call = await hotline.call(by=li.user_id)
    await li.files(call, "praise", 404, attach={"resident_id": resident})
    assert (await hotline.row(call))["filings"] == 0


async def test_filing_and_looking_stand_in_the_trail(hotline: Hotline, wang: Worker):
    resident = await hotline.story.home("")
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "praise", attach={"resident_id": resident})
    await wang.get(f"/calls/{call}")
    rows = await hotline.story.owner.fetch(
        "SELECT action, subject FROM audit_entry WHERE action LIKE 'hotline%' ORDER BY id"
    )
    home = await hotline.story.owner.fetchval(
        "SELECT home_id FROM resident WHERE id = $1", resident
    )
    assert [tuple(row) for row in rows] == [
        ("hotline_call_filed", f"home:{home}"),
        ("hotline_call_seen", f"home:{home}"),
    ]
