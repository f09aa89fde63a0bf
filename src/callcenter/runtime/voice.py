"""Calls that the centre rings by itself: rung by the alarm process, spoken and listed by the office. Without an exchange there is none of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.replies import NAME as REPLIES
from callcenter.calls.raising import RAISED
from callcenter.core.held import HeldConnections
from callcenter.hotline.automatic import Automatic
from callcenter.hotline.call_outs.router import RingsByItself
from callcenter.hotline.lines import Lines
from callcenter.hotline.list_calls import ListCalls
from callcenter.hotline.models import source_of
from callcenter.hotline.ringing_again import Channels, Pauses, Quiet
from callcenter.hotline.speaking import Sounds, engine_of
from callcenter.hotline.unanswered import Unanswered
from callcenter.hotline.voice_out import NAME, Exchange, Manner, VoiceOut
from callcenter.hotline.voice_speech import VoiceSpeech
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.settings import VoiceSettings

log = structlog.get_logger(__name__)


def sounds_in(folder: Path) -> Sounds:
    """Of the exchange in this folder."""
    return Sounds(folder / "data" / "sounds")


def automatic_of(ground: Ground) -> Automatic:
    """To be hung on the lines, and told of them by `voice_part`."""
    return Automatic(ground.clock, partial(ground.wakeups.wake, NAME))


def voice_part(
    ground: Ground, workbench: Workbench, automatic: Automatic, lines: Lines, folder: Path | None
) -> Part:
    """Of the alarm process. Of an exchange without a folder nothing is heard, and no prompt is missing."""
    voice = ground.settings.voice
    ringing, looking = (
        HeldConnections(ground.database, NAME),
        HeldConnections(ground.database, Unanswered.name),
    )
    automatic.follow = lines.follow

    def heard() -> None:
        ground.wakeups.wake(REPLIES)
        ground.wakeups.wake(RAISED)

    exchange = Exchange(
        lines.board.pbx,
        lambda: lines.board.is_connected,
        sounds_in(folder).has if folder is not None else lambda _name, _language: True,
        lines.follow,
        source_of(lines.pbx),
    )
    out = VoiceOut(ringing, automatic.announcer, exchange, manner_of(voice, ground), heard)
    after = timedelta(seconds=voice.contact_after_s)
    beside = replace(workbench, connections=looking)
    return Part(
        waits=True,
        tasks={"automatic-calls": automatic.tick},
        processors=[Unanswered(beside, after), out],
        listens={NAME: lambda _: ground.wakeups.wake(NAME)},
        stop=partial(_close, ringing, looking),
    )


def manner_of(voice: VoiceSettings, ground: Ground) -> Manner:
    """As the settings say."""
    return Manner(
        Channels(voice.lines, voice.lines_for_lists),
        Pauses(
            [timedelta(seconds=each) for each in voice.contact_pauses_s],
            [timedelta(minutes=each) for each in voice.list_pauses_min],
            quiet_of(voice),
        ),
        voice.rings_for_s,
        voice.said,
        ground.zone,
    )


def quiet_of(voice: VoiceSettings) -> Quiet:
    """When nobody is rung but for an alarm."""
    return Quiet(voice.quiet_from, voice.quiet_until)


def voice_office_part(ground: Ground) -> Part:
    """Of the office: what is said is made, lists are written and read."""
    telephony, voice = ground.settings.telephony, ground.settings.voice
    if telephony is None:
        return Part(ports={RingsByItself: RingsByItself(exchange=False)})
    listing = HeldConnections(ground.database, ListCalls.name)
    processors: list[ListCalls | VoiceSpeech] = [ListCalls(listing, quiet_of(voice), ground.zone)]
    held = [listing]
    engine = engine_of(voice.engine)
    if telephony.folder is None:
        pass  # nothing is heard there
    elif engine is None:
        log.warning("voice_engine_missing")
    else:
        speaking = HeldConnections(ground.database, VoiceSpeech.name)
        held.append(speaking)
        sounds = sounds_in(telephony.folder)
        processors.append(VoiceSpeech(speaking, engine, sounds, ground.zone))
    return Part(
        ports={RingsByItself: RingsByItself(exchange=True)},
        processors=processors,
        stop=partial(_close, *held),
    )


async def _close(*held: HeldConnections) -> None:
    for connections in held:
        await connections.close()
