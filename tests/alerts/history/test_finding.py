"""An incident is found again by what somebody remembers of it, however long ago, and only where its regions are theirs."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from callcenter.alerts.history import finding
from callcenter.alerts.history.closed import Asked
from callcenter.alerts.history.finding import Sought, find_incidents, read_place, write_place
from callcenter.core.errors import Invalid
from tests.support.clock import HandClock
from tests.support.community import Community

ONCE = 40


@pytest.fixture
async def grid(owner: asyncpg.Connection, clock: HandClock) -> int:
    """A grid with forty closed incidents, a minute apart, of doors 101 to 140, that of 107 a test, and an open one of door 500."""
    community = await Community.found(owner)
    grid = await community.region(community.street, "grid", "一网格")
    for state, first, count in (("closed", 100, ONCE), ("waiting", 499, 1)):
        await owner.execute(
            "INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card,"
            "  opened_at, last_signal_at, closed_at, outcome, mode)"
            " SELECT gen_random_uuid(), $1 || n, 'alarm', CASE n WHEN 5 THEN 'smoke' ELSE 'sos' END, $1, 1, g.id, g.path, 'dc09',"
            "  jsonb_build_object('door', ($2 + n)::text, 'address', '榆荫里7号楼',"
            "    'people', jsonb_build_array(jsonb_build_object('name', '沈玉兰', 'name_latin', 'Shen Yulan'))),"
            "  $3::timestamptz + n * interval '1 minute', $3, $3, CASE $1 WHEN 'closed' THEN 'false_alarm' END,"
            "  CASE n WHEN 7 THEN 'test' ELSE 'real' END"
            " FROM region g, generate_series(1, $4) AS n WHERE g.id = $5",
            state,
            first,
            clock.now(),
            count,
            grid,
        )
    return grid


async def doors(
    owner: asyncpg.Connection, grid: int, sought: Sought, limit: int = 100
) -> list[str]:
    found = await find_incidents(owner, Asked([grid], limit=limit), sought)
    return [one.card["door"] for one in found.incidents]


@pytest.mark.parametrize("word", ["107", "沈玉兰 107", "shen 107", "SHENYULAN 107", "榆荫里 107"])
async def test_every_word_of_the_card_finds_it(
    owner: asyncpg.Connection, grid: int, word: str
) -> None:
    assert await doors(owner, grid, Sought(words=word.split())) == ["107"]


async def test_what_was_a_test_is_found_as_one(owner: asyncpg.Connection, grid: int) -> None:
    assert await doors(owner, grid, Sought(mode="test")) == ["107"]
    assert "107" not in await doors(owner, grid, Sought(mode="real"))


async def test_what_was_wanted_narrows_the_list(owner: asyncpg.Connection, grid: int) -> None:
    await owner.execute("UPDATE incident SET wanted = 'meal' WHERE card->>'door' = '107'")
    assert await doors(owner, grid, Sought(wanted="meal")) == ["107"]
    assert await doors(owner, grid, Sought(wanted="repair")) == []


async def test_what_is_no_word_of_it_finds_nothing(owner: asyncpg.Connection, grid: int) -> None:
    for word in ("%", "_", "周", "107 108"):
        assert await doors(owner, grid, Sought(words=word.split())) == []


async def test_kind_outcome_state_and_day_narrow_the_list(
    owner: asyncpg.Connection, grid: int, clock: HandClock
) -> None:
    assert await doors(owner, grid, Sought(kind="smoke")) == ["105"]
    assert await doors(owner, grid, Sought(outcome="emergency")) == []
    assert await doors(owner, grid, Sought(is_open=True)) == ["500"]
    assert len(await doors(owner, grid, Sought(is_open=False))) == ONCE
    assert len(await doors(owner, grid, Sought())) == ONCE + 1
    since, until = (clock.now() + timedelta(minutes=minute) for minute in (3, 5))
    assert await doors(owner, grid, Sought(since=since, until=until)) == ["104", "103"]


async def test_a_number_finds_its_incident_first(owner: asyncpg.Connection, grid: int) -> None:
    number = await owner.fetchval("SELECT number FROM incident WHERE card->>'door' = '117'")
    assert (await doors(owner, grid, Sought(words=[str(number)])))[0] == "117"


async def test_pages_lead_through_all_of_them_once(
    owner: asyncpg.Connection, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a page ends because enough was looked at, and where nothing on it fits."""
    monkeypatch.setattr(finding, "LOOKED_AT", 4)
    monkeypatch.setattr(finding, "STEPS", 2)
    met, asked, pages = [], Asked([grid], limit=3), 0
    while True:
        found = await find_incidents(owner, asked, Sought())
        met += [one.card["door"] for one in found.incidents]
        pages += 1
        if found.behind is None:
            break
        place = read_place(write_place(found.behind))
        asked = Asked([grid], None, *place, 3)
    assert sorted(met) == sorted([*(str(101 + n) for n in range(ONCE)), "500"])
    assert pages > ONCE // 3

    oldest = Sought(words=["101"])
    first = await find_incidents(owner, Asked([grid]), oldest)
    assert first.incidents == []
    assert first.behind is not None


async def test_other_regions_hold_nothing(owner: asyncpg.Connection, grid: int) -> None:
    assert (await find_incidents(owner, Asked([]), Sought())).incidents == []


@pytest.mark.parametrize("text", ["", "nonsense", "MjAyNg", "é"])
def test_a_foreign_place_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not a place"):
        read_place(text)
