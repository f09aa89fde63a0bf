"""One click on a community: all its people, with all they have."""

from __future__ import annotations

import pytest

from tests.communities.test_counting import alarm
from tests.support.api import trail

PEOPLE = "/api/v1/communities/people"


@pytest.fixture
async def people(community, owner):
    """Three in two homes; of the last nobody knows where it lies."""
    await community.source()
    first, second = await community.home(), await community.home(address="榆荫里9号楼")
    await owner.execute("UPDATE home SET lat = NULL, lng = NULL WHERE id = $1", second)
    made = {}
    for home, name, pinyin in ((first, "安", "an"), (first, "白", "bai"), (second, "曹", "cao")):
        made[name] = await community.resident(home, name=name)
        await owner.execute("UPDATE resident SET pinyin = $2 WHERE id = $1", made[name], pinyin)
    await community.contact(made["安"])
    await community.device("a", first, made["安"])
    await owner.execute(
        "UPDATE resident SET welfare = '{no_family}', living = 'alone' WHERE name = '安'"
    )
    return made | {"home": first}


async def listed(client, region, **asked):
    answer = await client.get(PEOPLE, params={"region_id": region} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(page):
    return [item["name"] for item in page["items"]]


async def test_everybody_is_there_with_what_they_have_and_the_look_is_kept(
    signed_in, community, people, owner
):
    await alarm(owner, community, people["home"], community.street)
    page = await listed(await signed_in("operator"), community.street)
    assert (names(page), page["total"], page["after"]) == (["安", "白", "曹"], 3, None)
    first, _, last = page["items"]
    assert (first["contacts"], first["devices"], first["open_alarm"], first["placed"]) == (
        1,
        1,
        True,
        True,
    )
    assert (last["contacts"], last["devices"], last["open_alarm"], last["placed"]) == (
        0,
        0,
        False,
        False,
    )
    [detail] = [
        row[1] for row in await trail(owner, "action", "detail") if row[0] == "community_seen"
    ]
    assert detail["ids"] == [people[name] for name in ("安", "白", "曹")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"of": "no_family"}, ["安"]),
        ({"of": ["no_family", "alone", "high_risk"]}, ["安"]),
        ({"of": ["no_family", "dependent"]}, []),
        ({"concerns": "no_contact"}, ["白", "曹"]),
        ({"concerns": ["no_contact", "no_device"]}, ["曹"]),
        ({"concerns": "no_place"}, ["曹"]),
        ({"concerns": "silent_device"}, []),
        ({"concerns": "open_alarm"}, []),
        ({"q": "bai"}, ["白"]),
        ({"q": "榆荫里9"}, ["曹"]),
    ],
)
async def test_the_list_is_narrowed(signed_in, community, people, asked, found):
    page = await listed(await signed_in("operator"), community.street, **asked)
    assert (names(page), page["total"]) == (found, len(found))


async def test_a_long_list_is_read_on_from_the_last_line(signed_in, community, people):
    client = await signed_in("operator")
    first = await listed(client, community.street, limit=2)
    assert (names(first), first["total"]) == (["安", "白"], 3)
    rest = await listed(client, community.street, limit=2, after=first["after"])
    assert (names(rest), rest["total"], rest["after"]) == (["曹"], 3, None)
    wrong = await client.get(PEOPLE, params={"region_id": community.street, "after": "x"})
    assert wrong.json()["error"]["code"] == "bad_cursor"


async def test_nobody_of_another_street_is_listed(signed_in, community, elsewhere, people):
    await community.resident(await community.home(region=elsewhere))
    page = await listed(await signed_in("operator"), elsewhere)
    assert (page["items"], page["total"]) == ([], 0)
