"""Disability, membership and retirement have a past as well, whichever side of it is written."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.community import Community

SPRING, MAY, JUNE = (date(2026, month, 1) for month in (3, 5, 6))
JOINED = date(1966, 7, 1)


async def say(owner, day=None, today=JUNE):
    for name, value in (("today", today), ("day", day or "")):
        await owner.execute("SELECT set_config('callcenter.' || $1, $2, false)", name, str(value))


@pytest.fixture
async def resident(owner):
    await say(owner, today=SPRING)
    community = await Community.found(owner)
    return await community.resident(await community.home())


async def facts(owner, resident, kind):
    rows = await owner.fetch(
        "SELECT value, level, from_day, until_day FROM resident_fact WHERE resident_id = $1 AND kind = $2"
        " AND withdrawn_at IS NULL ORDER BY from_day",
        resident,
        kind,
    )
    return [tuple(row) for row in rows]


async def present(owner, resident):
    row = await owner.fetchrow(
        "SELECT disability, disability_level, party_joined_on, retired_on FROM resident WHERE id = $1",
        resident,
    )
    return tuple(row)


async def test_who_is_registered_with_them_has_them_from_their_days(owner, resident):
    other = await owner.fetchval(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, disability, disability_level, party_joined_on,"
        " retired_on, created_at, updated_at) SELECT home_id, 'a', 'a', 'a', 'a', 'visual', '1', '1966-07-01', '1998-03-01',"
        " created_at, updated_at FROM resident WHERE id = $1 RETURNING id",
        resident,
    )
    assert await facts(owner, other, "disability") == [("visual", "1", SPRING, None)]
    assert await facts(owner, other, "party_member") == [("member", "", JOINED, None)]
    assert await facts(owner, other, "retiree") == [("retired", "", date(1998, 3, 1), None)]
    assert await facts(owner, resident, "disability") == []


async def test_a_degree_that_changes_ends_the_one_before_and_its_certificate_stays(owner, resident):
    set_it = "UPDATE resident SET disability = $2, disability_level = $3 WHERE id = $1"
    await owner.execute(set_it, resident, "physical", "3")
    await owner.execute("UPDATE resident_fact SET document_sealed = 'x' WHERE kind = 'disability'")
    await say(owner, day=MAY)
    await owner.execute(set_it, resident, "physical", "2")
    assert await facts(owner, resident, "disability") == [
        ("physical", "3", SPRING, MAY),
        ("physical", "2", MAY, None),
    ]
    sealed = "SELECT count(document_sealed) FROM resident_fact WHERE withdrawn_at IS NULL AND kind = 'disability'"
    assert await owner.fetchval(sealed) == 2
    await say(owner, day=JUNE)
    await owner.execute(set_it, resident, None, "")
    assert (await facts(owner, resident, "disability"))[-1] == ("physical", "2", MAY, JUNE)


async def test_another_first_day_of_membership_corrects_the_one_before(owner, resident):
    joined = "UPDATE resident SET party_joined_on = $2 WHERE id = $1"
    await owner.execute(joined, resident, date(1967, 7, 1))
    await owner.execute(joined, resident, JOINED)
    assert await facts(owner, resident, "party_member") == [("member", "", JOINED, None)]
    await owner.execute(joined, resident, None)
    assert await facts(owner, resident, "party_member") == []


async def test_what_is_written_into_the_past_shows_today(owner, resident):
    put = (
        "INSERT INTO resident_fact (resident_id, kind, value, level, from_day, until_day, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, now())"
    )
    await say(owner, today=JUNE)
    await owner.execute(put, resident, "disability", "hearing", "4", MAY, None)
    await owner.execute(put, resident, "party_member", "member", "", JOINED, None)
    await owner.execute(put, resident, "retiree", "retired", "", MAY, JUNE)
    assert await present(owner, resident) == ("hearing", "4", JOINED, None)
    await owner.execute("UPDATE resident_fact SET withdrawn_at = now() WHERE kind = 'disability'")
    assert (await present(owner, resident))[:2] == (None, "")
