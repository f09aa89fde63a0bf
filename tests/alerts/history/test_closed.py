"""Closed incidents are paged back through, and the two ways of finding a page find the same."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from callcenter.alerts.history.closed import Asked, closed_incidents, region_by_region
from callcenter.alerts.incident import Incident
from tests.support.clock import HandClock
from tests.support.community import Community

GRIDS = 12


@pytest.fixture
async def grids(owner: asyncpg.Connection, clock: HandClock) -> list[int]:
    """Twelve grids of one street with twenty closed incidents each, four of them opened in the same minute; one is open."""
    community = await Community.found(owner)
    made = [await community.region(community.street, "grid", f"网格{n}") for n in range(GRIDS)]
    for state, count in (("closed", 20), ("waiting", 1)):
        await owner.execute(
            "INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card,"
            "  opened_at, last_signal_at, closed_at, outcome)"
            " SELECT gen_random_uuid(), $1 || g.id || '/' || n, 'alarm', 'sos', $1, 1, g.id, g.path, 'dc09', '{}',"
            "  $2::timestamptz + n / 4 * interval '1 minute', $2, $2, 'false_alarm'"
            " FROM region g, generate_series(1, $3) AS n WHERE g.id = ANY($4)",
            state,
            clock.now(),
            count,
            made,
        )
    return made


async def pages(connection: asyncpg.Connection, regions: list[int]) -> list[Incident]:
    met: list[Incident] = []
    asked = Asked(regions, limit=7)
    while page := await closed_incidents(connection, asked):
        met += page
        asked = Asked(regions, before=page[-1].opened_at, before_id=page[-1].id, limit=7)
    return met


async def wanted(owner: asyncpg.Connection, regions: list[int]) -> list[object]:
    rows = await owner.fetch(
        "SELECT id FROM incident WHERE state = 'closed' AND region_path && $1::bigint[]"
        " ORDER BY opened_at DESC, id DESC",
        regions,
    )
    return [row["id"] for row in rows]


@pytest.mark.parametrize("granted", [1, 3, GRIDS])
async def test_every_closed_incident_of_the_regions_comes_once_newest_first(
    owner: asyncpg.Connection, grids: list[int], granted: int
) -> None:
    met = await pages(owner, grids[:granted])
    assert [each.id for each in met] == await wanted(owner, grids[:granted])
    assert len(met) == granted * 20


async def test_the_street_above_sees_all_of_its_grids(
    owner: asyncpg.Connection, grids: list[int]
) -> None:
    street = await owner.fetchval("SELECT parent_id FROM region WHERE id = $1", grids[0])
    assert len(await pages(owner, [street])) == GRIDS * 20
    assert await pages(owner, []) == []


async def test_the_time_alone_leads_to_what_was_opened_before_it(
    owner: asyncpg.Connection, grids: list[int], clock: HandClock
) -> None:
    found = await closed_incidents(
        owner, Asked(grids[:1], before=clock.now() + timedelta(minutes=2), limit=50)
    )
    assert len(found) == 7  # of the minutes 0 and 1


@pytest.mark.parametrize(
    ("seen", "of_all", "by_region"), [(1, 1, True), (3, 9, True), (4, 9, False), (64, 4111, True)]
)
def test_few_regions_are_asked_one_by_one(seen: int, of_all: int, by_region: bool) -> None:
    assert region_by_region(seen, of_all) is by_region
