"""That a call is recorded is said before anybody speaks with the caller, on the lines that want it; never on a red one."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from callcenter.hotline.recordings.announcing import announced
from callcenter.hotline.recordings.rewriting import look
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import Arrived, Pbx, SaidOut
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from tests.support.asterisk import Running, running, tone
from tests.support.recorded import power
from tests.telephony.ear import Ear, listening

CALLER = '"王秀英" <sip:13912345678@127.0.0.2>'
HEAD = 44
KINDS = {"95001": LineKind.HOTLINE, "95009": LineKind.RED}


def line_of(number: str) -> Line:
    return Line(number, KINDS[number], 1)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("pbx")) as exchange:
        sounds = exchange.section.folder / "data" / "sounds" / "en"
        tone(sounds / "cc-recorded.wav", 400, 1.0)
        yield exchange


@pytest.fixture
async def ear(exchange: Running) -> AsyncIterator[tuple[Pbx, Ear]]:
    pbx = announced(Asterisk("trial", exchange.at), line_of, list(LineKind))
    async with listening(pbx) as heard:
        yield pbx, heard
    await exchange.hang_up_phones()


async def arrives(exchange: Running, heard: Ear, line: str) -> Arrived:
    await exchange.rings_us(line, CALLER)
    return await heard.arrived()


def spoken(exchange: Running, call: str) -> Path:
    return exchange.recordings / f"{call}-tx.wav"


async def test_the_caller_hears_it_whole_before_anything_else(exchange, ear):
    pbx, heard = ear
    arrived = await arrives(exchange, heard, "95001")
    await pbx.answer(arrived.leg)
    await pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")
    assert await heard.of(SaidOut) == SaidOut("say-1", arrived.leg)
    await pbx.hang_up(arrived.leg)
    await heard.end_of(arrived.leg)
    samples = await sound_of(spoken(exchange, arrived.call))
    assert power(samples[2000:6000], 400) > 100 * power(samples[2000:6000], 700)
    assert any(
        power(samples[at : at + 800], 700) > 100 * power(samples[at : at + 800], 400)
        for at in range(7000, len(samples) - 800, 400)
    )


async def test_a_red_call_is_spoken_with_at_once(exchange, ear):
    pbx, heard = ear
    arrived = await arrives(exchange, heard, "95009")
    await pbx.answer(arrived.leg)
    await pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")
    await heard.of(SaidOut)
    await pbx.hang_up(arrived.leg)
    await heard.end_of(arrived.leg)
    samples = await sound_of(spoken(exchange, arrived.call))
    assert max(power(samples[at : at + 800], 400) for at in range(0, len(samples) - 800, 400)) < 1e4


async def test_whoever_hangs_up_meanwhile_keeps_nobody(exchange, ear):
    pbx, heard = ear
    tone(exchange.section.folder / "data" / "sounds" / "en" / "cc-recorded.wav", 400, 30.0)
    arrived = await arrives(exchange, heard, "95001")
    answering = asyncio.create_task(pbx.answer(arrived.leg))
    async with asyncio.timeout(5):
        while not spoken(exchange, arrived.call).stat().st_size:
            await asyncio.sleep(0.05)
    await exchange.hang_up_phones()
    await pbx.hang_up(arrived.leg)
    async with asyncio.timeout(5):
        await answering


def test_where_no_line_wants_it_nothing_stands_in_between(exchange):
    pbx = Asterisk("trial", exchange.at)
    assert announced(pbx, line_of, ()) is pbx


async def sound_of(path: Path) -> list[int]:
    """Of a file that the exchange has closed."""
    async with asyncio.timeout(5):
        while not look(path).wave.is_closed:
            await asyncio.sleep(0.05)
    return list(array("h", content_of(path)[HEAD:]))


def content_of(path: Path) -> bytes:
    return path.read_bytes()
