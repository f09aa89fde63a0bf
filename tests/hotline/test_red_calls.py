"""A red key that dials, at the whole server beside a real Asterisk: it is an alarm whatever becomes of the call, and once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.hotline.test_whole import hotline, settings_of
from tests.support.asterisk import PASSWORD, Running, running
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.living import Hand, pressed
from tests.support.place import Place
from tests.support.server import Server
from tests.support.telephone import Handset, one_call
from tests.support.waiting import until, until_told

KEY = "13912345678"
CALLER = f'"王秀英" <sip:0{KEY}@127.0.0.2>'
RED = "95009"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Running]:
    phones = [{"name": "desk-1", "password": PASSWORD}]
    with running(tmp_path / "pbx", desk_phones=phones) as made:
        yield made


@dataclass
class Centre:
    place: Place
    exchange: Running
    server: Server

    @property
    def owner(self) -> asyncpg.Connection:
        return self.place.site.owner

    async def incidents(self) -> Sequence[asyncpg.Record]:
        found: Sequence[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM incident ORDER BY number"
        )
        return found

    async def calls(self) -> Sequence[asyncpg.Record]:
        found: Sequence[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM call ORDER BY offered_at"
        )
        return found

    async def entries(self) -> list[str]:
        rows = await self.owner.fetch(
            "SELECT kind FROM timeline_entry ORDER BY incident_id, number"
        )
        return [row["kind"] for row in rows]

    async def connected(self, times: int = 1) -> None:
        await until(lambda: len(self.server.events("exchange_there")) >= times, "the exchange", 20)

    async def an_incident(self, within_s: float = 20.0) -> asyncpg.Record:
        await until_told(self.incidents, "an incident", within_s)
        [incident] = await self.incidents()
        return incident

    async def an_ended_call(self, within_s: float = 30.0) -> asyncpg.Record:
        """Its row, with its incident."""

        async def ended() -> bool:
            rows = await self.calls()
            return bool(rows) and all(
                row["state"] == "ended" and row["incident_id"] is not None for row in rows
            )

        await until_told(ended, "the end of the call as a row", within_s)
        [call] = await self.calls()
        return call

    async def said(self, kind: str, within_s: float = 20.0) -> None:
        async def stands() -> bool:
            return kind in await self.entries()

        await until_told(stands, f"the entry {kind}", within_s)


async def set_up(place: Place, exchange: Running) -> None:
    await exchange.boots()
    await hotline(place, RED, "red")
    await place.site.owner.execute(
        "UPDATE device SET sim = $1 WHERE identifier = $2", KEY, place.site.phone(0)
    )


@pytest.fixture
async def centre(place: Place, exchange: Running) -> Any:
    await set_up(place, exchange)
    server = await place.serve(**settings_of(exchange))
    made = Centre(place, exchange, server)
    await made.connected()
    yield made
    await exchange.hang_up_phones()


async def test_g1_one_ring_and_hung_up_is_an_alarm_of_the_home(centre: Centre):
    await centre.exchange.rings_us(RED, CALLER, "caller_gives_up")
    incident = await centre.an_incident()
    invited = float(centre.exchange.log.read_text().split(",")[1].strip('"'))
    took = incident["opened_at"] - datetime.fromtimestamp(invited, UTC)
    sys.stdout.write(f"INVITE to incident: {took.total_seconds() * 1000:.0f} ms\n")
    assert (incident["source"], incident["kind"], incident["home_id"], incident["mode"]) == (
        "telephone", "sos", centre.place.site.homes[0], "real",
    )  # fmt: skip
    call = await centre.an_ended_call()
    assert (call["incident_id"], call["source"], call["kind"], call["caller_e164"]) == (
        incident["id"], "live", "red", f"+86{KEY}",
    )  # fmt: skip
    assert call["device_id"] == incident["device_id"]
    await centre.said("call_ended")
    assert await centre.entries() == ["opened", "call_ended"]


async def test_the_phone_that_sends_and_dials_has_one_incident(centre: Centre):
    phone = centre.place.site.phone(0)
    sent, _ = await asyncio.gather(
        pressed(centre.server, phone), centre.exchange.rings_us(RED, CALLER, "caller_gives_up")
    )
    call = await centre.an_ended_call()
    assert str(call["incident_id"]) == sent
    [incident] = await centre.incidents()
    assert incident["press_count"] == 2


async def test_g1_a_call_that_came_while_the_server_was_dead_rings_late_and_once(centre: Centre):
    centre.server.kill()
    await centre.exchange.rings_us(RED, CALLER, "caller_hangs_up")
    await until(lambda: '"HANGUP"' in _of_callers(centre.exchange), "the log", 20)
    await centre.server.start()
    incident = await centre.an_incident(40)
    call = await centre.an_ended_call(40)
    assert (call["source"], call["incident_id"]) == ("read_back", incident["id"])
    [press] = await centre.owner.fetch("SELECT flags, occurred_at FROM journal")
    assert press["flags"] == ["late"]
    assert abs((press["occurred_at"] - call["offered_at"]).total_seconds()) < 1
    centre.server.kill()
    await centre.server.start()
    await centre.connected(3)
    await until(lambda: _read_back(centre.server, 2), "the log read once more", 20)
    assert len(await centre.incidents()) == len(await centre.calls()) == 1


async def test_a_server_that_is_killed_while_it_rings_has_one_alarm(centre: Centre):
    """The call goes on without one: the fallback answers, and whoever rang hangs up."""
    await centre.exchange.rings_us(RED, CALLER, "caller_hangs_up")
    await centre.an_incident()
    centre.server.kill()
    await centre.server.start()
    await centre.connected(2)
    await centre.an_ended_call(60)
    await centre.said("call_ended", 60)
    [incident] = await centre.incidents()
    assert incident["press_count"] == 1


async def test_a_server_that_stands_still_gives_the_call_away_and_has_its_alarm_afterwards(
    centre: Centre,
):
    centre.server.signal("alarm", signal.SIGSTOP)
    try:
        await centre.exchange.rings_us(RED, CALLER)
        await until(lambda: '"alone"' in _of_callers(centre.exchange), "the fallback", 20)
        await until(lambda: _recorded_s(centre.exchange) > 12, "what is said to the fallback", 30)
    finally:
        centre.server.signal("alarm", signal.SIGCONT)
    await centre.an_incident(30)
    await centre.exchange.hang_up_phones()
    [incident] = await centre.incidents()
    assert incident["press_count"] == 1


async def test_while_the_database_is_away_it_rings_and_becomes_a_row_later(
    place: Place, exchange: Running
):
    await set_up(place, exchange)
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, **settings_of(exchange))
        centre = Centre(place, exchange, server)
        await centre.connected()
        async with open_console(server.url, place.site.operators[0]) as console:
            proxy.cut()
            await exchange.rings_us(RED, CALLER, "caller_gives_up")

            def rang() -> list[dict[str, Any]]:
                found = console.incidents.values()
                return [each for each in found if each["source"] == "telephone"]

            await until(rang, "the alarm from memory", 20)
            assert await centre.incidents() == []
            proxy.restore()
            call = await centre.an_ended_call(60)
        [incident] = await centre.incidents()
        assert call["incident_id"] == incident["id"]
        await centre.said("call_ended", 60)
        assert await server.stop() == 0
    await exchange.hang_up_phones()


@pytest.mark.parametrize("first", ["incident", "call"])
async def test_whoever_takes_one_has_both(centre: Centre, first: str):
    operator = centre.place.site.operators[0]
    await centre.exchange.desk_phone("desk-1")
    async with (
        Handset.of(centre.server, operator) as handset,
        open_console(centre.server.url, operator) as console,
    ):
        await handset.asks("PUT", kind="desk", desk="desk-1")
        await centre.exchange.rings_us(RED, CALLER)
        incident = await centre.an_incident()
        ringing = await one_call(console, incident_id=str(incident["id"]))
        if first == "call":
            await handset.orders(ringing["id"], "take")
        else:
            hand = Hand(centre.server, operator)
            await hand.done(str(incident["id"]), "take")
            await hand.client.aclose()
        talking = await one_call(console, state="talking")
        assert talking["answered_by"] == operator.user_id
        await centre.said("taken")
        [taken] = await centre.incidents()
        assert taken["taken_by"] == operator.user_id
        await handset.orders(talking["id"], "hang-up")
        await centre.said("call_ended")
        ended = await centre.owner.fetchval(
            "SELECT data FROM timeline_entry WHERE kind = 'call_ended'"
        )
        assert (ended["answered"], ended["answered_by"]) == (True, operator.user_id)


def _of_callers(exchange: Running) -> str:
    """Lines of whoever rang."""
    rows = exchange.log.read_text().splitlines() if exchange.log.exists() else []
    return "\n".join(row for row in rows if '"from-outside"' in row or '"alone"' in row)


def _recorded_s(exchange: Running) -> float:
    """Of the only call, from its first ring: 8 kHz of 16 bits."""
    return (
        max((each.stat().st_size for each in exchange.recordings.glob("*.wav")), default=0) / 16_000
    )


def _read_back(server: Server, starts: int) -> bool:
    place = server.data_dir / "telephone" / "trial.json"
    return place.exists() and len(server.events("exchange_there")) >= starts
