"""What a real Asterisk has recorded is taken in: which side is whose, and what is left of a call in which it was killed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.core.clock import SystemClock
from callcenter.hotline.recordings.a_law import decoded
from callcenter.hotline.recordings.taking_in import Exchange, TakingIn
from callcenter.telephony.pbx import Answered, SaidOut, Shown, To
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from tests.support.asterisk import Running, lasts, running, sounds
from tests.support.recorded import call_row, power
from tests.telephony.ear import Ear, listening

CALLER = '"王秀英" <sip:13912345678@127.0.0.2>'
HEAD = 58


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Running]:
    with running(tmp_path / "pbx") as exchange:
        yield exchange
        await exchange.hang_up_phones()


@pytest.fixture
async def talking(exchange: Running) -> AsyncIterator[tuple[Asterisk, Ear, str]]:
    """A caller (1000 Hz) who has heard a prompt (700 Hz), and waits."""
    pbx = Asterisk("trial", exchange.at)
    async with listening(pbx) as ear:
        await exchange.rings_us("95001", CALLER)
        arrived = await ear.arrived()
        await pbx.answer(arrived.leg)
        await pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")
        await ear.of(SaidOut)
        yield pbx, ear, arrived.leg


@pytest.fixture
async def taking(database, exchange: Running, shelf) -> AsyncIterator[TakingIn]:
    taking = TakingIn(database, Exchange("trial", exchange.recordings), shelf)
    yield taking
    await taking.connections.close()


def sides(shelf, row):
    with shelf.open(row["name"], row["file"]) as sound:
        frames = sound.read(HEAD, sound.size)[: sound.size - HEAD]
    return decoded(frames[::2]), decoded(frames[1::2])


async def named(exchange: Running) -> str:
    return (await exchange.only_recording()).stem


async def test_a_call_is_taken_in_with_each_side_in_its_place(
    exchange, talking, taking, shelf, owner, community
):
    pbx, ear, leg = talking
    name = await named(exchange)
    await lasts(exchange.recordings / f"{name}.wav", 4.0)
    await pbx.hang_up(leg)
    await ear.end_of(leg)
    now = SystemClock().now()
    call = await call_row(owner, community.street, now, name)
    async with asyncio.timeout(20):
        while not await owner.fetchval("SELECT count(*) FROM recording"):
            await taking.run_once(SystemClock().now())
    row = await owner.fetchrow("SELECT * FROM recording")
    assert (row["call_id"], row["state"], row["channels"]) == (call, "kept", 2)
    caller, centre = sides(shelf, row)
    assert power(caller, 1000) > 100 * power(caller, 700)
    assert power(centre, 700) > 100 * power(centre, 1000)
    assert list(exchange.recordings.iterdir()) == []


async def test_whoever_was_rung_stands_left_as_well(
    exchange, talking, taking, shelf, owner, community
):
    pbx, ear, caller_leg = talking
    await exchange.answers(exchange.speaking(1400))
    await pbx.ring("other-1", To(number="13800000001"), Shown("95001"), 20, "call-1")
    await ear.of(Answered)
    await pbx.talk("talk-1", ["other-1", caller_leg])  # of the two, the caller is the centre
    await sounds(exchange.recordings / "other-1-rx.wav", 1000)
    await sounds(exchange.recordings / "other-1-tx.wav", 1400)
    await pbx.hang_up("other-1")
    await pbx.hang_up(caller_leg)
    await ear.end_of("other-1")
    now = SystemClock().now()
    call = await call_row(owner, community.street, now, "out-1", direction="out")
    await owner.execute(
        "INSERT INTO call_leg (id, call_id, role, called_at) VALUES ('other-1', $1, 'other', $2)",
        call,
        now,
    )
    async with asyncio.timeout(20):
        while not await owner.fetchval("SELECT count(*) FROM recording"):
            await taking.run_once(SystemClock().now())
    row = await owner.fetchrow("SELECT * FROM recording WHERE name = 'other-1'")
    far, centre = sides(shelf, row)
    assert power(far, 1400) > 100 * power(far, 1000)
    assert power(centre, 1000) > 100 * power(centre, 1400)


async def test_of_a_call_in_which_the_exchange_was_killed_what_was_on_the_disk_is_heard(
    exchange, talking, taking, shelf, owner, community
):
    name = await named(exchange)
    await lasts(exchange.recordings / f"{name}-rx.wav", 4.0)
    exchange.kill()
    now = SystemClock().now()
    call = await call_row(owner, community.street, now, name)
    aged(exchange.recordings, now - timedelta(seconds=11))
    await taking.run_once(now)
    row = await owner.fetchrow("SELECT * FROM recording")
    assert (row["call_id"], row["state"], row["is_repaired"]) == (call, "repaired", True)
    assert row["seconds"] >= 4.0
    caller, _ = sides(shelf, row)
    assert power(caller[-8000:], 1000) > 100 * power(caller[-8000:], 400)


async def test_music_and_whoever_speaks_after_it_stand_in_the_recording(exchange, talking):
    """Two who speak one after the other begin to count their packets anew, and music counts none."""
    pbx, ear, caller = talking
    mix = exchange.recordings / f"{await named(exchange)}.wav"
    heard_by_caller = mix.with_name(f"{mix.stem}-tx.wav")
    await with_one_who_says(1400, exchange, talking)
    await sounds(heard_by_caller, 1400)
    await lasts(heard_by_caller, 8.0)
    await pbx.wait(caller)
    await pbx.hang_up("who-says-1400")
    for each in (heard_by_caller, mix):
        await sounds(each, 500)
    await ear.end_of("who-says-1400")
    await exchange.phones[-1].wait()
    await with_one_who_says(700, exchange, talking)
    for each in (heard_by_caller, mix):
        await sounds(each, 700)


async def with_one_who_says(hertz: int, exchange: Running, talking) -> None:
    pbx, ear, caller = talking
    await exchange.answers(exchange.speaking(hertz))
    leg = f"who-says-{hertz}"
    await pbx.ring(leg, To(number="13800000001"), Shown("95001"), 20, "call-1")
    await ear.until(lambda each: isinstance(each, Answered) and each.leg == leg)
    await pbx.talk(f"talk-{hertz}", [caller, leg])


def aged(folder: Path, at: datetime) -> None:
    """As if nothing had been written since."""
    for each in folder.iterdir():
        os.utime(each, (at.timestamp(), at.timestamp()))
