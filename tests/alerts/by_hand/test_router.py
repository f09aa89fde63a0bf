"""Opening by hand over HTTP: what is written, who may, and what is refused."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.core.ids import new_id
from tests.alerts.conftest import DAUGHTER, SON, Centre
from tests.support.api import browser, person, sign_in, trail


async def test_it_is_journalled_with_what_the_operator_sent_and_audited(centre: Centre):
    answer = await centre.wang.tells(resident_id=centre.resident, kind="fall", said="在厨房摔了")
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["resident_id"], shown["kind"], shown["press_count"]) == (
        centre.resident,
        "fall",
        1,
    )
    row = await centre.desk.owner.fetchrow("SELECT * FROM journal")
    assert (row["source"], row["outcome"], row["text"]) == ("office", "opened", "在厨房摔了")
    assert b'"kind":"fall"' in row["raw"]
    looks = await trail(centre.desk.owner, "action", "user_id")
    assert looks[-1] == ("incident_opened_by_hand", centre.wang.user_id)
    assert await centre.desk.texts() == [(DAUGHTER, "alarm_raised")]
    [opened] = (await centre.wang.detail(shown["id"]))["entries"]
    assert opened["data"]["called"]["user"] == "wang同志"


async def test_of_many_copies_of_one_command_one_opens(centre: Centre):
    command = str(new_id())
    answers = await asyncio.gather(
        *(centre.wang.tells(command_id=command, kind="sos", take=True) for _ in range(6))
    )
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert await centre.desk.entries(answers[0].json()["id"]) == ["opened", "taken"]


async def test_a_home_is_as_good_as_a_resident(centre: Centre):
    home = await centre.desk.owner.fetchval("SELECT home_id FROM resident")
    shown = (await centre.wang.tells(home_id=home)).json()
    assert (shown["home_id"], shown["resident_id"]) == (home, centre.resident)


async def test_a_home_that_was_written_a_moment_ago_is_found(centre: Centre):
    home = await centre.desk.community.home()
    resident = await centre.desk.community.resident(home, "新来的")
    shown = (await centre.wang.tells(resident_id=resident)).json()
    assert [one["name"] for one in shown["card"]["people"]] == ["新来的"]


async def test_where_families_are_told_after_confirmation_the_one_who_called_is_not(centre: Centre):
    await centre.desk.owner.execute("UPDATE region SET sms_policy = 'after_confirmation'")
    await centre.desk.reload()
    daughter = await centre.desk.owner.fetchval("SELECT id FROM contact WHERE rank = 1")
    told = {"resident_id": centre.resident, "contact_id": daughter, "take": True}
    shown = (await centre.wang.tells(**told)).json()
    assert await centre.wang.refused(shown["id"], "confirm") == (409, "nobody_to_tell")
    await centre.wang.done(shown["id"], "tell-next")
    assert await centre.desk.texts() == [(SON, "can_you_go")]


@pytest.mark.parametrize(
    "body",
    [{"resident_id": 9999}, {"home_id": 9999}, {"region_id": 9999}, {"contact_id": 9999}],
    ids=str,
)
async def test_what_is_not_there_is_not_found_and_opens_nothing(centre: Centre, body):
    assert (await centre.wang.tells(**body)).status_code == 404
    assert await centre.desk.owner.fetchval("SELECT count(*) FROM journal") == 0


async def test_nobody_opens_anything_where_they_do_not_work(centre: Centre):
    other = await centre.desk.community.region(centre.desk.community.root, "district", "西柳区")
    await centre.desk.reload()
    await person(centre.desk.owner, "zhao", ("operator", other))
    command = str(new_id())
    await centre.wang.tells(command_id=command, resident_id=centre.resident)
    async with browser(centre.app, "10.0.0.10") as client:
        await sign_in(client, "zhao")

        async def tells(**body: object) -> int:
            sent = {"command_id": str(new_id()), "kind": "sos", **body}
            return (await client.post("/api/v1/incidents", json=sent)).status_code

        assert await tells(resident_id=centre.resident) == 404
        assert await tells(region_id=centre.desk.community.street) == 404
        assert await tells(command_id=command) == 404
        assert await tells() == 201
    assert (
        await centre.desk.owner.fetchval("SELECT region_id FROM incident WHERE home_id IS NULL")
        == other
    )


async def test_a_life_sign_is_no_call_for_help(centre: Centre):
    assert (await centre.wang.tells(kind="heartbeat")).status_code == 422
