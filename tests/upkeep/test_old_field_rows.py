"""What of the field is old enough, and what stays: work that is open, a rescue whose timeline is still here, a door that is being called
about; and what is still counted of that which went.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from asyncpg import InsufficientPrivilegeError

from callcenter.core.ids import new_id
from callcenter.upkeep.kinds import Cutoff, KeptKind
from callcenter.upkeep.old_field_rows import OLD_FIELD_ROWS

DAY = timedelta(days=1)


@pytest.fixture
def cut(clock):
    at = clock.now() - 800 * DAY
    return Cutoff(at, UUID(int=int(at.timestamp() * 1000) << 80))


@pytest.fixture
def old(cut):
    return cut.at - DAY


@pytest.fixture
async def home(community):
    return await community.home()


@pytest.fixture
async def staff(owner, community):
    return await owner.fetchval(
        "INSERT INTO staff (name, region_id, active_from) VALUES ('王敏', $1, '2020-01-01') RETURNING id",
        community.street,
    )


@pytest.fixture
async def server(database):
    """As the office has it: with no more rights than it."""
    connection = await database.connect("test")
    yield connection
    await connection.close()


@pytest.fixture
def take(server, cut):
    """Takes of a kind, two at most; how many there were before and what was taken."""

    async def take(kind: KeptKind) -> tuple[int, int]:
        rows = OLD_FIELD_ROWS[kind]
        look = await rows.look(server, cut, 10)
        return look["number"], await rows.take_some(server, cut, 2)

    return take


@pytest.fixture
def task(owner, community, home, staff):
    """One with everything that hangs on it."""

    async def task(
        ended: datetime | None, kind: str = "visit", incident: UUID | None = None, **more: str
    ) -> UUID:
        state = more.get("state", "done") if ended else "accepted"
        made, at = new_id(), ended or more["at"]
        await owner.execute(
            _TASK, made, kind, state, incident, home, community.street, staff, at, ended
        )
        await owner.execute(_STEP, made, at, staff)
        await owner.execute(_OFFER, made, staff, at)
        await owner.execute(_CHECK_IN, new_id(), made, staff, at)
        return made

    return task


async def left(owner, table: str) -> int:
    return await owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of this file


async def close(owner, incident: UUID) -> None:
    for statement in (_TAKEN, _CLOSED):
        await owner.execute(statement, incident)


async def test_work_goes_with_all_that_hangs_on_it_and_open_work_stays(take, task, owner, cut, old):
    for days in (1, 2, 3):
        await task(cut.at - days * DAY)
    young, open_ = await task(cut.at + DAY), await task(None, at=old)
    assert await take(KeptKind.TASKS) == (3, 2)
    assert await take(KeptKind.TASKS) == (1, 1)
    assert await take(KeptKind.TASKS) == (0, 0)
    assert {row["id"] for row in await owner.fetch("SELECT id FROM task")} == {young, open_}
    for table in ("task_step", "task_offer", "check_in"):
        assert await left(owner, table) == 2


async def test_a_rescue_stays_as_long_as_the_timeline_of_its_incident(take, task, owner, old):
    incident = new_id()
    await owner.execute(_INCIDENT, incident, old)
    await task(old, "rescue", incident)
    assert await take(KeptKind.TASKS) == (0, 0)
    await close(owner, incident)
    await owner.execute(_ENTRY, incident, old)
    assert await take(KeptKind.TASKS) == (0, 0)
    await owner.execute("DELETE FROM timeline_entry WHERE incident_id = $1", incident)
    assert await take(KeptKind.TASKS) == (1, 1)


async def test_what_is_counted_of_work_outlives_it(take, task, owner, old, community):
    await owner.execute(_RATED, await task(old, "errand"), old)
    await task(old, "errand", state="cancelled")
    await task(old - DAY / 24, "errand")
    assert [(await take(KeptKind.TASKS))[1] for _ in range(2)] == [2, 1]
    rows = await owner.fetch(
        "SELECT what, ended, number, asked, rated, stars FROM field_figure ORDER BY ended"
    )
    assert [tuple(row) for row in rows] == [
        ("errand", "cancelled", 1, 0, 0, 0),
        ("errand", "done", 2, 1, 1, 4),
    ]
    where = await owner.fetch("SELECT DISTINCT day, region_id FROM field_figure")
    assert [tuple(row) for row in where] == [(old.date(), community.street)]


async def test_the_server_cannot_take_what_is_younger_than_a_year(task, owner, server):
    lately = datetime.now(UTC) - 200 * DAY
    await task(lately)
    young = await owner.fetch("SELECT id FROM task")
    taken = await server.fetch("SELECT take_tasks($1)", [row["id"] for row in young])
    assert taken == []
    with pytest.raises(InsufficientPrivilegeError):
        await server.execute("DELETE FROM task")


async def test_where_somebody_checked_in_goes_before_the_check_in(take, task, owner, cut, old):
    await task(old)
    incident = new_id()
    await owner.execute(_INCIDENT, incident, old)
    await task(old, "rescue", incident)
    await task(cut.at + DAY)
    assert await take(KeptKind.CHECK_IN_PLACES) == (1, 1)
    assert await take(KeptKind.CHECK_IN_PLACES) == (0, 0)
    kept = await owner.fetch(
        "SELECT lat, distance_m, accuracy_m FROM check_in ORDER BY received_at"
    )
    assert sorted((row["lat"] is None, row["distance_m"]) for row in kept) == [
        (False, 12),
        (False, 12),
        (True, 12),
    ]


@pytest.fixture
def run(owner, community, home, staff):
    """A day of a round with one door, and what was said there."""

    async def run(day: datetime, state: str = "done", call: str | None = None) -> int:
        round_ = await owner.fetchval(_ROUND, community.street, day)
        stop = await owner.fetchval(_STOP, round_, home)
        made: int = await owner.fetchval(_RUN, round_, day.date(), day)
        item = None if call is None else await owner.fetchval(_CALL, home, day.date(), call, day)
        visit = await owner.fetchval(_VISIT, made, stop, home, state, item, day)
        await owner.execute(_ROUND_CHECK, new_id(), visit, staff, day)
        await owner.execute(
            "UPDATE round_run SET state = 'closed', closed_at = $2 WHERE id = $1", made, day
        )
        return made

    return run


async def test_days_of_rounds_go_but_for_a_door_that_is_called_about(
    take, run, owner, community, cut, old
):
    await owner.execute(
        "INSERT INTO call_list (kind, name, region_id, created_at) VALUES ('door', '', $1, $2)",
        community.street,
        old,
    )
    await run(old)
    called = await run(old - DAY, "no_answer", "open")
    await run(old - 2 * DAY, "no_answer", "done")
    young = await run(cut.at + DAY)
    assert await take(KeptKind.ROUNDS) == (2, 2)
    assert await take(KeptKind.ROUNDS) == (0, 0)
    assert {row["id"] for row in await owner.fetch("SELECT id FROM round_run")} == {called, young}
    assert (await left(owner, "round_visit"), await left(owner, "round_check")) == (2, 2)
    rows = await owner.fetch("SELECT what, ended, number FROM field_figure")
    assert {tuple(row) for row in rows} == {("milk", "done", 1), ("milk", "no_answer", 1)}


async def test_places_at_doors_go_as_those_of_check_ins(take, run, owner, old):
    await run(old)
    assert await take(KeptKind.CHECK_IN_PLACES) == (1, 1)
    row = await owner.fetchrow("SELECT lat, lng, accuracy_m, distance_m FROM round_check")
    assert tuple(row) == (None, None, None, 7)


async def test_commands_of_phones_go_by_when_they_came(take, owner, staff, cut):
    for at in (cut.at - DAY, cut.at + DAY):
        await owner.execute(_COMMAND, new_id(), staff, at)
    assert await take(KeptKind.FIELD_COMMANDS) == (1, 1)
    assert await left(owner, "field_command") == 1


async def test_words_of_neighbours_go_and_the_last_one_stays_at_the_pair(
    take, owner, staff, home, cut
):
    responsible = await owner.fetchval(_RESPONSIBLE, home, staff)
    pair = await owner.fetchval(_PAIR, responsible, cut.at)
    for at in (cut.at - DAY, cut.at + DAY):
        await owner.execute(_TICK, new_id(), pair, at)
    assert await take(KeptKind.PAIR_TICKS) == (1, 1)
    assert await left(owner, "pair_tick") == 1
    assert await owner.fetchval("SELECT said FROM pair") == "well"


async def test_looks_at_a_page_go_when_its_incident_is_over(take, owner, cut, old):
    over, running = new_id(), new_id()
    await owner.execute(_INCIDENT, over, old)
    await close(owner, over)
    await owner.execute(_INCIDENT, running, old)
    for incident in (over, running):
        await owner.execute(_LOOK, incident, old)
    assert await take(KeptKind.FAMILY_LOOKS) == (1, 1)
    assert await owner.fetchval("SELECT incident_id FROM family_look") == running


async def test_what_let_a_phone_in_goes_after_its_end(take, owner, community, staff, cut, old):
    for number, until in enumerate((old, cut.at + DAY)):
        await owner.execute(_SESSION, bytes([number]), staff, until, None)
        await owner.execute(_LINK, bytes([number]), staff, until)
    await owner.execute(_SESSION, b"lost", staff, cut.at + DAY, old)
    await owner.execute(_CODE, staff, old)
    found = [await take(KeptKind.PHONE_LOG_INS) for _ in range(4)]
    assert found == [(4, 2), (2, 1), (1, 1), (0, 0)]
    tables = ("field_session", "field_link", "field_code")
    assert [await left(owner, table) for table in tables] == [1, 1, 0]


async def test_duties_shifts_and_absences_go_by_their_end(take, owner, staff, cut, old):
    duty = await owner.fetchval(_DUTY, staff, old)
    await owner.execute(_SHIFT, staff, old, duty)
    kept = await owner.fetchval(_DUTY, staff, cut.at + DAY)
    running = await owner.fetchval(
        "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, $2, 'page') RETURNING id",
        staff,
        old,
    )
    await owner.execute(_ABSENCE, staff, (old - 2 * DAY).date(), old.date())
    await owner.execute(_ABSENCE, staff, old.date(), None)
    found = [await take(KeptKind.DUTIES) for _ in range(4)]
    assert found[0][0] == 2
    assert sum(taken for _, taken in found) == 3
    assert {row["id"] for row in await owner.fetch("SELECT id FROM duty")} == {kept, running}
    assert (await left(owner, "roster_shift"), await left(owner, "absence")) == (0, 1)


_TASK = """
INSERT INTO task (id, kind, state, incident_id, home_id, region_id, region_path, staff_id, code, created_at, begins_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, ARRAY[$6::bigint], $7, 482, $8, $8, $9)
"""
_RATED = """
INSERT INTO task_rating (task_id, asked_at, asked_phone, rating, rated_at, rated_by) VALUES ($1, $2, '+8613900000062', 4, $2, 'sms')
"""
_STEP = """
INSERT INTO task_step (task_id, n, at, kind, state, staff_id, by) VALUES ($1, 1, $2, 'entered', 'open', $3, 'desk')
"""
_OFFER = """
INSERT INTO task_offer (task_id, n, staff_id, by, offered_at, expires_at, answer, answered_at)
VALUES ($1, 1, $2, 'sms', $3, $3, 'accepted', $3)
"""
_CHECK_IN = """
INSERT INTO check_in (id, task_id, staff_id, kind, occurred_at, said_at, received_at, lat, lng, accuracy_m, distance_m, proof)
VALUES ($1, $2, $3, 'stop', $4, $4, $4, 40, 104, 5, 12, 'none')
"""
_INCIDENT = """
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
VALUES ($1, $1::uuid::text, 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', $2, $2)
"""
_TAKEN = "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王', taken_at = opened_at WHERE id = $1"
_CLOSED = (
    "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = opened_at WHERE id = $1"
)
_ENTRY = "INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 1, $2, 'note', '{}')"
_ROUND = """
INSERT INTO round (name, kind, region_id, weekdays, from_day, begins_at, closes_at, created_at)
VALUES ('送奶', 'milk', $1, '{1,2,3,4,5,6,7}', '2020-01-01', '06:00', '09:00', $2) RETURNING id
"""
_STOP = "INSERT INTO round_stop (round_id, n, home_id) VALUES ($1, 1, $2) RETURNING id"
_RUN = """
INSERT INTO round_run (round_id, day, begins_at, closes_at, written_at) VALUES ($1, $2, $3, $3, $3) RETURNING id
"""
_CALL = """
INSERT INTO call_item (list_id, subject, home_id, occurrence, due_at, rank, state, next_try_at, result, ended_at)
VALUES ((SELECT id FROM call_list), 'visit:1', $1, $2, $4, 1, $3, $4, CASE WHEN $3::text = 'done' THEN 'well' END, CASE WHEN $3::text = 'done' THEN $4::timestamptz END)
RETURNING id
"""
_VISIT = """
INSERT INTO round_visit (run_id, stop_id, n, home_id, state, call_item_id, ended_at, said_at, check_id)
VALUES ($1, $2, 1, $3, $4, $5, $6, $6, gen_random_uuid()) RETURNING id
"""
_ROUND_CHECK = """
INSERT INTO round_check (id, visit_id, staff_id, said, occurred_at, said_at, received_at, lat, lng, accuracy_m, distance_m, proof, stands)
VALUES ($1, $2, $3, 'done', $4, $4, $4, 40, 104, 5, 7, 'none', true)
"""
_COMMAND = """
INSERT INTO field_command (id, staff_id, name, said_at, received_at, told) VALUES ($1, $2, 'accept', $3, $3, '{}')
"""
_RESPONSIBLE = """
INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'paired_neighbour', '2020-01-01') RETURNING id
"""
_PAIR = """
INSERT INTO pair (responsible_id, every_days, code, due_at, created_at, said_at, said) VALUES ($1, 1, 11, $2, $2, $2, 'well') RETURNING id
"""
_TICK = "INSERT INTO pair_tick (id, pair_id, at, said, by) VALUES ($1, $2, $3, 'well', 'sms')"
_LOOK = "INSERT INTO family_look (incident_id, contact_id, looks, first_at, last_at, told) VALUES ($1, 1, 2, $2, $2, true)"
_SESSION = """
INSERT INTO field_session (token_hash, staff_id, opened_by, opened_at, until_at, revoked_at)
VALUES ($1, $2, 'code', $3::timestamptz - interval '1 day', $3, $4)
"""
_LINK = """
INSERT INTO field_link (code_hash, staff_id, made_at, made_by, until_at) VALUES ($1, $2, $3::timestamptz - interval '1 day', 7, $3)
"""
_CODE = "INSERT INTO field_code (staff_id, code_hash, until_at, tries_left) VALUES ($1, 'x', $2, 5)"
_DUTY = """
INSERT INTO duty (staff_id, began_at, began_by, ended_at, ended_by)
VALUES ($1, $2::timestamptz - interval '8 hours', 'page', $2, 'page') RETURNING id
"""
_SHIFT = """
INSERT INTO roster_shift (staff_id, planned_for, begins_at, ends_at, began_duty_id)
VALUES ($1, $1, $2::timestamptz - interval '8 hours', $2, $3)
"""
_ABSENCE = "INSERT INTO absence (staff_id, from_day, until_day) VALUES ($1, $2, $3)"
