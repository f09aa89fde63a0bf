"""Story: a month in an hour, in small. Calls through the real tables; the page's figures are those of a plain count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from callcenter.core.errors import Conflict, Misconfigured
from callcenter.demo.many_calls.writing import figures_of, lines_of, write_days
from callcenter.hotline.figures.counted import CountedBy
from tests.support.api import person
from tests.support.community import Community
from tests.support.hotline_calls import CallsOnPaper

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2013, 12, 1, tzinfo=UTC)


async def invent(database, days=10, calls_a_day=300):
    async with database.transaction() as session:
        wanted = await write_days(
            session,
            SHANGHAI,
            first_day=date(2013, 1, 1),
            days=days,
            calls_a_day=calls_a_day,
            seed=2014,
        )
        return await figures_of(session, wanted, CountedBy.HOUR, NOW)


@pytest.fixture
async def community(owner):
    community = await Community.found(owner)
    for number in range(12):
        await person(owner, f"seat{number}", ("operator", community.street))
    return community


async def test_a_month_in_an_hour_in_small(database, owner, community):
    """O22, O23: ten days of 300 calls, two of five effective, most between nine and eleven."""
    figures = await invent(database)
    plain = await owner.fetchrow(
        "SELECT count(*) AS offered, count(*) FILTER (WHERE effective) AS effective, count(answered_at) AS answered"
        " FROM call JOIN disposition ON disposition.code = call.disposition"
    )
    assert dict(plain) == {"offered": 3000, "effective": 1200, "answered": figures.total.answered}
    assert (figures.total.offered, figures.total.effective) == (3000, 1200)
    assert figures.total.simulated == 3000
    busiest = sorted(figures.rows, key=lambda row: -row.offered)[:2]
    assert {row.key for row in busiest} == {"9", "10"}
    per_hour = await owner.fetch(
        "SELECT extract(hour FROM offered_at AT TIME ZONE 'Asia/Shanghai')::int AS hour, count(*) FROM call GROUP BY 1"
    )
    assert {str(hour): count for hour, count in per_hour} == {
        row.key: row.offered for row in figures.rows if row.offered
    }
    assert "effective 1200 = 40.0 %" in list(lines_of(figures))
    legs = await owner.fetchval("SELECT count(*) FROM call_leg WHERE role = 'operator'")
    assert legs == figures.total.answered


async def test_a_site_with_calls_of_its_own_is_left_alone(database, owner, community):
    await CallsOnPaper(owner, community).call(NOW, rang_s=3)
    with pytest.raises(Conflict) as refused:
        await invent(database)
    assert refused.value.code == "real_calls"


async def test_a_second_time_is_refused(database, community):
    await invent(database, 1, 10)
    with pytest.raises(Conflict) as refused:
        await invent(database, 1, 10)
    assert refused.value.code == "already_there"


async def test_without_anybody_who_answers_nothing_is_invented(database, owner):
    await Community.found(owner)
    with pytest.raises(Misconfigured, match="add an operator"):
        await invent(database)
