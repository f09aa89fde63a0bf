"""The demo's call lists."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.calls.writing import DueCalls
from callcenter.core.sealed import Seal
from callcenter.demo.community.call_lists import MORNING, MOST, called, list_rows
from callcenter.demo.community.load import load
from callcenter.demo.community.plan import community
from tests.support.outbox import SHANGHAI


def test_who_lives_alone_and_is_most_at_risk_is_called(clock):
    planned = community(clock.now().date())
    chosen = [planned.residents[position] for position in called(planned)]
    assert len(chosen) == MOST
    assert {planned.homes[one.home].household.living for one in chosen} == {"alone"}
    assert chosen[0].person.risk == "high"


async def test_a_visitor_finds_calls_due_and_tomorrow_there_are_some_again(
    database, owner, clock, tmp_path
):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    due = "SELECT count(*) FROM call_item WHERE state = 'open' AND next_try_at <= $1"
    assert await owner.fetchval(due, clock.now()) == MOST
    processor = DueCalls(database, SHANGHAI)
    clock.set_wall(clock.now() + timedelta(hours=17))
    while await processor.run_once(clock.now()):
        pass
    kinds = await owner.fetch(
        "SELECT kind, count(*) FROM call_item JOIN call_list ON call_list.id = list_id"
        " WHERE state = 'open' GROUP BY kind"
    )
    found = {row["kind"]: row["count"] for row in kinds}
    assert found["well_being"] == MOST
    assert found["silent_device"] == 2
    assert found["low_battery"] > 0
    await processor.connections.close()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Etc/GMT+11", "Europe/Berlin"])
def test_it_is_morning_where_the_site_is(clock, zone):
    [*_, devices] = list_rows(1, clock.now(), ZoneInfo(zone))
    assert devices["next_at"].astimezone(ZoneInfo(zone)).time() == MORNING.at
