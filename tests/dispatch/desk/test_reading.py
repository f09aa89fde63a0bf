"""The list: in which order, what a page and a filter find, and what has changed since; measured against the pure rules."""

from __future__ import annotations

import random
from typing import Any

import asyncpg
import httpx

from callcenter.core.ids import new_id
from callcenter.dispatch.lateness import Rank
from callcenter.dispatch.task import TaskKind
from tests.support.field import NOW, Field, later

STATES = ["open", "offered", "unplaced", "accepted", "under_way", "arrived"]


async def tasks(client: httpx.AsyncClient, **asked: Any) -> Any:
    answer = await client.get("/api/v1/desk/tasks", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def whole(client: httpx.AsyncClient, **asked: Any) -> list[Any]:
    """Page by page to the end."""
    found, page = [], await tasks(client, **asked)
    while True:
        found += page["items"]
        if page["after"] is None:
            return found
        page = await tasks(client, **asked, after=page["after"])


async def scatter(field: Field, owner: asyncpg.Connection, n: int) -> None:
    """So many tasks in every state and at every time, always the same ones."""
    chance = random.Random(54)
    staff = await field.staff("何佳")
    path = await owner.fetchval("SELECT path FROM region WHERE id = $1", field.community.street)

    def some(least: int, most: int) -> Any:
        return chance.choice([None, later(minutes=chance.randint(least, most))])

    rows = []
    for at in range(n):
        rescue, state = at % 7 == 0, STATES[at % len(STATES)]
        rows.append(
            (
                new_id(),
                "rescue" if rescue else chance.choice(["visit", "ride", "errand", "inspection"]),
                state,
                new_id() if rescue else None,
                field.community.street,
                path,
                100 + at % 900,
                later(minutes=chance.randint(-90, 0)),
                later(minutes=chance.randint(-200, 200)),
                some(-200, 200),
                chance.randint(5, 120),
                staff if state in {"accepted", "under_way", "arrived"} else None,
                later(minutes=chance.randint(-200, 0)) if state == "arrived" else None,
                some(-100, 200) if state in {"accepted", "under_way"} else None,
            )
        )
    await owner.copy_records_to_table(
        "task",
        records=rows,
        columns=["id", "kind", "state", "incident_id", "region_id", "region_path", "code", "created_at", "begins_at", "until_at",
                 "minutes", "staff_id", "arrived_at", "eta"],
    )  # fmt: skip


async def test_the_database_ranks_as_the_pure_rules_do(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    await scatter(field, owner, 300)
    found = await whole(zhou, limit=37)
    # `rank` of each row is what `lateness` says; the order of the rows is what the database made.
    assert [each["rank"] for each in found] == sorted(each["rank"] for each in found)
    assert {each["rank"] for each in found} == set(Rank)
    keys = [(each["rank"], each["due_at"], each["id"]) for each in found]
    assert keys == sorted(keys)
    assert len({each["id"] for each in found}) == 300
    counted = (await zhou.get("/api/v1/desk/counts")).json()
    assert counted["ranks"] == {
        each.name.lower(): sum(row["rank"] == each for row in found) for each in Rank
    }


async def test_pages_pass_no_row_over_while_time_goes_on(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient, clock
):
    await scatter(field, owner, 120)
    page = await tasks(zhou, limit=50)
    clock.advance(3_600)
    found = list(page["items"])
    while page["after"] is not None:
        page = await tasks(zhou, limit=50, after=page["after"])
        found += page["items"]
    assert len({each["id"] for each in found}) == len(found) == 120


async def test_an_unplaced_rescue_stands_before_everything(field: Field, owner, zhou):
    await field.task(until_at=later(minutes=-60))
    rescue = await field.task(kind=TaskKind.RESCUE, incident_id=new_id())
    await owner.execute("UPDATE task SET state = 'unplaced' WHERE id = $1", rescue)
    assert (await tasks(zhou))["items"][0]["id"] == str(rescue)


# ---- filters


async def test_each_filter_finds_what_it_says(field: Field, zhou: httpx.AsyncClient):
    he = await field.staff("何佳")
    ride = await field.task(kind=TaskKind.RIDE, destination="区医院")
    has = await field.accepted(he, what="陪诊")
    tomorrow = await field.task(begins_at=later(days=1))

    async def found(**asked: Any) -> set[str]:
        return {each["id"] for each in (await tasks(zhou, **asked))["items"]}

    assert await found(kind="ride") == {str(ride)}
    assert await found(state="accepted") == {str(has)}
    assert await found(staff_id=he) == {str(has)}
    assert await found(day=str(later(days=1).date())) == {str(tomorrow)}
    assert await found(day=str(NOW.date())) == {str(ride), str(has)}
    assert await found(region_id=field.community.root) == {str(ride), str(has), str(tomorrow)}
    assert await found(region_id=99) == set()


async def test_words_travel_in_the_body_and_a_percent_sign_is_one(
    field: Field, zhou: httpx.AsyncClient
):
    ride = await field.task(kind=TaskKind.RIDE, destination="区医院 100%")
    await field.task()

    async def found(q: str) -> list[str]:
        answer = await zhou.post("/api/v1/desk/tasks/search", json={"q": q})
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert await found("区医院") == [str(ride)]
    assert await found("100%") == [str(ride)]
    assert await found("1%0") == []
    assert len(await found("榆荫里7号楼")) == 2


# ---- changes


async def changes(client: httpx.AsyncClient, since: str, **asked: Any) -> Any:
    answer = await client.get("/api/v1/desk/changes", params={"mark": since, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_only_what_has_changed_comes_again(field: Field, zhou: httpx.AsyncClient):
    he = await field.staff("何佳")
    await field.task()
    mark = (await tasks(zhou))["mark"]
    assert (await changes(zhou, mark))["items"] == []
    new = await field.task()
    has = await field.accepted(he)
    got = await changes(zhou, mark)
    assert {each["id"] for each in got["items"]} == {str(new), str(has)}
    assert (await changes(zhou, got["mark"]))["items"] == []


async def test_what_the_filter_finds_no_longer_is_named(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    task = await field.task()
    mark = (await tasks(zhou, state="open"))["mark"]
    await owner.execute("UPDATE task SET state = 'unplaced' WHERE id = $1", task)
    got = await changes(zhou, mark, state="open")
    assert (got["items"], got["gone"]) == ([], [str(task)])


async def test_a_transaction_that_commits_later_is_not_missed(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    slow = await field.task()
    async with owner.transaction():
        await owner.execute("UPDATE task SET what = 'slow' WHERE id = $1", slow)
        mark = (await tasks(zhou))["mark"]
        await field.task(home_id=None, place="食堂")
        mark = (await changes(zhou, mark))["mark"]
    assert [each["id"] for each in (await changes(zhou, mark))["items"]] == [str(slow)]


async def test_of_too_many_changes_the_list_is_loaded_again(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    mark = (await tasks(zhou))["mark"]
    await scatter(field, owner, 501)
    got = await changes(zhou, mark)
    assert (got["more"], got["items"], got["gone"]) == (True, [], [])


async def test_a_mark_or_a_cursor_that_is_none_is_refused(zhou: httpx.AsyncClient):
    for since in ("1", "'; DROP TABLE task", "5:6:7;"):
        answer = await zhou.get("/api/v1/desk/changes", params={"mark": since})
        assert answer.json()["error"]["code"] == "bad_mark"
    for after in ("x", "WzEsMl0", "W10"):
        answer = await zhou.get("/api/v1/desk/tasks", params={"after": after})
        assert answer.json()["error"]["code"] == "bad_cursor"


# ---- whose


async def test_tasks_of_other_regions_are_nowhere(field: Field, enter):
    other = await field.community.region(field.community.root, "street", "别的街道")
    theirs = await field.task()
    stranger = await enter("li", "dispatcher", other)
    page = await tasks(stranger)
    assert page["items"] == []
    assert (await stranger.get(f"/api/v1/desk/tasks/{theirs}")).status_code == 404
    assert (await stranger.get(f"/api/v1/desk/tasks/{theirs}/people")).status_code == 404
    assert (await changes(stranger, "1:1:"))["gone"] == []
    counted = (await stranger.get("/api/v1/desk/counts")).json()
    assert sum(counted["ranks"].values()) == 0


async def test_a_look_at_names_is_written_down(field: Field, owner: asyncpg.Connection, zhou):
    resident = await field.community.resident(await field.community.home())
    await field.task(resident_id=resident)
    await tasks(zhou)
    [detail] = await owner.fetch("SELECT detail FROM audit_entry WHERE action = 'tasks_seen'")
    assert detail["detail"] == {"residents": [resident]}
