"""A watchdog on another machine: it presses end to end, nobody hears of it, and it says when nobody would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.faults.conftest import OwnDisk
from tests.faults.test_away import standing_still
from tests.support.console import open_console
from tests.support.server import TOKEN, Server
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
    assert (
        await owner.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'card_pushed'") == 0
    )
    await until_written(owner)
    await owner.close()


async def until_written(owner: asyncpg.Connection) -> None:
    for _ in range(200):
        if await owner.fetchval("SELECT seen_at FROM watchdog") is not None:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the server has not kept what its watchdog told")


async def test_g5_the_circle_closes_while_postgresql_stands_still(
    own_disk: OwnDisk, tmp_path: Path
):
    """From memory, and it says so; afterwards it is all in the journal, and no text has gone anywhere."""
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    made = enrolled(server, tmp_path)
    owner = await own_disk.owner()
    async with open_console(server.url, wang) as console, watching(made):
        await made.circles(2)
        async with standing_still(own_disk, owner):
            await made.circles(3)
            assert all(circle["kept"] for circle in made.events("circle_closed")[-2:]), made.log()
        await until(lambda: not made.events("circle_closed")[-1]["kept"], "circles as before", 40)
        await until(lambda: console.of_kind("beat")[-1]["kept"] == 0, "all to be written", 40)
        assert made.events("circle_not_closed") == []
        assert console.incidents == {}
    pressed = await owner.fetchval(
        "SELECT count(*) FROM journal WHERE outcome IN ('opened', 'joined')"
    )
    assert pressed >= 5
    texts = await owner.fetch("SELECT DISTINCT state FROM sms_message")
    assert [row["state"] for row in texts] == ["drill"]
    assert await owner.fetchval("SELECT count(*) FROM incident WHERE number > 0") == 0
    await owner.close()


async def test_a_server_that_is_gone_is_told_by_each_way_until_it_is_back(
    own_disk: OwnDisk, tmp_path: Path
):
    server = own_disk.server
    async with webhook_server() as hooks, mail_server() as mails:
        lamp = tmp_path / "lamp"
        made = enrolled(server, tmp_path, more=ways(hooks.port, mails.port, lamp))
        async with watching(made):
            await made.circles(1)
            server.kill()
            await until(lambda: hooks.events() == ["alarm"], "the alarm, once", 40)
            await until(lambda: len(mails.got) == 1 and lamp.exists(), "mail and lamp", 20)
            told = hooks.got[0]
            assert told["leg"] == "seat"
            assert "坐席连不上服务器" in told["text"]
            assert "seats cannot reach the server" in told["text"]
            made.kill()  # what it has told survives it
            made.start()
            await until(lambda: hooks.events()[:2] == ["alarm", "again"], "again", 40)
            await server.start()
            await until(lambda: hooks.events()[-1] == "clear", "all clear", 60)
        assert hooks.events().count("alarm") == 1
        assert hooks.events().count("clear") == 1
        assert made.events("watchdog_way_failed") == []


async def test_a_way_that_refuses_is_tried_again_and_holds_up_no_other(
    own_disk: OwnDisk, tmp_path: Path
):
    server = own_disk.server
    async with webhook_server() as hooks, mail_server() as mails:
        hooks.refuse = True
        made = enrolled(server, tmp_path, more=ways(hooks.port, mails.port, tmp_path / "lamp"))
        async with watching(made):
            await made.circles(1)
            server.kill()
            await until(lambda: len(mails.got) == 1, "the mail", 40)
            await until(lambda: made.events("watchdog_way_failed"), "the way that refuses", 20)
            hooks.refuse = False
            await until(lambda: hooks.events() == ["alarm"], "the webhook, later", 40)
    await server.start()


def ways(hook_port: int, mail_port: int, lamp: Path) -> str:
    return f"""
[[ways]]
kind = "webhook"
url = "http://127.0.0.1:{hook_port}/alarm"

[[ways]]
kind = "email"
host = "127.0.0.1"
port = {mail_port}
sender = "watchdog@example.org"
recipients = ["duty@example.org"]
plain = true

[[ways]]
kind = "command"
command = ["touch", "{lamp}"]
"""


async def test_a_real_alarm_rings_as_ever_beside_it(own_disk: OwnDisk, tmp_path: Path):
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    made = enrolled(server, tmp_path, more="")
    async with open_console(server.url, wang) as console, watching(made):
        await made.circles(1)
        loop = asyncio.get_running_loop()
        for number in range(3):
            before = loop.time()
            await press_phone(server, own_disk.site.phone(number), number)
            count = number + 1
            await until(lambda count=count: len(console.incidents) == count, "it rings")
            assert loop.time() - before < 1.0
        assert {one["mode"] for one in console.incidents.values()} == {"real"}
        await made.circles(1)
        assert made.events("watchdog_sees_others") == []


async def press_phone(server: Server, phone: str, number: int) -> None:
    body = {"id": f"press-{number}", "device": phone, "kind": "sos"}
    async with httpx.AsyncClient(base_url=server.url) as client:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await client.post("/ingest/v1/signals", json=body, headers=headers)
    assert answer.is_success
