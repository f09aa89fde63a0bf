"""What is heard, measured at a real Asterisk in the sound that reaches each telephone: music, whispers and who breaks in."""

from __future__ import annotations

import asyncio
from pathlib import Path

from callcenter.telephony.pbx import Connected
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from callcenter.telephony.tune import tune
from tests.support.asterisk import is_silent, plays, running
from tests.telephony.ear import Ear

CALLER = '"王秀英" <sip:13912345678@127.0.0.2>'
NOTES = (349, 392, 440, 523, 587)
"""Of the tune for whoever waits."""


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
