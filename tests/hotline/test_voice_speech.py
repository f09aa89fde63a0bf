"""The office makes what automatic calls say before they ring."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.hotline.speaking import CannotSpeak, Sounds
from callcenter.hotline.spoken import RECORDED, clip_of
from callcenter.hotline.voice_speech import VoiceSpeech, missing_prompts
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.outbox import SHANGHAI
from tests.telephony.test_wav import recorded


class Engine:
    """Gives a tone, and keeps what it was told; `mute` to these words."""

    def __init__(self, mute: str = "") -> None:
        self.told: list[str] = []
        self.mute = mute

    def speak(self, words: str, _language: str) -> bytes:
        self.told.append(words)
        if words == self.mute:
            raise CannotSpeak("not these")
        return recorded(16_000, hertz=700)


@pytest.fixture
async def due(database, owner, clock: HandClock) -> HeldConnections:
    """One call is due, in which a name is said."""
    community = await Community.found(owner)
    await owner.execute(
        "INSERT INTO voice_call (id, kind, number, region_id, params, asked_at, state, due_at)"
        " VALUES ($1, 'contact_alarm', '+8613900000001', $2, $3, $4, 'due', $4)",
        new_id(),
        community.root,
        {"name": "沈玉兰", "signature": "榆荫里养老", "at": clock.now().isoformat()},
        clock.now(),
    )
    held = HeldConnections(database, "speech", 1)
    yield held
    await held.close()


async def test_names_that_somebody_waits_for_come_before_prompts(
    due: HeldConnections, clock: HandClock, tmp_path: Path
):
    engine, sounds = Engine(), Sounds(tmp_path)
    speech = VoiceSpeech(due, engine, sounds, SHANGHAI)
    for _ in range(3):
        await speech.run_once(clock.now())
    assert engine.told[:2] == ["榆荫里养老", "沈玉兰"]
    assert engine.told[2] == RECORDED["cc-one-moment"].zh
    assert sounds.has(clip_of("沈玉兰", "zh"), "zh")


async def test_everything_is_made_once_and_a_recording_of_a_person_stays(
    due: HeldConnections, clock: HandClock, tmp_path: Path
):
    engine, sounds = Engine(), Sounds(tmp_path)
    sounds.write("cc-contact-keys", "zh", b"a person")
    speech = VoiceSpeech(due, engine, sounds, SHANGHAI)
    while await speech.run_once(clock.now()):
        pass
    assert not list(missing_prompts(sounds))
    assert len(engine.told) == len(RECORDED) * 2 + 2 - 1
    assert sounds.path("cc-contact-keys", "zh").read_bytes() == b"a person"


async def test_a_name_that_the_engine_does_not_speak_keeps_nothing_waiting(
    due: HeldConnections, clock: HandClock, tmp_path: Path
):
    engine, sounds = Engine(mute="榆荫里养老"), Sounds(tmp_path)
    speech = VoiceSpeech(due, engine, sounds, SHANGHAI)
    for _ in range(3):
        await speech.run_once(clock.now())
    assert engine.told.count("榆荫里养老") == 1
    assert sounds.has(clip_of("沈玉兰", "zh"), "zh")
