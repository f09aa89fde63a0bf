"""The calls of the demo's last hours: some are filed, some are still to be filed, some were missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.hotline import GREEN, HOTLINE, RED
from callcenter.demo.community.load import load
from callcenter.hotline.disposition import BUILT_IN
from callcenter.hotline.filing.asked_for import CONDITIONS, Part
from callcenter.telephony.emergency import EMERGENCY
from tests.support.outbox import SHANGHAI

MARKED = "SELECT bool_and(source = 'simulated') FROM call"
LATER = "SELECT count(*) FROM call WHERE greatest(offered_at, answered_at, ended_at, wrapped_up_at, filed_at) > $1"


@pytest.fixture
async def loaded(database, clock, tmp_path) -> None:
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)


@pytest.mark.usefixtures("loaded")
async def test_each_list_of_the_hotline_has_something_in_it(owner):
    for part in (Part.TO_BE_FILED, Part.MISSED):
        assert await owner.fetchval(f"SELECT count(*) FROM call WHERE {CONDITIONS[part]}") >= 2  # noqa: S608
    assert await owner.fetchval("SELECT count(*) FROM call_filing") >= 5
    again = "SELECT max(n) FROM (SELECT count(*) AS n FROM call WHERE answered_at IS NULL GROUP BY caller_e164) AS missed"
    assert await owner.fetchval(again) == 2, "somebody rang twice"


@pytest.mark.usefixtures("loaded")
async def test_none_of_them_looks_as_if_it_had_been_a_call(owner, clock):
    assert await owner.fetchval(MARKED)
    assert await owner.fetchval(LATER, clock.now()) == 0
    first = await owner.fetchval("SELECT min(offered_at) FROM call")
    assert clock.now() - first < timedelta(hours=26)


@pytest.mark.usefixtures("loaded")
async def test_what_is_filed_is_filed_in_the_row_and_in_its_history_alike(owner):
    differ = (
        "SELECT count(*) FROM call LEFT JOIN call_filing AS filing ON filing.call_id = call.id"
        " WHERE (call.disposition, call.filed_at, call.note) IS DISTINCT FROM (filing.disposition, filing.at, coalesce(filing.note, call.note))"
    )
    assert await owner.fetchval(differ) == 0
    words = {row[0] for row in await owner.fetch("SELECT DISTINCT disposition FROM call_filing")}
    assert words <= {each.code for each in BUILT_IN}


@pytest.mark.usefixtures("loaded")
async def test_the_three_numbers_ring_and_none_is_an_emergency_number(owner):
    rows = await owner.fetch("SELECT number, kind FROM line ORDER BY number")
    assert {row["number"]: row["kind"] for row in rows} == {
        RED: "red",
        GREEN: "green",
        HOTLINE: "hotline",
    }
    assert not {RED, GREEN, HOTLINE} & set(EMERGENCY)
