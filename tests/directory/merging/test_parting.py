"""Two that are alike and are no doubles are not proposed again, until somebody takes that back."""

from __future__ import annotations

import pytest

DOUBLES, APART = "/api/v1/doubles", "/api/v1/doubles/apart"


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def pairs(client, what):
    found = (await client.get(DOUBLES)).json()[what]
    return [(pair["one"]["id"], pair["other"]["id"]) for pair in found]


async def test_two_people_of_one_name_are_parted_and_proposed_again(editor, community, owner):
    one, other = [
        await community.resident(await community.home(address=address)) for address in "甲乙"
    ]
    assert await pairs(editor, "residents") == [(one, other)]
    body = {"subject": "resident", "one_id": other, "other_id": one}
    made = await editor.post(APART, json=body)
    assert made.status_code == 201, made.text
    assert await pairs(editor, "residents") == []
    (mark,) = (await editor.get(APART)).json()
    assert (mark["one_id"], mark["other_id"], mark["by_en"]) == (one, other, "supervisor")
    assert error_of(await editor.post(APART, json=body)) == (409, "apart_already")
    undo = f"{APART}/{mark['id']}/undo"
    assert (await editor.post(undo)).json()["undone_at"] is not None
    assert await pairs(editor, "residents") == [(one, other)]
    assert (await editor.get(APART)).json() == []
    assert error_of(await editor.post(undo)) == (409, "undone_already")
    parted = "SELECT count(*) FROM audit_entry WHERE action = 'doubles_parted' AND subject = $1"
    assert [await owner.fetchval(parted, f"resident:{each}") for each in (one, other)] == [1, 1]


async def test_homes_that_are_parted_are_still_held_against_others(editor, community):
    first, second, third = [await community.home(address="甲") for _ in range(3)]
    assert await pairs(editor, "homes") == [(first, second), (first, third)]
    for other in (second, third):
        body = {"subject": "home", "one_id": first, "other_id": other}
        await editor.post(APART, json=body)
    assert await pairs(editor, "homes") == [(second, third)]


@pytest.mark.parametrize("subject", ["home", "resident"])
async def test_nobody_parts_one_from_itself_or_the_rows_of_others(
    editor, community, elsewhere, subject
):
    home, foreign = await community.home(), await community.home(region=elsewhere)
    ids = [home, foreign]
    if subject == "resident":
        ids = [await community.resident(each) for each in ids]
    body = {"subject": subject, "one_id": ids[0], "other_id": ids[1]}
    assert (await editor.post(APART, json=body)).status_code == 404
    same = body | {"other_id": ids[0]}
    assert error_of(await editor.post(APART, json=same)) == (422, "one_and_the_same")
