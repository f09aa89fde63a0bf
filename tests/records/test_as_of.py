"""Who lived in a community on a day, in which class: by residence or by hukou, as known today or as known then."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from tests.support.api import trail

LIST, COUNT = "/api/v1/residents/as-of", "/api/v1/residents/as-of/headcount"


@pytest.fixture
async def places(community):
    """Two communities of the street, with their codes."""
    made = []
    for number, name in ((1, "榆荫社区"), (2, "柳荫社区")):
        region = await community.region(community.street, "community", name)
        await community.owner.execute(
            "UPDATE region SET code = $2 WHERE id = $1", region, f"37020200100{number}"
        )
        made.append((region, await community.home(region=region, address=f"{name}1号楼")))
    return made


async def add(client, home, name, since, **fields):
    body = {"home_id": home, "name": name, "effective_on": since} | fields
    answer = await client.post("/api/v1/residents", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def as_of(client, region, day, **asked):
    answer = await client.get(LIST, params={"region_id": region, "day": day} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(page):
    return [item["name"] for item in page["items"]]


async def test_who_moved_is_found_where_they_lived_then(editor, places, owner):
    (first, home), (second, other) = places
    who = await add(
        editor, home, "沈玉兰", "2020-01-01", welfare=["no_family"], birth_date="1946-03-05"
    )
    await add(editor, other, "周明", "2026-03-02")
    change = {"version": 1, "home_id": other, "welfare": [], "effective_on": "2026-03-03"}
    await editor.patch(f"/api/v1/residents/{who}", json=change)

    before = await as_of(editor, first, "2026-03-02")
    assert names(before) == ["沈玉兰"]
    line = before["items"][0]
    assert (line["home_id"], line["age"], line["until_day"]) == (home, 79, "2026-03-03")
    assert line["facts"] == [{"kind": "welfare", "value": "no_family", "level": ""}]
    assert names(await as_of(editor, first, "2026-03-03")) == []
    after = await as_of(editor, second, "2026-03-10")
    assert set(names(after)) == {"周明", "沈玉兰"}
    assert all(item["facts"] == [] for item in after["items"])
    assert names(await as_of(editor, first, "2019-12-31")) == []
    assert ("residents_seen_as_of", "residents") in await trail(owner)


async def test_below_a_region_all_are_found_and_a_class_narrows(editor, community, places):
    (_, home), (_, other) = places
    await add(editor, home, "沈玉兰", "2020-01-01", welfare=["no_family"])
    await add(editor, other, "周明", "2020-01-01", ability="severe")
    whole = await as_of(editor, community.street, "2026-03-01")
    assert set(names(whole)) == {"周明", "沈玉兰"}
    poor = await as_of(editor, community.street, "2026-03-01", kind="welfare", value="no_family")
    assert names(poor) == ["沈玉兰"]


async def test_a_household_registered_elsewhere_counts_there(editor, places):
    (first, home), (second, _) = places
    await add(editor, home, "沈玉兰", "2020-01-01", hukou_region_code="370202001002")
    await add(editor, home, "周明", "2020-01-01", hukou_region_code="370202001001")
    assert names(await as_of(editor, second, "2026-03-01", by="hukou")) == ["沈玉兰"]
    assert names(await as_of(editor, first, "2026-03-01", by="hukou")) == ["周明"]
    assert len(names(await as_of(editor, first, "2026-03-01"))) == 2


async def test_a_region_without_a_code_has_no_registered_households(editor, community):
    answer = await editor.get(
        LIST, params={"region_id": community.street, "day": "2026-03-01", "by": "hukou"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "region_without_code")


async def test_a_list_can_be_made_again_as_it_was_known(editor, places, clock):
    """A death that is told late changes the list of the cutoff day, but not what the list was when it was made."""
    (first, home), _ = places
    who = await add(editor, home, "沈玉兰", "2020-01-01")
    made = clock.now().isoformat()
    clock.advance(3600)
    told = {"version": 1, "status": "deceased", "effective_on": "2026-02-28"}
    await editor.patch(f"/api/v1/residents/{who}", json=told)
    assert names(await as_of(editor, first, "2026-03-10")) == []
    assert names(await as_of(editor, first, "2026-03-10", known_at=made)) == ["沈玉兰"]
    assert names(await as_of(editor, first, "2026-02-28")) == ["沈玉兰"]


async def test_heads_are_counted_to_the_last_one_and_by_class(editor, places):
    (first, home), _ = places
    await add(editor, home, "沈玉兰", "2020-01-01", welfare=["no_family", "preferential"])
    await add(editor, home, "周明", "2020-01-01", welfare=["no_family"])
    answer = await editor.get(COUNT, params={"region_id": first, "day": "2026-03-01"})
    assert answer.json() == {
        "day": "2026-03-01",
        "people": 2,
        "homes": 1,
        "facts": [
            {"kind": "welfare", "value": "no_family", "people": 2},
            {"kind": "welfare", "value": "preferential", "people": 1},
        ],
    }


async def test_a_long_list_is_read_page_by_page(editor, places):
    (first, home), _ = places
    for number in range(5):
        await add(editor, home, f"沈玉{'一二三四五'[number]}", "2020-01-01")
    seen, after = [], None
    for _ in range(3):
        page = await as_of(
            editor, first, "2026-03-01", limit=2, **({"after": after} if after else {})
        )
        seen += names(page)
        after = page["after"]
    assert (len(seen), len(set(seen)), after, page["total"]) == (5, 5, None, 5)


async def test_nobody_sees_who_lived_where_they_have_no_right(editor, signed_in, places, elsewhere):
    (first, home), _ = places
    await add(editor, home, "沈玉兰", "2020-01-01", hukou_region_code="370202001001")
    stranger = await signed_in("supervisor", elsewhere)
    assert names(await as_of(stranger, first, "2026-03-01")) == []
    assert names(await as_of(stranger, first, "2026-03-01", by="hukou")) == []
    count = await stranger.get(COUNT, params={"region_id": first, "day": "2026-03-01"})
    assert count.json()["people"] == 0


async def test_lists_of_any_day_agree_with_a_diary(editor, community, places, owner):
    """Twenty people, moved and classed at random: what the lists say is what a diary of each day says."""
    dice = Random(7)
    (first, home), (second, other) = places
    home_of, began = {first: home, second: other}, date(2026, 1, 1)
    diary: dict[tuple[int, date], set[str]] = {}
    for number in range(20):
        since = began + timedelta(days=dice.randrange(20))
        where = dice.choice([first, second])
        name = f"沈{chr(0x4E00 + number)}"
        await owner.execute("SELECT set_config('callcenter.day', $1, false)", since.isoformat())
        who = await community.resident(home_of[where], name=name)
        day = since
        while day < began + timedelta(days=40):
            moves = dice.random() < 0.1 and day > since
            if moves:
                where = first if where == second else second
                await owner.execute(
                    "SELECT set_config('callcenter.day', $1, false)", day.isoformat()
                )
                await owner.execute(
                    "UPDATE resident SET home_id = $2 WHERE id = $1", who, home_of[where]
                )
            diary.setdefault((where, day), set()).add(name)
            day += timedelta(days=1)
    for region in (first, second):
        for number in range(0, 40, 3):
            day = began + timedelta(days=number)
            page = await as_of(editor, region, day.isoformat(), limit=200)
            assert set(names(page)) == diary.get((region, day), set()), day
