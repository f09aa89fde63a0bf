"""A watchdog on another machine: it presses end to end, nobody hears of it, and it says when nobody would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.conftest import OwnDisk
from tests.faults.test_away import standing_still
from tests.support.console import open_console
from tests.support.waiting import until
from tests.support.watchdog import enrolled, mail_server, watching, webhook_server

pytestmark = pytest.mark.durability

LEGS = ["seat", "device", "shown", "journal", "proof", "text", "closed"]


async def test_the_circle_closes_and_no_human_hears_of_it(own_disk: OwnDisk, tmp_path: Path):
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    made = enrolled(server, tmp_path)
    async with open_console(server.url, wang) as console, watching(made):
        await made.circles(3)
        last = made.events("circle_closed")[-1]
        assert [leg for leg in LEGS if leg in last] == LEGS, made.log()
        assert not last["kept"]
        assert console.incidents == {}
        names = {seat["name"] for message in console.of_kind("seats") for seat in message["seats"]}
        assert not any("watchdog" in name for name in names)
        assert made.events("watchdog_sees_others") == []
    owner = await own_disk.owner()
    rows = await owner.fetch("SELECT mode, state, outcome, region_path, number FROM incident")
    assert len(rows) >= 3
    assert {(row["mode"], row["outcome"]) for row in rows[:-1]} == {("drill", "test")}
    assert all(row["number"] < 0 and row["region_path"] == [0] for row in rows)
    texts = await owner.fetch("SELECT DISTINCT state, recipient FROM sms_message")
    assert [tuple(row) for row in texts] == [("drill", "+99999999999")]
    assert await owner.fetchval("SELECT count(*) FROM incident_timer") == 0
    assert await owner.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'card_pushed'") == 0
    seen = await owner.fetchval("SELECT seen_at FROM watchdog")
    assert seen is not None
    await owner.close()
