"""What every exchange does that stands behind the port: the adapter to Asterisk with an exchange of its protocol, and the simulated one.

Against a real Asterisk, with a telephone network and sound, the same is asked in test_asterisk.py. To a simulated one does not apply: sound
and recordings (there is none), a number that is withheld or has a name (its page has neither), busy (nobody is), passwords of seats (nothing
registers), a way that is cut (it is the same process).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Digit,
    Ended,
    Lost,
    Pbx,
    PbxAway,
    PbxRefused,
    SaidOut,
    SeatKey,
    Shown,
    To,
    room_of,
)
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from callcenter.telephony.pbxs.simulated.exchange import Simulated
from tests.support.fake_ari import FakeAri, fake_ari
from tests.telephony.ear import Ear

LINE, ELDER, SON = "95001", "+8613900000001", "+8613800000001"
HUNG_UP, NO_ANSWER, REFUSED = 16, 19, 21


class Outside(Protocol):
    """Everybody outside."""

    def rings(self, line: str, number: str) -> str: ...

    def hangs_up(self, leg: str) -> None: ...

    def presses(self, leg: str, digit: str) -> None: ...

    def is_silent(self) -> None:
        """Whoever is rung from now on does not answer."""

    async def answers(self, heard: Ear, leg: str) -> None:
        """Whoever is rung there."""


@dataclass
class AtAsterisk:
    ari: FakeAri

    def rings(self, line: str, number: str) -> str:
        return self.ari.rings_us(line, number).id

    def hangs_up(self, leg: str) -> None:
        self.ari.hangs_up(leg)

    def presses(self, leg: str, digit: str) -> None:
        self.ari.presses(leg, digit)

    def is_silent(self) -> None:
        self.ari.does = "no_answer"

    async def answers(self, heard: Ear, leg: str) -> None:
        """By itself."""


@dataclass
class AtSimulated:
    exchange: Simulated

    def rings(self, line: str, number: str) -> str:
        return self.exchange.ring_in(line, number)

    def hangs_up(self, leg: str) -> None:
        self.exchange.put_down(leg)

    def presses(self, leg: str, digit: str) -> None:
        self.exchange.press(leg, digit)

    def is_silent(self) -> None:
        """Until somebody picks up, they are."""

    async def answers(self, heard: Ear, leg: str) -> None:
        self.exchange.pick_up(leg)


@dataclass
class Side:
    pbx: Pbx
    outside: Outside
    heard: Ear

    async def arrived(self) -> Arrived:
        self.outside.rings(LINE, ELDER)
        return await self.heard.arrived()


@pytest.fixture(params=["asterisk", "simulated"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with fake_ari() as ari:
        simulated = Simulated("trial", {})
        heard = Ear()
        found = (
            Side(Asterisk("trial", ari.at), AtAsterisk(ari), heard)
            if request.param == "asterisk"
            else Side(simulated, AtSimulated(simulated), heard)
        )
        listening = asyncio.create_task(found.pbx.run(heard))
        await heard.of(Connected)
        yield found
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_call_arrives_is_answered_and_ends(side: Side):
    arrived = await side.arrived()
    assert (arrived.line, arrived.caller, arrived.withheld) == (LINE, ELDER, False)
    await side.pbx.answer(arrived.leg)
    side.outside.hangs_up(arrived.leg)
    assert await side.heard.end_of(arrived.leg) == Ended(arrived.leg, HUNG_UP)


async def test_one_ring_and_gone_is_a_call_that_ended(side: Side):
    arrived = await side.arrived()
    side.outside.hangs_up(arrived.leg)
    assert (await side.heard.end_of(arrived.leg)).leg == arrived.leg


async def test_a_caller_is_told_something_waits_presses_a_key_and_is_hung_up(side: Side):
    arrived = await side.arrived()
    await side.pbx.answer(arrived.leg)
    await side.pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")
    assert await side.heard.of(SaidOut) == SaidOut("say-1", arrived.leg)
    await side.pbx.wait(arrived.leg)
    side.outside.presses(arrived.leg, "5")
    await side.heard.until(lambda each: each == Digit(arrived.leg, "5"))
    await side.pbx.say("say-2", arrived.leg, ["cc-one-moment", "cc-leave-message"], "zh")
    await side.pbx.hush("say-2")
    await side.heard.until(lambda each: each == SaidOut("say-2", arrived.leg))
    await side.pbx.hang_up(arrived.leg)
    await side.pbx.hang_up(arrived.leg)
    assert (await side.heard.end_of(arrived.leg)).cause == HUNG_UP


async def test_whoever_is_rung_and_does_not_answer_says_why(side: Side):
    side.outside.is_silent()
    await side.pbx.ring("leg-1", To(number=SON), Shown(LINE), 0, "call-1")
    assert await side.heard.end_of("leg-1") == Ended("leg-1", NO_ANSWER)


async def test_an_order_to_ring_that_is_given_twice_is_one(side: Side):
    side.outside.is_silent()
    await side.pbx.ring("leg-1", To(number=SON), Shown(LINE), 30, "call-1")
    with pytest.raises(PbxRefused):
        await side.pbx.ring("leg-1", To(number=SON), Shown(LINE), 30, "call-1")
    await side.pbx.hang_up("leg-1")
    await side.heard.end_of("leg-1")
    ended = [each for each in side.heard.heard if isinstance(each, Ended)]
    assert len(ended) == 1


async def test_a_seat_and_a_contact_are_put_into_a_talk_and_out_of_it(side: Side):
    arrived = await side.arrived()
    await side.pbx.answer(arrived.leg)
    await side.pbx.admit(SeatKey("seat-7", "once"))
    await side.pbx.ring("seat", To(seat="seat-7"), Shown(ELDER), 10, arrived.call)
    await side.heard.until(lambda each: each == Answered("seat"))
    await side.pbx.ring("son", To(number=SON, by_hand=True), Shown(LINE), 10, arrived.call)
    await side.outside.answers(side.heard, "son")
    await side.heard.until(lambda each: each == Answered("son"))
    await side.pbx.talk("talk-1", [arrived.leg, "seat"])
    await side.pbx.talk("talk-1", ["son"])
    await side.pbx.mute("seat", True)
    await side.pbx.keys(arrived.leg, "1")
    await side.pbx.leave("talk-1", "son")
    await side.pbx.hang_up("son")
    await side.pbx.close_talk("talk-1")
    await side.pbx.dismiss("seat-7")
    assert (await side.heard.end_of("son")).cause == HUNG_UP


async def test_somebody_who_listens_in_is_a_leg_of_its_own(side: Side):
    arrived = await side.arrived()
    await side.pbx.answer(arrived.leg)
    await side.pbx.admit(SeatKey("seat-8", "once"))
    await side.pbx.ring("listener", To(seat="seat-8"), Shown(LINE), 10, arrived.call)
    await side.heard.until(lambda each: each == Answered("listener"))
    await side.pbx.listen_in("spy-1", arrived.leg, "listener", whisper=False)
    await side.heard.until(lambda each: each == Answered("spy-1"))
    await side.pbx.hang_up("spy-1")
    await side.pbx.close_talk(room_of("spy-1"))
    assert (await side.heard.end_of("spy-1")).leg == "spy-1"


async def test_an_order_for_a_leg_that_is_gone_is_refused(side: Side):
    arrived = await side.arrived()
    side.outside.hangs_up(arrived.leg)
    await side.heard.end_of(arrived.leg)
    with pytest.raises(PbxRefused):
        await side.pbx.answer(arrived.leg)
    with pytest.raises(PbxRefused):
        await side.pbx.say("say-1", arrived.leg, ["cc-one-moment"], "zh")


async def test_calls_go_on_while_the_way_is_closed_and_are_found_again(side: Side):
    arrived = await side.arrived()
    await side.pbx.answer(arrived.leg)
    await side.pbx.talk("talk-2", [arrived.leg])
    await side.pbx.close()
    await side.heard.of(Lost)
    with pytest.raises(PbxAway):
        await side.pbx.answer(arrived.leg)
    again = (await side.heard.every(Connected, 2))[-1]
    assert isinstance(again, Connected)
    assert again.legs[arrived.leg].arrived == arrived
    assert again.legs[arrived.leg].is_up
    assert again.talks["talk-2"] == {arrived.leg}


@pytest.mark.parametrize("by_hand", [True, False])
async def test_no_emergency_number_can_be_dialled(side: Side, by_hand: bool):
    await side.pbx.ring("leg-1", To(number="120", by_hand=by_hand), Shown(LINE), 5, "call-1")
    assert await side.heard.end_of("leg-1") == Ended("leg-1", REFUSED)
