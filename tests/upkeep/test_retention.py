"""A night: a batch at a time, one entry of the trail, and whoever starts again goes on where the last one stopped."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import BUILT_IN
from callcenter.core.sealed import Seal
from callcenter.directory.jobs import ImportJobs
from callcenter.upkeep import retention
from callcenter.upkeep.retention import Retention

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 3, 15, 3, 5, tzinfo=SHANGHAI)


@pytest.fixture
async def nightly(database, tmp_path):
    jobs = ImportJobs(tmp_path / "imports", Seal.load(tmp_path))
    made = Retention(database, Site(BUILT_IN | {"retention.log_ins_d": 2}), jobs, SHANGHAI)
    yield made
    await made.connections.close()


@pytest.fixture
def log_in(owner, community):
    async def log_in(name: str, until: datetime) -> None:
        user = await community.user(name)
        await owner.execute(
            "INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address)"
            " VALUES ($1, $2, '', $3, $3, '')",
            name.encode(),
            user,
            until,
        )

    return log_in


async def entries(owner):
    rows = await owner.fetch(
        "SELECT subject, region_ids, detail FROM audit_entry WHERE action = 'retention_run'"
    )
    return [(row["subject"], row["region_ids"], row["detail"]["took"]) for row in rows]


async def test_a_night_takes_what_is_older_than_it_is_kept_and_says_so_once(
    nightly, log_in, owner, community, tmp_path, monkeypatch
):
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(3):
        await log_in(f"old{number}", NIGHT - timedelta(days=3))
    await log_in("young", NIGHT - timedelta(days=1))
    (tmp_path / "imports").mkdir()
    for name, days in (("old", 40), ("young", 3)):
        file = tmp_path / "imports" / name
        file.write_bytes(b"")
        os.utime(file, ((NIGHT - timedelta(days=days)).timestamp(),) * 2)

    await nightly.run_once(NIGHT - timedelta(hours=1))
    assert await owner.fetchval("SELECT count(*) FROM login_session") == 4
    await nightly.run_once(NIGHT)
    assert await owner.fetchval("SELECT count(*) FROM login_session") == 2
    assert await entries(owner) == []
    for minute in (1, 2, 3):
        await nightly.run_once(NIGHT + timedelta(minutes=minute))
    assert await owner.fetchval("SELECT user_id FROM login_session") is not None
    assert [each.name for each in (tmp_path / "imports").iterdir()] == ["young"]
    took = {"log_ins": 3, "import_reports": 1}
    assert await entries(owner) == [("site", [community.root], took)]


async def test_whoever_starts_again_goes_on_with_it(nightly, log_in, owner, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    for number in range(2):
        await log_in(f"old{number}", NIGHT - timedelta(days=3))
    await nightly.run_once(NIGHT)
    for hour in (9, 10):
        await nightly.run_once(NIGHT + timedelta(hours=hour))
    runs = await owner.fetch("SELECT began_at, ended_at FROM retention_run")
    assert [(run["began_at"], run["ended_at"]) for run in runs] == [
        (NIGHT, NIGHT + timedelta(hours=10))
    ]
    assert [took for _, _, took in await entries(owner)] == [{"log_ins": 2}]


async def test_one_server_at_a_time(nightly, owner, log_in):
    await log_in("old", NIGHT - timedelta(days=3))
    async with owner.transaction():
        await owner.execute("SELECT pg_advisory_xact_lock(hashtext('retention'))")
        await nightly.run_once(NIGHT)
    assert await owner.fetchval("SELECT count(*) FROM login_session") == 1


async def test_work_that_goes_is_counted_on_the_day_of_the_site(nightly, owner, community):
    began = datetime(2022, 5, 2, 0, 30, tzinfo=SHANGHAI)
    await owner.execute(
        "INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, ended_at)"
        " VALUES (gen_random_uuid(), 'visit', 'done', $1, ARRAY[$1::bigint], 482, $2, $2, $2)",
        community.street,
        began,
    )
    for minute in range(2):
        await nightly.run_once(NIGHT + timedelta(minutes=minute))
    counted = await owner.fetch("SELECT day, what, ended, number FROM field_figure")
    assert [tuple(row) for row in counted] == [(began.date(), "visit", "done", 1)]
    assert [took for _, _, took in await entries(owner)] == [{"tasks": 1}]
