"""The past of one resident over REST: seen, completed, corrected with a reason, and never against today's copy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.api import trail

HOME, SECOND = "榆荫里7号楼2单元501", "榆荫里8号楼1单元101"


@pytest.fixture
async def resident(editor, community):
    """Lives in the first home since 2020."""
    first = await community.home(address=HOME)
    body = {
        "home_id": first,
        "name": "沈玉兰",
        "effective_on": "2020-01-01",
        "ability": "mild",
        "welfare": ["no_family"],
    }
    answer = await editor.post("/api/v1/residents", json=body)
    return answer.json()["id"], first


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def past(client, resident, **asked):
    answer = await client.get(f"/api/v1/residents/{resident}/past", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def correct(client, resident, table, **body):
    return await client.post(f"/api/v1/residents/{resident}/past/{table}", json=body)


async def test_the_past_tells_where_somebody_lived_and_what_held(
    editor, community, resident, owner
):
    who, first = resident
    second = await community.home(address=SECOND)
    path = f"/api/v1/residents/{who}"
    await editor.patch(path, json={"version": 1, "home_id": second, "effective_on": "2026-03-03"})
    await editor.patch(path, json={"version": 2, "ability": "severe", "effective_on": "2026-03-05"})
    told = await past(editor, who)
    assert [
        (s["home_id"], s["address"], s["from_day"], s["until_day"]) for s in told["residences"]
    ] == [
        (first, HOME, "2020-01-01", "2026-03-03"),
        (second, SECOND, "2026-03-03", None),
    ]
    then = await past(editor, who, day="2026-03-04")
    assert [s["home_id"] for s in then["residences"]] == [second]
    assert {(f["kind"], f["value"]) for f in then["facts"]} == {
        ("ability", "mild"),
        ("welfare", "no_family"),
    }
    assert ("past_seen", f"resident:{who}") in await trail(owner)
    everything = await past(editor, who, with_withdrawn="true")
    assert len(everything["residences"]) == 3


async def test_an_assessment_ends_the_one_before_and_shows_on_the_resident(editor, resident, hints):
    who, _ = resident
    put = {
        "kind": "ability",
        "value": "severe",
        "from_day": "2026-02-01",
        "assessed_by": "县评估中心",
    }
    answer = await correct(editor, who, "facts", put=[put])
    abilities = [f for f in answer.json()["facts"] if f["kind"] == "ability"]
    assert [(f["value"], f["from_day"], f["until_day"]) for f in abilities] == [
        ("mild", "2020-01-01", "2026-02-01"),
        ("severe", "2026-02-01", None),
    ]
    shown = (await editor.get(f"/api/v1/residents/{who}")).json()
    assert (shown["ability"], shown["version"] > 1) == ("severe", True)
    assert hints[-1] == "directory"


async def test_the_number_of_a_certificate_is_sealed_and_masked(editor, resident, owner):
    who, _ = resident
    number = "11010519491231002X43"
    put = {
        "kind": "disability",
        "value": "visual",
        "level": "1",
        "document_no": number,
        "from_day": "2024-05-01",
    }
    answer = await correct(editor, who, "facts", put=[put])
    fact = next(f for f in answer.json()["facts"] if f["kind"] == "disability")
    assert fact["document_masked"] == "*" * 16 + "2X43"
    assert number not in answer.text
    kept = await owner.fetchval(
        "SELECT document_sealed FROM resident_fact WHERE kind = 'disability'"
    )
    assert number.encode() not in kept


async def test_a_death_on_the_wrong_day_is_corrected_with_a_reason(editor, resident, owner):
    who, first = resident
    told = {"version": 1, "status": "deceased", "effective_on": "2026-03-10"}
    await editor.patch(f"/api/v1/residents/{who}", json=told)
    event = (await past(editor, who))["events"][0]
    silent = await correct(editor, who, "events", withdraw=[event["id"]])
    assert silent.json()["error"]["params"]["problems"][0]["column"] == "reason"
    answer = await correct(
        editor,
        who,
        "events",
        reason="死亡证为2月28日",
        withdraw=[event["id"]],
        put=[{"kind": "died", "day": "2026-02-28", "proof": "死亡证 2026-118"}],
    )
    assert answer.status_code == 200, answer.text
    corrected = answer.json()
    assert [(e["kind"], e["day"]) for e in corrected["events"]] == [("died", "2026-02-28")]
    assert [(s["home_id"], s["until_day"]) for s in corrected["residences"]] == [
        (first, "2026-03-01")
    ]
    row = await owner.fetchrow("SELECT withdrawn_why, withdrawn_by FROM resident_event ORDER BY id")
    assert row["withdrawn_why"] == "死亡证为2月28日"
    assert row["withdrawn_by"] is not None
    detail = await owner.fetchval("SELECT detail FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert detail == {"table": "resident_event", "withdrawn": [event["id"]], "put": 1}
    assert (await editor.get(f"/api/v1/residents/{who}")).json()["status"] == "deceased"


async def test_who_was_taken_for_dead_lives_again(editor, resident):
    who, first = resident
    await editor.patch(f"/api/v1/residents/{who}", json={"version": 1, "status": "deceased"})
    event = (await past(editor, who))["events"][0]
    answer = await correct(editor, who, "events", reason="同名", withdraw=[event["id"]])
    assert answer.json()["events"] == []
    assert [(s["home_id"], s["until_day"]) for s in answer.json()["residences"]] == [(first, None)]
    assert (await editor.get(f"/api/v1/residents/{who}")).json()["status"] == "home"


async def test_an_earlier_home_is_entered_afterwards(editor, community, resident):
    who, _ = resident
    earlier = await community.home(address=SECOND)
    put = {"home_id": earlier, "from_day": "2015-01-01", "until_day": "2020-01-01"}
    answer = await correct(editor, who, "residences", put=[put])
    assert [s["from_day"] for s in answer.json()["residences"]] == ["2015-01-01", "2020-01-01"]
    again = await correct(editor, who, "residences", put=[put | {"until_day": "2016-01-01"}])
    assert error_of(again) == (409, "past_overlaps")


async def test_the_home_of_today_follows_a_correction_and_nobody_is_left_without(
    editor, community, resident
):
    who, _ = resident
    second = await community.home(address=SECOND)
    stay = (await past(editor, who))["residences"][0]["id"]
    nowhere = await correct(editor, who, "residences", reason="错", withdraw=[stay])
    assert error_of(nowhere) == (409, "home_disagrees")
    put = [{"home_id": second, "from_day": "2020-01-01"}]
    answer = await correct(editor, who, "residences", reason="登记错楼号", withdraw=[stay], put=put)
    assert answer.status_code == 200, answer.text
    assert (await editor.get(f"/api/v1/residents/{who}")).json()["home_id"] == second
    late = await correct(editor, who, "residences", reason="错", withdraw=[stay])
    assert error_of(late) == (409, "not_in_force")


TOMORROW = (date(2026, 3, 14) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("table", "put", "column", "code"),
    [
        ("events", {"kind": "hospital", "day": TOMORROW}, "put.0.from_day", "after_today"),
        (
            "facts",
            {
                "kind": "living",
                "value": "alone",
                "from_day": "2026-03-01",
                "until_day": "2026-03-01",
            },
            "put.0.until_day",
            "ends_before_it_begins",
        ),
    ],
)
async def test_days_that_cannot_be_are_refused(editor, resident, table, put, column, code):
    answer = await correct(editor, resident[0], table, put=[put])
    found = answer.json()["error"]["params"]["problems"][0]
    assert (found["column"], found["code"]) == (column, code)


async def test_a_correction_of_nothing_is_refused(editor, resident):
    answer = await correct(editor, resident[0], "facts")
    assert answer.json()["error"]["params"]["problems"][0]["code"] == "missing"


async def test_nobody_is_moved_by_a_correction_into_a_home_one_may_not_edit(
    editor, community, resident, elsewhere
):
    who, _ = resident
    foreign = await community.home(region=elsewhere)
    put = {"home_id": foreign, "from_day": "2015-01-01", "until_day": "2020-01-01"}
    assert (await correct(editor, who, "residences", put=[put])).status_code == 404


async def test_who_only_sees_profiles_corrects_nothing(operator, resident):
    assert (await correct(operator, resident[0], "events")).status_code == 403
    assert (await past(operator, resident[0]))["residences"]
