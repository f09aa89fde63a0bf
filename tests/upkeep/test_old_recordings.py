"""Recordings go by the kind of their line and whether they belong to an incident: row first, then file, together; held ones and open ones never."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from callcenter.adjustable.known import SETTINGS
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.hotline.recordings.removing import Removing
from callcenter.hotline.recordings.shelf import MARK, Shelf
from callcenter.upkeep.kinds import KeptKind, cutoff
from callcenter.upkeep.old_recordings import OLD_RECORDINGS
from tests.support.community import Community
from tests.support.recorded import call_row, incident_of

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
DAY = timedelta(days=1)


async def recording_row(owner, region, call, at, state="kept", file="trial/x.sealed", name=None):
    return await owner.fetchval(
        "INSERT INTO recording (pbx, name, call_id, region_id, state, file, sha256, recorded_at, held_reason)"
        " VALUES ('trial', $1, $2, $3, $4, $5, '\\x00', $6, CASE $4 WHEN 'held' THEN 'why' ELSE '' END) RETURNING id",
        name or str(new_id()),
        call,
        region,
        state,
        file,
        at,
    )


def days_of(kind: KeptKind) -> int:
    default = SETTINGS[f"retention.{kind}_d"].default
    assert isinstance(default, int)
    return default


async def take(database: Database, kind: KeptKind, now: datetime = NOW) -> int:
    setting = SETTINGS[f"retention.{kind}_d"]
    connection = await database.connect("test")
    try:
        return await OLD_RECORDINGS[kind].take_some(
            connection, cutoff(setting, days_of(kind), now), 100
        )
    finally:
        await connection.close()


async def close(owner: asyncpg.Connection, incident: object) -> None:
    for change in (
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王', taken_at = opened_at WHERE id = $1 AND state = 'waiting'",
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = opened_at WHERE id = $1 AND state <> 'closed'",
    ):
        await owner.execute(change, incident)


@pytest.mark.parametrize(
    ("line", "of_incident", "kind"),
    [
        ("hotline", False, KeptKind.RECORDINGS),
        ("green", False, KeptKind.RECORDINGS),
        ("red", False, KeptKind.RECORDINGS_RED),
        ("hotline", True, KeptKind.RECORDINGS_CASE),
    ],
)
async def test_each_is_kept_as_long_as_its_kind(owner, database, line, of_incident, kind):
    community = await Community.found(owner)
    incident = await incident_of(owner, community) if of_incident else None
    call = await call_row(owner, community.street, NOW, kind=line, incident=incident)
    if incident:
        await close(owner, incident)
    age = days_of(kind) * DAY
    young = await recording_row(owner, community.street, call, NOW - age + timedelta(minutes=1))
    old = await recording_row(owner, community.street, call, NOW - age - timedelta(minutes=1))
    taken = {each: await take(database, each) for each in OLD_RECORDINGS}
    assert taken == {each: int(each is kind) for each in OLD_RECORDINGS}
    states = dict(await owner.fetch("SELECT id, state FROM recording"))
    assert states == {young: "kept", old: "expired"}


async def test_one_of_no_known_call_is_kept_like_the_hotline(owner, database):
    community = await Community.found(owner)
    await recording_row(owner, community.root, None, NOW - 200 * DAY)
    assert await take(database, KeptKind.RECORDINGS) == 1


async def test_the_database_lets_none_of_an_open_incident_and_none_that_is_held_expire(
    owner, database
):
    community = await Community.found(owner)
    incident = await incident_of(owner, community)
    call = await call_row(owner, community.street, NOW, incident=incident)
    opened = await recording_row(owner, community.street, call, NOW - 4000 * DAY)
    held = await recording_row(owner, community.street, None, NOW - 4000 * DAY, "held")
    for each in OLD_RECORDINGS:
        assert await take(database, each) == 0
    for each in (opened, held):
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute("UPDATE recording SET state = 'expired' WHERE id = $1", each)


# ---- any order of what happens, cut off anywhere


@dataclass
class Archive:
    """Some recordings with their files, and what is done with them."""

    owner: asyncpg.Connection
    database: Database
    shelf: Shelf
    community: Community
    now: datetime = NOW
    files: dict[int, Path] = field(default_factory=dict)
    incidents: dict[int, object] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    async def record(self, of_incident: bool) -> None:
        place = f"trial/{len(self.files)}.sealed"
        path = self.shelf.folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sealed")
        incident = await incident_of(self.owner, self.community) if of_incident else None
        call = await call_row(
            self.owner,
            self.community.street,
            self.now,
            f"trial-{len(self.files)}",
            incident=incident,
        )
        id_ = await recording_row(self.owner, self.community.street, call, self.now, file=place)
        self.files[id_] = path
        if incident:
            self.incidents[id_] = incident

    async def change(self, nth: int, what: str) -> None:
        if not self.files:
            return
        id_ = list(self.files)[nth % len(self.files)]
        state = await self.owner.fetchval("SELECT state FROM recording WHERE id = $1", id_)
        if what == "close" and id_ in self.incidents:
            await close(self.owner, self.incidents[id_])
        elif (what, state) == ("hold", "kept"):
            await self._be(id_, "held", "why")
        elif (what, state) == ("release", "held"):
            await self._be(id_, "kept", "")

    async def _be(self, id_: int, state: str, why: str) -> None:
        await self.owner.execute(
            "UPDATE recording SET state = $2, held_reason = $3 WHERE id = $1", id_, state, why
        )

    async def night(self) -> None:
        for kind in OLD_RECORDINGS:
            self.done["expired"] += await take(self.database, kind, self.now)

    async def remove(self, cut: str) -> None:
        """`cut`: killed after the files went and before the rows said so; or while the folder is away."""
        if cut == "before_rows":
            gone = "SELECT file FROM recording WHERE state = 'expired' AND removed_at IS NULL"
            for row in await self.owner.fetch(gone):
                self.shelf.remove(row["file"])
            return
        mark = self.shelf.folder / MARK
        if cut == "away":
            mark.unlink(missing_ok=True)
        removing = Removing(self.database, "trial", self.shelf)
        await removing.run_once(self.now)
        await removing.connections.close()
        mark.touch()

    async def holds(self) -> None:
        """A row that can be heard has its file; one whose file is said to be gone has none; held and open ones are there."""
        rows = await self.owner.fetch(
            "SELECT recording.*, incident.state AS incident FROM recording LEFT JOIN call ON call.id = call_id"
            " LEFT JOIN incident ON incident.id = incident_id"
        )
        assert len(rows) == len(self.files)
        for row in rows:
            is_there = self.files[row["id"]].exists()
            if row["state"] in ("kept", "held"):
                assert is_there
            if row["removed_at"] is not None:
                assert not is_there
            if row["incident"] not in (None, "closed"):
                assert row["state"] != "expired"


steps = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.booleans()),
        st.tuples(st.sampled_from(["hold", "release", "close"]), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([10, 100, 200, 1100])),
        st.tuples(st.just("night"), st.none()),
        st.tuples(st.just("remove"), st.sampled_from(["whole", "whole", "before_rows", "away"])),
    ),
    min_size=6,
    max_size=24,
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(taken=steps)
def test_row_and_file_end_together_whatever_happens_in_between(lending, taken):
    async def story() -> None:
        dsn = await lending.lend()
        database, as_owner = Database(dsn), Database(dsn, role=None)
        owner = await as_owner.connect("test owner")
        with tempfile.TemporaryDirectory() as folder:
            shelf = Shelf(Path(folder) / "recordings", Seal.load(Path(folder)), Reserve(None, 0))
            shelf.begin()
            archive = Archive(owner, database, shelf, await Community.found(owner))
            try:
                for step, given_ in taken:
                    await carry_out(archive, step, given_)
                    await archive.holds()
                await everything_goes(archive)
            finally:
                await owner.close()
                await database.close()
                await as_owner.close()
                await lending.give_back(dsn)

    asyncio.run(story())


async def carry_out(archive: Archive, step: str, given_: object) -> None:
    match step, given_:
        case "record", bool():
            await archive.record(given_)
        case "wait", int():
            archive.now += timedelta(days=given_)
        case "night", _:
            await archive.night()
        case "remove", str():
            await archive.remove(given_)
        case _, int():
            await archive.change(given_, step)


async def everything_goes(archive: Archive) -> None:
    """When all is closed and released and its time is over, nothing is left but the rows that say so."""
    for nth in range(len(archive.files)):
        await archive.change(nth, "close")
        await archive.change(nth, "release")
    archive.now += timedelta(days=1200)
    await archive.night()
    for way in ("away", "before_rows", "whole"):
        await archive.remove(way)
        await archive.holds()
    assert [path for path in archive.files.values() if path.exists()] == []
    left = await archive.owner.fetchval(
        "SELECT count(*) FROM recording WHERE state <> 'expired' OR removed_at IS NULL"
    )
    assert left == 0
