"""The past and its present-day copy stay the same, whichever of them is written, by whomever."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.core.database import Database
from tests.support.community import Community

SPRING, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    await say(owner, today=SPRING)
    return await Community.found(owner)


async def say(owner: asyncpg.Connection, **said: object) -> None:
    """As `write_as`, for the whole session."""
    for name in ("today", "day", "by", "source", "why"):
        value = said.get(name, SPRING if name == "today" else "")
        await owner.execute("SELECT set_config('callcenter.' || $1, $2, false)", name, str(value))


async def on(owner: asyncpg.Connection, day: date, statement: str, *args: object) -> None:
    """Carry out a change that holds from the day."""
    await say(owner, today=JUNE, day=day)
    try:
        await owner.execute(statement, *args)
    finally:
        await say(owner, today=JUNE)


async def stays(owner: asyncpg.Connection, resident: int) -> list[tuple[object, ...]]:
    rows = await owner.fetch(
        "SELECT home_id, from_day, until_day FROM residence WHERE resident_id = $1 AND withdrawn_at IS NULL"
        " ORDER BY from_day",
        resident,
    )
    return [tuple(row) for row in rows]


async def facts(owner: asyncpg.Connection, resident: int, kind: str) -> list[tuple[object, ...]]:
    rows = await owner.fetch(
        "SELECT value, from_day, until_day FROM resident_fact WHERE resident_id = $1 AND kind = $2"
        " AND withdrawn_at IS NULL ORDER BY from_day, value",
        resident,
        kind,
    )
    return [tuple(row) for row in rows]


async def events(owner: asyncpg.Connection, resident: int) -> list[tuple[object, ...]]:
    rows = await owner.fetch(
        "SELECT kind, day FROM resident_event WHERE resident_id = $1 AND withdrawn_at IS NULL ORDER BY day, id",
        resident,
    )
    return [tuple(row) for row in rows]


MOVE = "UPDATE resident SET home_id = $2 WHERE id = $1"
STATUS = "UPDATE resident SET status = $2 WHERE id = $1"


# ---- the present is written


async def test_who_is_registered_lives_there_from_that_day(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    assert await stays(owner, resident) == [(home, SPRING, None)]
    assert await events(owner, resident) == []


async def test_a_move_ends_one_stay_and_begins_another(owner, community):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    await on(owner, APRIL, MOVE, resident, second)
    assert await stays(owner, resident) == [(first, SPRING, APRIL), (second, APRIL, None)]


async def test_two_moves_of_a_day_are_one(owner, community):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    await on(owner, APRIL, MOVE, resident, second)
    await on(owner, APRIL, MOVE, resident, first)
    assert await stays(owner, resident) == [(first, SPRING, APRIL), (first, APRIL, None)]


async def test_a_death_that_is_told_late_ends_everything_on_its_day(owner, community):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    await on(owner, MAY, MOVE, resident, second)
    await on(owner, date(2026, 4, 28), STATUS, resident, "deceased")
    assert await stays(owner, resident) == [(first, SPRING, date(2026, 4, 29))]
    assert await events(owner, resident) == [("died", date(2026, 4, 28))]


async def test_who_was_taken_for_dead_has_never_left(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "deceased")
    await on(owner, MAY, STATUS, resident, "home")
    assert await stays(owner, resident) == [(home, SPRING, None)]
    assert await events(owner, resident) == []


async def test_who_moved_away_and_came_back_was_away_between(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "moved")
    await on(owner, MAY, STATUS, resident, "home")
    assert await stays(owner, resident) == [(home, SPRING, APRIL), (home, MAY, None)]
    assert await events(owner, resident) == [("moved_out", APRIL), ("moved_in", MAY)]


async def test_a_day_in_hospital_is_an_event_and_no_move(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "hospital")
    await on(owner, MAY, STATUS, resident, "home")
    assert await stays(owner, resident) == [(home, SPRING, None)]
    assert await events(owner, resident) == [("hospital", APRIL), ("back", MAY)]


async def test_what_contradicts_later_knowledge_is_refused(owner, community):
    resident = await community.resident(await community.home())
    await on(owner, MAY, STATUS, resident, "hospital")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await on(owner, APRIL, STATUS, resident, "away")
    assert refused.value.constraint_name == "resident_event_in_order"


async def test_a_clock_that_was_set_back_refuses_nothing(owner, community):
    """Only a day that somebody has said must fit."""
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    await say(owner, today=MAY)
    await owner.execute("UPDATE resident SET ability = 'mild' WHERE id = $1", resident)
    await owner.execute(MOVE, resident, second)
    await owner.execute(STATUS, resident, "hospital")
    await say(owner, today=APRIL)
    await owner.execute("UPDATE resident SET ability = 'severe' WHERE id = $1", resident)
    await owner.execute(MOVE, resident, first)
    await owner.execute(STATUS, resident, "home")
    assert (await stays(owner, resident))[-1] == (first, MAY, None)
    assert (await facts(owner, resident, "ability"))[-1][0] == "severe"
    assert await events(owner, resident) == [("hospital", MAY), ("back", MAY)]


async def test_classes_come_and_go_one_by_one(owner, community):
    resident = await community.resident(await community.home())
    classes = "UPDATE resident SET welfare = $2 WHERE id = $1"
    await on(owner, SPRING, classes, resident, ["preferential", "no_family"])
    await on(owner, APRIL, classes, resident, ["no_family", "minimum_allowance"])
    await on(owner, MAY, classes, resident, [])
    assert await facts(owner, resident, "welfare") == [
        ("no_family", SPRING, MAY),
        ("preferential", SPRING, APRIL),
        ("minimum_allowance", APRIL, MAY),
    ]


async def test_one_ability_follows_another(owner, community):
    resident = await community.resident(await community.home())
    for day, ability in ((SPRING, "mild"), (APRIL, "severe"), (MAY, None), (JUNE, "mild")):
        await on(owner, day, "UPDATE resident SET ability = $2 WHERE id = $1", resident, ability)
    assert await facts(owner, resident, "ability") == [
        ("mild", SPRING, APRIL),
        ("severe", APRIL, MAY),
        ("mild", JUNE, None),
    ]


async def test_a_home_that_comes_to_another_community_takes_its_people_along(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    other = await community.region(community.root, "community", "槐荫社区")
    await on(owner, APRIL, "UPDATE home SET region_id = $2 WHERE id = $1", home, other)
    rows = await owner.fetch(
        "SELECT region_id, from_day, until_day FROM residence WHERE resident_id = $1 AND withdrawn_at IS NULL"
        " ORDER BY from_day",
        resident,
    )
    assert [tuple(row) for row in rows] == [
        (community.street, SPRING, APRIL),
        (other, APRIL, None),
    ]


async def test_a_home_that_was_a_mistake_is_removed_and_its_past_keeps_the_address(
    owner, community
):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    await on(owner, APRIL, MOVE, resident, second)
    await owner.execute("DELETE FROM home WHERE id = $1", first)
    row = await owner.fetchrow("SELECT * FROM residence WHERE until_day = $1", APRIL)
    assert (row["home_id"], row["address"]) == (None, "榆荫里7号楼2单元501")


async def test_a_number_is_in_use_until_it_is_changed(owner, community):
    resident = await community.resident(await community.home())
    contact = await community.contact(resident)
    phone = "UPDATE resident SET phone = $2 WHERE id = $1"
    await on(owner, SPRING, phone, resident, "+8613900000011")
    await on(owner, APRIL, phone, resident, "+8613900000012")
    await on(owner, MAY, "DELETE FROM contact WHERE id = $1", contact)
    rows = await owner.fetch("SELECT holder, e164, from_day, until_day FROM number_use ORDER BY id")
    assert {tuple(row) for row in rows} == {
        ("resident", "+8613900000011", SPRING, APRIL),
        ("resident", "+8613900000012", APRIL, None),
        ("contact", "+8613900000001", SPRING, MAY),
    }
    await owner.execute("DELETE FROM resident WHERE id = $1", resident)
    assert await owner.fetchval("SELECT count(*) FROM number_use WHERE holder = 'resident'") == 0
    assert await owner.fetchval("SELECT count(*) FROM residence") == 0


async def test_a_past_names_who_wrote_it_and_who_took_it_back(owner, community):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    await say(owner, by=7, source="import")
    resident = await community.resident(first)
    await say(owner, by=8, source="api")
    await owner.execute(MOVE, resident, second)
    rows = await owner.fetch("SELECT recorded_by, source, withdrawn_by FROM residence ORDER BY id")
    assert [tuple(row) for row in rows] == [(7, "import", 8), (8, "api", None)]


# ---- the past is written


async def test_an_event_is_copied_to_the_status(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    event = "INSERT INTO resident_event (resident_id, kind, day) VALUES ($1, $2, $3)"
    await owner.execute(event, resident, "hospital", APRIL)
    row = await owner.fetchrow("SELECT status, version FROM resident WHERE id = $1", resident)
    assert tuple(row) == ("hospital", 2)
    await owner.execute(event, resident, "died", MAY)
    assert await owner.fetchval("SELECT status FROM resident WHERE id = $1", resident) == "deceased"
    assert await stays(owner, resident) == [(home, SPRING, MAY + timedelta(days=1))]
    await owner.execute("UPDATE resident_event SET withdrawn_at = now() WHERE kind = 'died'")
    assert await owner.fetchval("SELECT status FROM resident WHERE id = $1", resident) == "hospital"
    assert await stays(owner, resident) == [(home, SPRING, None)]


@pytest.mark.parametrize("day", [date(2026, 3, 20), date(2026, 4, 20)])
async def test_the_day_of_a_death_is_corrected(owner, community, day):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "deceased")
    await owner.execute(
        """
        WITH gone AS (UPDATE resident_event SET withdrawn_at = now(), withdrawn_why = '死亡证' RETURNING resident_id)
        INSERT INTO resident_event (resident_id, kind, day) SELECT resident_id, 'died', $1 FROM gone
        """,
        day,
    )
    assert await owner.fetchval("SELECT status FROM resident") == "deceased"
    assert await stays(owner, resident) == [(home, SPRING, day + timedelta(days=1))]


async def test_who_died_elsewhere_has_left_before(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "moved")
    await owner.execute(
        "INSERT INTO resident_event (resident_id, kind, day) VALUES ($1, 'died', $2)", resident, MAY
    )
    assert await owner.fetchval("SELECT status FROM resident") == "deceased"
    assert await stays(owner, resident) == [(home, SPRING, APRIL)]
    await on(owner, JUNE, STATUS, resident, "home")
    assert await stays(owner, resident) == [(home, SPRING, APRIL), (home, JUNE, None)]


async def test_a_return_that_is_told_as_an_event_begins_a_stay(owner, community):
    home = await community.home()
    resident = await community.resident(home)
    await on(owner, APRIL, STATUS, resident, "moved")
    await owner.execute(
        "INSERT INTO resident_event (resident_id, kind, day) VALUES ($1, 'moved_in', $2)",
        resident,
        MAY,
    )
    assert await owner.fetchval("SELECT status FROM resident") == "home"
    assert await stays(owner, resident) == [(home, SPRING, APRIL), (home, MAY, None)]


async def test_a_fact_is_copied_to_the_resident(owner, community):
    resident = await community.resident(await community.home())
    fact = "INSERT INTO resident_fact (resident_id, kind, value, from_day, until_day) VALUES ($1, $2, $3, $4, $5)"
    await say(owner, today=APRIL)
    await owner.execute(fact, resident, "ability", "severe", SPRING, None)
    await owner.execute(fact, resident, "welfare", "preferential", SPRING, None)
    await owner.execute(fact, resident, "welfare", "no_family", date(2025, 1, 1), SPRING)
    row = await owner.fetchrow(
        "SELECT ability, welfare, living FROM resident WHERE id = $1", resident
    )
    assert tuple(row) == ("severe", ["preferential"], None)
    await owner.execute("UPDATE resident_fact SET withdrawn_at = now() WHERE kind = 'ability'")
    assert await owner.fetchval("SELECT ability FROM resident") is None


async def test_a_residence_is_copied_to_the_home_and_must_agree_with_it(owner, community):
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    resident = await community.resident(first)
    async with owner.transaction():
        await owner.execute("UPDATE residence SET withdrawn_at = now()")
        for home, begin, end in ((first, SPRING, APRIL), (second, APRIL, None)):
            await owner.execute(
                "INSERT INTO residence (resident_id, home_id, region_id, from_day, until_day)"
                " VALUES ($1, $2, $3, $4, $5)",
                resident,
                home,
                community.street,
                begin,
                end,
            )
    assert await owner.fetchval("SELECT home_id FROM resident") == second
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute("UPDATE residence SET withdrawn_at = now() WHERE until_day IS NULL")
    assert refused.value.constraint_name == "residence_agrees"


@pytest.mark.parametrize("table", ["residence", "resident_fact", "resident_event"])
async def test_the_server_withdraws_rows_of_the_past_and_changes_nothing_else(
    database: Database, table: str
):
    connection = await database.connect("server")
    withdraw = f"UPDATE {table} SET withdrawn_at = now(), withdrawn_by = 1, withdrawn_why = ''"  # noqa: S608
    assert await connection.execute(withdraw) == "UPDATE 0"
    for statement in (f"UPDATE {table} SET source = ''", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    ("code", "holds"),
    [("91350100M000100Y43", True), ("91350100M000100Y34", False), ("91350100I000100Y43", False)],
)
async def test_an_organisation_has_a_code_whose_check_holds(owner, community, code, holds):
    made = (
        "INSERT INTO organisation (kind, name, uscc, region_id) VALUES ('provider', '康乐', $1, $2)"
    )
    if holds:
        await owner.execute(made, code, community.root)
        return
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(made, code, community.root)
    assert refused.value.constraint_name == "ck_organisation_uscc_holds"


# ---- against a model that keeps every day


DAYS = 12
day_numbers = st.integers(1, DAYS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("home"), day_numbers, st.integers(0, 2)),
        st.tuples(
            st.just("status"),
            day_numbers,
            st.sampled_from(["home", "hospital", "moved", "deceased"]),
        ),
        st.tuples(st.just("ability"), day_numbers, st.sampled_from([None, "mild", "severe"])),
        st.tuples(
            st.just("welfare"), day_numbers, st.sets(st.sampled_from(["no_family", "preferential"]))
        ),
    ),
    max_size=8,
)


class Diary:
    """What held on each day, kept the dumbest way."""

    def __init__(self, home: int) -> None:
        self.now: dict[str, object] = {
            "home": home,
            "status": "home",
            "ability": None,
            "welfare": set(),
        }
        self.days: dict[str, list[object]] = {
            what: [value] * DAYS for what, value in self.now.items()
        }

    def write(self, what: str, day: int, value: object) -> None:
        """Who had moved, be it on the same day, died elsewhere: no day here changes by it."""
        moved = self.now["status"] == "moved"
        self.now[what] = value
        if moved and value == "deceased":
            return
        self.days[what][day:] = [value] * (DAYS - day)


@pytest.fixture
async def three_homes(community: Community) -> Sequence[int]:
    return [await community.home(address=f"榆荫里{number}号楼") for number in (1, 2, 3)]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
async def test_the_past_is_what_was_said_of_each_day(owner, community, three_homes, steps):
    """Told in the order of the days, of whoever lives here."""
    await say(owner, day=SPRING)
    resident = await community.resident(three_homes[0])
    diary = Diary(three_homes[0])
    for what, number, said in sorted(steps, key=lambda step: step[1]):
        gone = diary.now["status"] in ("moved", "deceased")
        if diary.now["status"] == "deceased" or (gone and what != "status"):
            continue
        value = three_homes[said] if what == "home" else said
        await write(owner, resident, what, number, value)
        diary.write(what, number, value)
    for number in range(DAYS):
        assert await as_of(owner, resident, SPRING + timedelta(days=number)) == expected(
            diary, number
        )


async def write(
    owner: asyncpg.Connection, resident: int, what: str, number: int, value: object
) -> None:
    column = "home_id" if what == "home" else what
    sent = sorted(value) if isinstance(value, set) else value
    change = f"UPDATE resident SET {column} = $2 WHERE id = $1"  # noqa: S608 - our own names
    await on(owner, SPRING + timedelta(days=number), change, resident, sent)


AGREES = """
SELECT resident.status = status_of(resident.id)
   AND resident.welfare @> values_of(resident.id, 'welfare') AND resident.welfare <@ values_of(resident.id, 'welfare')
   AND resident.ability IS NOT DISTINCT FROM value_of(resident.id, 'ability')
   AND CASE WHEN resident.status IN ('moved', 'deceased') THEN stay.id IS NULL ELSE stay.home_id = resident.home_id END
