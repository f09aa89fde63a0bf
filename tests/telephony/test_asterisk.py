"""A real Asterisk, a real telephone network beside it (SIPp), and the adapter between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from socket import SOCK_DGRAM

import pytest

from callcenter.telephony.pbx import (
    Answered,
    Connected,
    Digit,
    Ended,
    Lost,
    PbxAway,
    SaidOut,
    Shown,
    To,
    room_of,
)
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from callcenter.telephony.pbxs.asterisk.section import Trunk
from tests.support.asterisk import NETWORK, Running, free_port, lasts, loudest, running
from tests.telephony.ear import Ear, listening

HUNG_UP, REFUSED = 16, 21
CALLER = '"王秀英" <sip:13912345678@127.0.0.2>'


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("pbx")) as exchange:
        yield exchange


@pytest.fixture
async def ear(exchange: Running) -> AsyncIterator[tuple[Asterisk, Ear]]:
    pbx = Asterisk("trial", exchange.at)
    async with listening(pbx) as heard:
        yield pbx, heard
    await exchange.hang_up_phones()


async def test_a_call_arrives_is_answered_and_ends(exchange: Running, ear: tuple[Asterisk, Ear]):
    pbx, heard = ear
    await exchange.rings_us("95001", CALLER, "caller_hangs_up")
    arrived = await heard.arrived()
    assert (arrived.line, arrived.caller, arrived.name) == ("95001", "13912345678", "王秀英")
    assert not arrived.withheld
    await pbx.answer(arrived.leg)
    assert await heard.end_of(arrived.leg) == Ended(arrived.leg, HUNG_UP)


async def test_one_ring_and_gone_is_a_call_that_ended(exchange: Running, ear: tuple[Asterisk, Ear]):
    _, heard = ear
    await exchange.rings_us("95001", CALLER, "caller_gives_up")
    arrived = await heard.arrived()
    assert (await heard.end_of(arrived.leg)).leg == arrived.leg


async def test_a_withheld_number_says_so(exchange: Running, ear: tuple[Asterisk, Ear]):
    _, heard = ear
    hidden = '"Anonymous" <sip:anonymous@anonymous.invalid>'
    await exchange.rings_us("95001", hidden, "caller_gives_up")
    assert (await heard.arrived()).withheld


async def test_a_caller_hears_prompts_waits_with_music_and_presses_a_key(
    exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await exchange.rings_us("95001", CALLER, "caller_presses", digit="5")
    arrived = await heard.arrived()
    await pbx.answer(arrived.leg)
    await pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")
    assert await heard.of(SaidOut) == SaidOut("say-1", arrived.leg)
    await pbx.wait(arrived.leg)
    await heard.until(lambda each: each == Digit(arrived.leg, "5"))
    await pbx.say("say-2", arrived.leg, ["cc-one-moment", "cc-leave-message"], "zh")
    await pbx.hush("say-2")
    await pbx.hang_up(arrived.leg)
    await pbx.hang_up(arrived.leg)
    assert (await heard.end_of(arrived.leg)).cause == HUNG_UP


@pytest.mark.parametrize(("does", "cause"), [("busy", 17), ("no_answer", 19)])
async def test_whoever_is_rung_and_does_not_answer_says_why(
    does: str, cause: int, exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await exchange.answers(does)
    await pbx.ring("leg-1", To(number="13800000001"), Shown("95001"), 2, "call-1")
    assert await heard.end_of("leg-1") == Ended("leg-1", cause)


async def test_two_who_are_put_into_a_talk_hear_each_other(
    exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await exchange.rings_us("95001", CALLER)
    arrived = await heard.arrived()
    await pbx.answer(arrived.leg)
    await exchange.answers("answers")
    await pbx.ring("son", To(number="13800000001"), Shown("95001", "中心"), 20, arrived.call)
    assert await heard.of(Answered) == Answered("son")
    await pbx.wait(arrived.leg)
    await pbx.talk("talk-1", [arrived.leg, "son"])
    await pbx.talk("talk-1", [arrived.leg])
    mix = exchange.recordings / f"{arrived.call}.wav"
    said = exchange.recordings / f"{arrived.call}-rx.wav"
    await lasts(mix, 4.0)
    await pbx.mute(arrived.leg, True)
    await pbx.mute(arrived.leg, False)
    await pbx.leave("talk-1", "son")
    await pbx.hang_up("son")
    await pbx.hang_up(arrived.leg)
    await pbx.close_talk("talk-1")
    await heard.end_of("son")
    assert {loudest(mix), loudest(said), loudest(exchange.recordings / "son-rx.wav")} == {1000}


async def test_somebody_who_listens_in_hears_what_is_said(
    exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await exchange.rings_us("95001", CALLER)
    arrived = await heard.arrived()
    await pbx.answer(arrived.leg)
    await pbx.talk("talk-3", [arrived.leg])
    await exchange.answers("desk")
    await pbx.ring("listener", To(number="13800000001"), Shown("95001"), 20, arrived.call)
    assert await heard.of(Answered) == Answered("listener")
    await pbx.listen_in("spy-1", arrived.leg, "listener", whisper=False)
    await heard.until(lambda each: each == Answered("spy-1"))
    heard_there = exchange.recordings / "listener-rx.wav"  # of the part of the dialplan that dials
    await lasts(heard_there, 4.0)
    assert loudest(heard_there) == 1000
    await pbx.hang_up("spy-1")
    await pbx.close_talk(room_of("spy-1"))
    assert (await heard.end_of("spy-1")).leg == "spy-1"
    await pbx.hang_up("listener")
    await pbx.hang_up(arrived.leg)
    await heard.end_of(arrived.leg)


async def test_a_call_that_no_server_takes_is_rung_at_the_duty_phone_and_recorded(
    tmp_path: Path,
):
    """Nobody is connected; nobody is at the duty phone either: whoever rang hears a prompt and leaves a message."""
    with running(tmp_path, duty_phones=("13900000009",)) as alone:
        await alone.boots()
        await alone.answers("busy")
        caller = await alone.rings_us("95001", CALLER)
        mix = await alone.only_recording()
        await lasts(mix, 4.0)
        caller.terminate()
        await alone.hang_up_phones()
        assert loudest(mix) == 1000


async def test_a_server_that_stands_still_keeps_no_caller_for_longer_than_some_seconds(
    tmp_path: Path,
):
    with running(tmp_path, duty_phones=("13900000009",), server_within_s=3) as exchange:
        pbx = Asterisk("trial", exchange.at)
        async with listening(pbx) as heard:
            duty = await exchange.answers("answers")
            await exchange.rings_us("95001", CALLER)
            arrived = await heard.arrived()
            await heard.end_of(arrived.leg)
            await lasts(exchange.recordings / f"{arrived.call}-tx.wav", 1.5)
            assert duty.returncode is None
        await exchange.hang_up_phones()


async def test_calls_go_on_while_the_server_is_away_and_are_found_again(
    exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await exchange.rings_us("95001", CALLER)
    arrived = await heard.arrived()
    await pbx.answer(arrived.leg)
    await pbx.talk("talk-2", [arrived.leg])
    await pbx.close()
    await heard.of(Lost)
    again = (await heard.every(Connected, 2))[-1]
    assert isinstance(again, Connected)
    assert again.legs[arrived.leg].arrived == arrived
    assert again.legs[arrived.leg].is_up
    assert again.talks["talk-2"] == {arrived.leg}
    await pbx.hang_up(arrived.leg)
    await heard.end_of(arrived.leg)


async def test_an_exchange_that_is_killed_is_found_again_when_it_is_back(tmp_path: Path):
    with running(tmp_path) as exchange:
        pbx = Asterisk("trial", exchange.at)
        async with listening(pbx) as heard:
            exchange.kill()
            await heard.of(Lost)
            with pytest.raises(PbxAway):
                await pbx.answer("nobody")
            exchange.start()
            await heard.every(Connected, 2)


async def test_a_trunk_that_wants_no_code_of_the_country_gets_none(tmp_path: Path):
    port = free_port(SOCK_DGRAM, NETWORK)
    trunk = Trunk(name="network", host=NETWORK, port=port, addresses=(NETWORK,), dials="national")
    with running(tmp_path, trunks=[trunk]) as exchange:
        exchange.network_port = port
        pbx = Asterisk("trial", exchange.at)
        async with listening(pbx) as heard:
            for number in ("+8613912345678", "+8631187654321"):
                await exchange.answers("answers_national")
                await pbx.ring(number[3:], To(number=number), Shown("95001"), 10, "call-1")
                await heard.until(lambda each, leg=number[3:]: each == Answered(leg))  # type: ignore[misc]
                await pbx.hang_up(number[3:])
                await heard.end_of(number[3:])
                await exchange.phones[
                    -1
                ].wait()  # killed earlier, the next would get the end of its call


async def test_a_trunk_that_has_not_said_that_it_is_there_takes_calls(tmp_path: Path):
    """By the usual way it would not be asked: it has not answered whether it is there."""
    with running(tmp_path, is_asked=True) as exchange:
        await exchange.boots()
        await exchange.counts_as_gone()
        pbx = Asterisk("trial", exchange.at)
        async with listening(pbx) as heard:
            await exchange.answers("answers", calls=3)
            await pbx.ring("leg-1", To(number="13800000001"), Shown("95001"), 10, "call-1")
            assert await heard.of(Answered) == Answered("leg-1")
            await pbx.hang_up("leg-1")
            await heard.end_of("leg-1")
            await exchange.hang_up_phones()


@pytest.mark.parametrize(
    "number", ["120", "0120", "+86120", "0311120", "86010119", "12345", "9110"]
)
@pytest.mark.parametrize("by_hand", [True, False])
async def test_no_emergency_number_can_be_dialled_by_a_site_that_is_not_in_service(
    number: str, by_hand: bool, exchange: Running, ear: tuple[Asterisk, Ear]
):
    pbx, heard = ear
    await pbx.ring("leg-1", To(number=number, by_hand=by_hand), Shown("95001"), 5, "call-1")
    assert await heard.end_of("leg-1") == Ended("leg-1", REFUSED)
