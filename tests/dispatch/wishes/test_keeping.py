"""What a wish may say, who ends it, and that neither comes twice or is taken back."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from tests.support.api import trail

WORDS = "想让护理员陪我唠唠嗑"


@pytest.fixture
async def resident(community) -> int:
    return await community.resident(await community.home(), "孙素琴")


@pytest.fixture
def wishes(resident):
    return f"/api/v1/residents/{resident}/wishes"


def wish(**more):
    return {"id": str(uuid4()), "words": WORDS, **more}


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_wish_is_written_down_once_and_ended_once(operator, wishes, owner, resident):
    said = wish(said_by="女儿孙敏")
    made = await operator.post(wishes, json=said)
    assert made.status_code == 201, made.text
    assert (made.json()["words"], made.json()["said_by"], made.json()["state"]) == (
        WORDS,
        "女儿孙敏",
        "open",
    )
    assert (await operator.post(wishes, json=said)).json() == made.json()
    path = f"/api/v1/wishes/{said['id']}/end"
    ending = {"version": 1, "state": "withdrawn", "words": "女儿每天来"}
    assert error_of(await operator.post(path, json=ending | {"version": 7})) == (
        409,
        "changed_meanwhile",
    )
    ended = (await operator.post(path, json=ending)).json()
    assert (ended["state"], ended["ended_words"], ended["version"]) == (
        "withdrawn",
        "女儿每天来",
        2,
    )
    assert error_of(await operator.post(path, json=ending | {"version": 2})) == (409, "wish_over")
    [listed] = (await operator.get(wishes)).json()
    assert (listed["state"], listed["version"]) == ("withdrawn", 2)
    written = [row for row in await trail(owner) if "wish" in row[0]]
    assert written == [
        (name, f"resident:{resident}")
        for name in ("wish_added", "wish_added", "wish_ended", "wishes_seen")
    ]


async def test_no_word_of_illness_or_status_goes_onto_a_phone(operator, wishes, owner):
    assert error_of(await operator.post(wishes, json=wish(words="她有糖尿病，带点无糖点心"))) == (
        422,
        "not_for_phones",
    )
    assert error_of(await operator.post(wishes, json=wish(words=""))) == (422, "invalid")
    assert not await owner.fetchval("SELECT count(*) FROM care_wish")


async def test_nobody_writes_or_sees_wishes_elsewhere(operator, community, elsewhere):
    stranger = await community.resident(await community.home(region=elsewhere))
    path = f"/api/v1/residents/{stranger}/wishes"
    for answer in (await operator.post(path, json=wish()), await operator.get(path)):
        assert error_of(answer) == (404, "not_found")


async def test_the_profile_has_the_open_ones(operator, wishes, owner, resident):
    first, second = wish(), wish(words="买一份晚报")
    for each in (first, second):
        await operator.post(wishes, json=each)
    await operator.post(
        f"/api/v1/wishes/{first['id']}/end", json={"version": 1, "state": "done", "words": "聊了"}
    )
    home = await owner.fetchval("SELECT home_id FROM resident WHERE id = $1", resident)
    profile = (await operator.get(f"/api/v1/homes/{home}/profile")).json()
    assert [each["words"] for each in profile["wishes"]] == ["买一份晚报"]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'open', ended_at = NULL",
        "ended_words = '别的'",
        "words = '别的'",
        "said_at = said_at - interval '1 day'",
    ],
)
async def test_the_database_lets_nobody_rewrite_one(operator, wishes, owner, database, change):
    said = wish()
    await operator.post(wishes, json=said)
    await operator.post(
        f"/api/v1/wishes/{said['id']}/end", json={"version": 1, "state": "done", "words": "聊了"}
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(f"UPDATE care_wish SET {change}")  # noqa: S608 - names of this test
    server = await database.connect("test")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await server.execute("DELETE FROM care_wish")
    await server.close()