FROM resident
LEFT JOIN residence AS stay ON stay.resident_id = resident.id AND stay.withdrawn_at IS NULL AND stay.until_day IS NULL
WHERE resident.id = $1
"""


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
async def test_told_in_any_order_both_sides_agree(owner, community, three_homes, steps):
    """Whatever does not fit is refused as a whole."""
    await say(owner, day=SPRING)
    resident = await community.resident(three_homes[0])
    for what, number, said in steps:
        value = three_homes[said] if what == "home" else said
        with contextlib.suppress(asyncpg.IntegrityConstraintViolationError):
            await write(owner, resident, what, number, value)
        assert await owner.fetchval(AGREES, resident)


def expected(diary: Diary, number: int) -> tuple[object, ...]:
    status = diary.days["status"][number]
    yesterday = diary.days["status"][number - 1] if number else "home"
    lives = status not in ("moved", "deceased") or (
        status == "deceased" and yesterday in ("home", "hospital")
    )
    home = diary.days["home"][number] if lives else None
    return home, diary.days["ability"][number], diary.days["welfare"][number]


async def as_of(owner: asyncpg.Connection, resident: int, day: date) -> tuple[object, ...]:
    holds = "resident_id = $1 AND withdrawn_at IS NULL AND from_day <= $2 AND (until_day IS NULL OR until_day > $2)"
    homes = await owner.fetch(f"SELECT home_id FROM residence WHERE {holds}", resident, day)  # noqa: S608
    rows = await owner.fetch(f"SELECT kind, value FROM resident_fact WHERE {holds}", resident, day)  # noqa: S608
    assert len(homes) <= 1
    ability = [row["value"] for row in rows if row["kind"] == "ability"]
    return (
        homes[0][0] if homes else None,
        ability[0] if ability else None,
        {row["value"] for row in rows if row["kind"] == "welfare"},
    )
