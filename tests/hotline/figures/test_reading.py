"""Whatever the calls were: the figures are what a plain count of the rows says."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.hotline.figures.counted import WITHIN_S, CountedBy
from callcenter.hotline.figures.reading import Asked, read_figures

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 3, 13), date(2026, 3, 15)
BEGIN = datetime(2026, 3, 12, 10, tzinfo=UTC)
NOW = datetime(2026, 3, 20, tzinfo=UTC)

seconds = st.integers(0, 400_000).map(lambda ms: ms / 1000)
times = st.integers(0, 4 * 86_400).map(lambda s: BEGIN + timedelta(seconds=s))
SHAPES = st.one_of(
    st.fixed_dictionaries(
        {"answered_s": seconds, "talked_s": seconds, "wrapped_s": st.none() | seconds}
    ),
    st.fixed_dictionaries({"answered_s": seconds}),
    st.fixed_dictionaries({"rang_s": seconds}),
    st.just({}),
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    row = {
        "offered_at": draw(times),
        "direction": draw(st.sampled_from(["in", "in", "in", "out", "automatic"])),
        "kind": draw(st.sampled_from(["red", "green", "hotline", "office"])),
        "line": draw(st.sampled_from(["95001", "95002"])),
        "source": draw(st.sampled_from(["live", "read_back", "by_hand", "simulated"])),
        **draw(SHAPES),
    }
    if "talked_s" in row or "rang_s" in row:
        row["disposition"] = draw(st.sampled_from([None, "asked", "wrong_number"]))
    return row


PLAIN = """
SELECT count(*) FILTER (WHERE direction = 'in'), count(*) FILTER (WHERE direction = 'in' AND answered_at IS NOT NULL),
       count(*) FILTER (WHERE direction = 'in' AND answered_at IS NULL AND state = 'ended'),
       count(*) FILTER (WHERE direction = 'in' AND disposition = 'asked'),
       count(*) FILTER (WHERE direction = 'out'),
       coalesce(sum(extract(epoch FROM ended_at - answered_at)) FILTER (WHERE direction = 'in'), 0)
FROM call WHERE offered_at >= '2026-03-12 16:00Z' AND offered_at < '2026-03-15 16:00Z'
"""


@pytest.mark.parametrize("by", CountedBy)
async def test_figures_are_what_a_plain_count_says(by, calls, database, owner):
    """Each example is written, counted both ways, and gone."""
    li = await calls.operator()
    await calls.disposition("asked", effective=True)
    await calls.disposition("wrong_number", effective=False)
    asked = Asked(FIRST, LAST, frozenset({calls.community.root}))

    async def compare(given_rows: list[dict[str, Any]]) -> None:
        await owner.execute("DELETE FROM call")
        await calls.write(
            {**row, "answered_by": li if "answered_s" in row else None} for row in given_rows
        )
        async with database.transaction() as session:
            figures = await read_figures(session, asked, by, SHANGHAI, NOW)
        total = figures.total
        plain = (await owner.fetch(PLAIN))[0]
        seen = (total.offered, total.answered, total.abandoned, total.effective, total.placed)
        assert seen == tuple(plain)[:5]
        assert total.talk_s == pytest.approx(float(plain[5]))
        assert total.offered == total.answered + total.abandoned + total.waiting
        for name in (
            "offered",
            "answered",
            "abandoned",
            "waiting",
            "effective",
            "to_be_filed",
            "missed_open",
            "placed",
            "automatic",
        ):
            assert sum(getattr(row, name) for row in figures.rows) == getattr(total, name)
        assert [each.calls for each in total.within] == _within(given_rows)
        if by in (CountedBy.HOUR, CountedBy.DAY):
            assert {row.key: row.offered for row in figures.rows if row.offered} == _offered_by(
                by, given_rows
            )

    loop = asyncio.get_running_loop()

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(rows(), max_size=12))
    def each(given_rows: list[dict[str, Any]]) -> None:
        asyncio.run_coroutine_threadsafe(compare(given_rows), loop).result()

    await asyncio.to_thread(each)


def _came(given_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    days = [row for row in given_rows if FIRST <= _local(row).date() <= LAST]
    return [row for row in days if row["direction"] == "in"]


def _local(row: dict[str, Any]) -> datetime:
    return row["offered_at"].astimezone(SHANGHAI)


def _within(given_rows: list[dict[str, Any]]) -> list[int]:
    waits = [row["answered_s"] for row in _came(given_rows) if "answered_s" in row]
    return [sum(wait <= most for wait in waits) for most in WITHIN_S]


def _offered_by(by: CountedBy, given_rows: list[dict[str, Any]]) -> dict[str, int]:
    local = [_local(row) for row in _came(given_rows)]
    return dict(
        Counter(
            str(each.hour) if by is CountedBy.HOUR else each.date().isoformat() for each in local
        )
    )
