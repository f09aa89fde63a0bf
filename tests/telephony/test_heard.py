"""What is heard, measured at a real Asterisk in the sound that reaches each telephone: music, whispers and who breaks in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from callcenter.telephony.pbx import Answered, Arrived, Connected, Shown, To, room_of
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from callcenter.telephony.tune import tune
from tests.support.asterisk import DESK, NETWORK, PASSWORD, Running, is_silent, plays, running
from tests.support.sound import LOUD_DB, Ear as Wire
from tests.telephony.ear import Ear

CALLER = '"王秀英" <sip:13912345678@127.0.0.2>'
NOTES = (349, 392, 440, 523, 587)
"""Of the tune for whoever waits."""
CALLS, TALKS, WATCHES = 1000, 620, 1430
"""What the caller, the operator and the supervisor say (Hz): none is a harmonic of another."""


async def test_whoever_waits_hears_the_tune_and_nothing_of_it_once_they_speak_with_somebody(
    tmp_path: Path,
):
    with running(tmp_path) as exchange:
        (exchange.section.folder / "data" / "moh" / "waiting.wav").write_bytes(tune())
        pbx, heard = Asterisk("trial", exchange.at), Ear()
        listening = asyncio.create_task(pbx.run(heard))
        await heard.of(Connected)
        await exchange.rings_us("95001", CALLER)
        arrived = await heard.arrived()
        await pbx.answer(arrived.leg)
        hears = exchange.recordings / f"{arrived.call}-tx.wav"
        await pbx.wait(arrived.leg)
        await plays(hears, *NOTES)
        await pbx.wait(arrived.leg, music=False)
        await is_silent(hears)
        await pbx.wait(arrived.leg)
        await plays(hears, *NOTES)
        await pbx.talk("talk-1", [arrived.leg])
        await is_silent(hears)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await exchange.hang_up_phones()


@dataclass
class Three:
    """A caller, an operator and a supervisor, each with a tone, and what reaches each."""

    pbx: Asterisk
    caller: str
    outside: Wire
    inside: Wire

    async def hear(self, caller: set[int], operator: set[int], supervisor: set[int]) -> None:
        """Until it is so; and it is all so at once."""
        wanted = (caller, operator, supervisor)
        found: tuple[set[int], ...] = ()
        async with asyncio.timeout(20) as limit:
            try:
                while found != wanted:
                    await asyncio.sleep(0.1)
                    found = self._heard()
            except asyncio.CancelledError:
                if limit.expired():
                    raise AssertionError(f"they hear {found}, not {wanted}") from None
                raise

    def _heard(self) -> tuple[set[int], ...]:
        [outside] = self.outside.ports()
        desks = self.inside.ports()
        return (
            _loud(self.outside, outside),
            *(_loud(self.inside, each) for each in desks[:2]),
            *(set[int]() for _ in range(2 - len(desks))),
        )


def _loud(wire: Wire, port: int) -> set[int]:
    powers = wire.powers(port, (CALLS, TALKS, WATCHES))
    return {hertz for hertz, db in powers.items() if db > LOUD_DB}


async def _three(exchange: Running, pbx: Asterisk, heard: Ear) -> Three:
    outside, inside = Wire(NETWORK), Wire(DESK)
    await exchange.rings_us("95001", CALLER)
    arrived = await heard.arrived()
    await pbx.answer(arrived.leg)
    await _seat(exchange, pbx, heard, "desk-1", "operator-1-a", arrived, TALKS)
    await pbx.talk("talk-1", [arrived.leg, "operator-1-a"])
    three = Three(pbx, arrived.leg, outside, inside)
    await three.hear({TALKS}, {CALLS}, set())
    await _seat(exchange, pbx, heard, "desk-2", "listener-a", arrived, WATCHES)
    return three


async def _seat(
    exchange: Running, pbx: Asterisk, heard: Ear, desk: str, leg: str, call: Arrived, says: int
) -> None:
    await exchange.desk_phone(desk, says=says)
    await pbx.ring(leg, To(seat=desk), Shown("95001"), 10, call.call)
    await heard.until(lambda each: each == Answered(leg))


async def test_who_listens_in_is_heard_by_nobody_a_whisper_by_the_operator_alone_and_who_breaks_in_by_both(
    tmp_path: Path,
):
    phones = [{"name": f"desk-{n}", "password": PASSWORD} for n in (1, 2)]
    with running(tmp_path, desk_phones=phones) as exchange:
        pbx, heard = Asterisk("trial", exchange.at), Ear()
        listening = asyncio.create_task(pbx.run(heard))
        await heard.of(Connected)
        three = await _three(exchange, pbx, heard)
        await pbx.listen_in("spy-1", "operator-1-a", "listener-a", whisper=False)
        await three.hear({TALKS}, {CALLS}, {CALLS, TALKS})
        await pbx.hang_up("spy-1")
        await pbx.close_talk(room_of("spy-1"))
        await pbx.listen_in("spy-2", "operator-1-a", "listener-a", whisper=True)
        await three.hear({TALKS}, {CALLS, WATCHES}, {CALLS, TALKS})
        await pbx.hang_up("spy-2")
        await pbx.close_talk(room_of("spy-2"))
        await pbx.talk("talk-1", ["listener-a"])
        await three.hear({TALKS, WATCHES}, {CALLS, WATCHES}, {CALLS, TALKS})
        await pbx.leave("talk-1", "listener-a")
        await three.hear({TALKS}, {CALLS}, set())
        for wire in (three.outside, three.inside):
            wire.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await exchange.hang_up_phones()
