"""Whose a call was is forgotten by its age, with what was done about it; what is open, held or of a timeline that is here stays whole; and
what is counted stays as it was.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from asyncpg import InsufficientPrivilegeError

from callcenter.core.ids import new_id
from callcenter.hotline.figures.counted import CountedBy
from callcenter.hotline.figures.reading import Asked, read_figures
from callcenter.upkeep.kinds import Cutoff, KeptKind
from callcenter.upkeep.old_calls import OLD_CALLS
from tests.support.recorded import call_row, incident_of

DAY = timedelta(days=1)


@pytest.fixture
def cut(clock):
    at = clock.now() - 1095 * DAY
    return Cutoff(at, UUID(int=int(at.timestamp() * 1000) << 80))


@pytest.fixture
def old(cut):
    return cut.at - DAY


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
        rows = OLD_CALLS[kind]
        look = await rows.look(server, cut, 10)
        return look["number"], await rows.take_some(server, cut, 2)

    return take


@pytest.fixture
async def call(owner, community):
    """One that was filed, with a word about it and a telephone."""
    await owner.execute(
        "INSERT INTO disposition (code, zh, en, effective) VALUES ('policy', '政策咨询', 'Policy', true)"
    )

    async def call(at: datetime, *, case: str | None = None, **more: object) -> UUID:
        filed: dict[str, object] = {
            "disposition": "policy",
            "filed_at": at,
            "filings": 1,
            "note": "张大妈问补贴",
        }
        made = await call_row(owner, community.street, at, pbx_call=str(new_id()), **filed | more)
        await owner.execute(
            "INSERT INTO call_filing (id, call_id, n, at, disposition, note) VALUES ($1, $2, 1, $3, 'policy', '张大妈')", new_id(), made, at
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO call_leg (id, call_id, role, number, called_at) VALUES ($1, $2, 'caller', '13912345678', $3)", str(new_id()), made, at
        )  # fmt: skip
        if case:
            await owner.execute(_CASE, case_id := new_id(), case, made, community.street, at)
            await owner.execute(_CASE_STEP, new_id(), case_id, at)
        return made

    return call


async def known(owner) -> set[UUID]:
    return {row["id"] for row in await owner.fetch("SELECT id FROM call WHERE NOT is_forgotten")}


async def test_of_an_old_call_nothing_says_whose_it_was(take, call, owner, cut, old):
    ids = [await call(old, case="done"), await call(old - DAY), await call(old - DAY)]
    young = await call(cut.at + DAY)
    assert [await take(KeptKind.CALLS) for _ in range(3)] == [(3, 2), (1, 1), (0, 0)]
    assert await known(owner) == {young}
    for table, column in (("call", "id"), ("call_leg", "call_id"), ("call_filing", "call_id")):
        rows = await owner.fetch(f"SELECT * FROM {table} WHERE {column} = ANY($1)", ids)  # noqa: S608 - names of this test
        assert len(rows) == 3
        assert not [row for row in rows if "139" in str(row) or "张" in str(row)]
    assert not await owner.fetchval("SELECT count(*) FROM hotline_case")


async def test_what_is_open_stays_whole(take, call, owner, community, old):
    open_case = await call(old, case="open")
    unfiled = await call(old, disposition=None, filed_at=None)
    incident = await incident_of(owner, community)
    alarm = await call(old, incident=incident)
    assert await take(KeptKind.CALLS) == (0, 0)
    await close(owner, incident)
    await owner.execute(_ENTRY, incident, old)
    assert await take(KeptKind.CALLS) == (0, 0)
    assert await known(owner) == {open_case, unfiled, alarm}
    await owner.execute("DELETE FROM timeline_entry WHERE incident_id = $1", incident)
    assert await take(KeptKind.CALLS) == (1, 1)
    assert await known(owner) == {open_case, unfiled}


@pytest.mark.parametrize("state", ["held", "kept", "missing", "expired"])
async def test_a_call_waits_for_the_last_file_of_its_recordings(take, call, owner, old, state):
    made = await call(old)
    await recording(owner, made, old, state)
    assert await take(KeptKind.CALLS) == (0, 0)
    await owner.execute(
        "UPDATE recording SET state = 'kept', held_reason = '' WHERE state = 'held'"
    )
    await owner.execute("UPDATE recording SET state = 'expired' WHERE state <> 'expired'")
    assert await take(KeptKind.CALLS) == (0, 0)
    await owner.execute("UPDATE recording SET removed_at = $1", old)
    assert await take(KeptKind.CALLS) == (1, 1)
    assert not await owner.fetchval("SELECT count(*) FROM recording")


async def test_a_row_of_no_known_call_goes_when_its_file_is_gone(take, owner, old, community):
    await recording(owner, None, old, "expired", community.root)
    assert await take(KeptKind.CALLS) == (0, 0)
    await owner.execute("UPDATE recording SET removed_at = $1", old)
    assert await take(KeptKind.CALLS) == (1, 1)


async def test_figures_are_what_they_were(take, call, database, old, owner, community, clock):
    user = await community.user("wang")
    for minutes in (1, 2, 3):
        at = old - timedelta(minutes=minutes)
        await call(at, answered_at=at - timedelta(seconds=30), answered_by=user)

    async def figures(by: CountedBy) -> object:
        day: date = old.date()
        asked = Asked(day - DAY, day + DAY, frozenset({community.root}))
        async with database.transaction() as session:
            return (
                await read_figures(session, asked, by, ZoneInfo("UTC"), clock.now())
            ).model_dump()

    before = [await figures(by) for by in CountedBy]
    assert await take(KeptKind.CALLS) == (3, 2)
    assert [await figures(by) for by in CountedBy] == before


async def test_whom_the_centre_rang_is_forgotten_and_that_it_rang_is_not(
    take, owner, community, old, cut
):
    incident = await incident_of(owner, community)
    await voice_call(owner, community.street, old, incident)
    open_, young = [
        await voice_call(owner, community.street, at, incident_)
        for at, incident_ in ((None, None), (cut.at + DAY, None))
    ]
    assert await take(KeptKind.VOICE_CALLS) == (0, 0)
    await close(owner, incident)
    assert await take(KeptKind.VOICE_CALLS) == (1, 1)
    rows = await owner.fetch(
        "SELECT id, number, params, state, outcome FROM voice_call WHERE is_forgotten"
    )
    assert [(row["number"], row["state"], row["outcome"]) for row in rows] == [
        ("", "unanswered", "busy")
    ]
    assert "张" not in str(rows)
    assert await owner.fetchval("SELECT count(*) FROM voice_attempt") == 3
    kept = await owner.fetch("SELECT id FROM voice_call WHERE NOT is_forgotten")
    assert {row["id"] for row in kept} == {open_, young}


async def test_the_server_cannot_forget_what_is_younger_than_a_year(call, owner, server):
    await call(datetime.now(UTC) - 200 * DAY)
    young = [row["id"] for row in await owner.fetch("SELECT id FROM call")]
    assert await server.fetch("SELECT forget_calls($1)", young) == []
    for table in ("call", "call_leg", "recording", "hotline_case"):
        with pytest.raises(InsufficientPrivilegeError):
            await server.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this test


async def close(owner, incident: UUID) -> None:
    for change in (
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王', taken_at = opened_at WHERE id = $1",
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = opened_at WHERE id = $1",
    ):
        await owner.execute(change, incident)


async def recording(
    owner, call: UUID | None, at: datetime, state: str, region: int | None = None
) -> None:
    await owner.execute(
        "INSERT INTO recording (pbx, name, call_id, region_id, state, file, sha256, recorded_at, held_reason) VALUES ('trial', $1, $2,"
        " coalesce($3, (SELECT region_id FROM call WHERE id = $2)), $4, 'trial/x.sealed', '\\x00', $5, CASE $4 WHEN 'held' THEN 'why' ELSE '' END)",
        str(new_id()), call, region, state, at,
    )  # fmt: skip


async def voice_call(owner, region: int, ended: datetime | None, incident: UUID | None) -> UUID:
    made, at = new_id(), ended or datetime(2020, 1, 1, tzinfo=UTC)
    await owner.execute(
        "INSERT INTO voice_call (id, kind, number, region_id, params, incident_id, asked_at, state, due_at, ended_at, outcome)"
        " VALUES ($1, 'told_on', $2, $3, '{\"name\": \"张大妈\"}', $4, $5, $6, $5, $7, $8)",
        made, f"+86139{made.int % 10**8:08}", region, incident, at, "unanswered" if ended else "due", ended, "busy" if ended else None,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO voice_attempt (voice_call_id, n, rang_at, ended_at, outcome) VALUES ($1, 1, $2, $3, $4)", made, at, ended, "busy" if ended else None,
    )  # fmt: skip
    return made


_CASE = """
INSERT INTO hotline_case (id, kind, state, call_id, disposition, region_id, note, opened_at, due_at, done_at)
VALUES ($1, 'consultation', $2, $3, 'policy', $4, '张大妈', $5::timestamptz, $5, CASE $2 WHEN 'done' THEN $5 END)
"""
_CASE_STEP = (
    "INSERT INTO hotline_case_step (id, case_id, n, at, kind) VALUES ($1, $2, 1, $3, 'opened')"
)
_ENTRY = """
INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 1, $2, 'opened', '{}')
"""
