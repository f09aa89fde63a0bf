"""A change says from which day it holds; what cannot be is refused with what to do, and the past knows who wrote it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from callcenter.core.errors import Conflict
from callcenter.residents.dating import FIRST_DAY, fitting_the_past, read_day
from callcenter.residents.fields import Reading
from tests.support.community import LONG_AGO

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, None),
        (TODAY, None),
        (FIRST_DAY, None),
        (date(2026, 3, 15), "after_today"),
        (date(1899, 12, 31), "unlikely_day"),
    ],
)
def test_a_day_of_the_past_is_neither_tomorrow_nor_before_anybody_lived(day, code):
    reading = Reading(TODAY)
    read_day(reading, "effective_on", day)
    assert [each.code for each in reading.problems] == ([code] if code else [])


def test_another_fault_of_the_database_stays_what_it_is():
    with pytest.raises(IntegrityError), fitting_the_past():
        raise IntegrityError("", None, Exception())


class _Overlap(Exception):
    constraint_name = "residence_overlaps"


def test_a_guard_of_the_past_becomes_a_conflict():
    fault = Exception()
    fault.__cause__ = _Overlap()
    with pytest.raises(Conflict) as refused, fitting_the_past():
        raise IntegrityError("", None, fault)
    assert refused.value.code == "past_overlaps"


@pytest.fixture
async def moved(editor, community, owner):
    """Somebody who lives in one home since 2020, and another home."""
    first, second = await community.home(), await community.home(address="榆荫里8号楼")
    body = {
        "home_id": first,
        "name": "沈玉兰",
        "effective_on": "2020-01-01",
        "welfare": ["no_family"],
    }
    answer = await editor.post("/api/v1/residents", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], first, second


async def stays(owner):
    rows = await owner.fetch(
        "SELECT home_id, from_day, until_day FROM residence WHERE withdrawn_at IS NULL ORDER BY from_day"
    )
    return [tuple(row) for row in rows]


async def test_who_moved_on_the_third_lived_there_until_then(editor, owner, moved):
    resident, first, second = moved
    change = {"version": 1, "home_id": second, "effective_on": "2026-03-03"}
    answer = await editor.patch(f"/api/v1/residents/{resident}", json=change)
    assert (answer.status_code, answer.json()["home_id"]) == (200, second)
    day = date(2026, 3, 3)
    assert await stays(owner) == [(first, LONG_AGO.date(), day), (second, day, None)]
    detail = await owner.fetchval("SELECT detail FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert detail == {"fields": ["home_id"], "effective_on": "2026-03-03"}
    wrote = await owner.fetchrow(
        "SELECT source, recorded_by, recorded_at FROM residence ORDER BY id DESC"
    )
    user = await owner.fetchval("SELECT id FROM app_user WHERE login = 'supervisor'")
    assert (wrote["source"], wrote["recorded_by"], wrote["recorded_at"].date()) == (
        "api",
        user,
        TODAY,
    )


async def test_a_change_without_a_day_holds_from_today(editor, owner, moved):
    resident, _, second = moved
    await editor.patch(f"/api/v1/residents/{resident}", json={"version": 1, "home_id": second})
    assert (await stays(owner))[-1] == (second, TODAY, None)


async def test_a_death_may_be_told_late_and_nothing_after_it_early(editor, owner, moved):
    resident, first, _ = moved
    path = f"/api/v1/residents/{resident}"
    hospital = {"version": 1, "status": "hospital", "effective_on": "2026-03-10"}
    assert (await editor.patch(path, json=hospital)).status_code == 200
    away = await editor.patch(
        path, json={"version": 2, "status": "away", "effective_on": "2026-03-01"}
    )
    assert (away.status_code, away.json()["error"]["code"]) == (409, "later_is_known")
    died = {"version": 2, "status": "deceased", "effective_on": "2026-02-28"}
    assert (await editor.patch(path, json=died)).json()["status"] == "deceased"
    assert await stays(owner) == [(first, LONG_AGO.date(), date(2026, 3, 1))]


async def test_a_day_that_is_still_to_come_is_refused(editor, moved):
    change = {"version": 1, "status": "moved", "effective_on": "2026-03-15"}
    answer = await editor.patch(f"/api/v1/residents/{moved[0]}", json=change)
    assert answer.json()["error"]["params"]["problems"][0]["code"] == "after_today"


async def test_a_home_belongs_to_another_region_from_the_day_that_is_said(
    editor, community, owner, moved
):
    grid = await community.region(community.street, "grid", "第三网格")
    change = {"version": 1, "region_id": grid, "effective_on": "2026-03-01"}
    answer = await editor.patch(f"/api/v1/homes/{moved[1]}", json=change)
    assert answer.status_code == 200, answer.text
    row = await owner.fetchrow("SELECT region_id, from_day FROM residence ORDER BY id DESC")
    assert tuple(row) == (grid, date(2026, 3, 1))
