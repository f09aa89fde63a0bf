"""The whole server beside a real Asterisk: a press, a text that nobody answers, a call, the key 1, and what the timeline says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callcenter.hotline.speaking import Sounds
from callcenter.hotline.spoken import LANGUAGES, RECORDED, clip_of
from tests.hotline.test_whole import hotline, settings_of
from tests.support.asterisk import Running, loudest, running, tone
from tests.support.living import pressed
from tests.support.place import Place
from tests.support.waiting import until_told

NAME = "沈玉兰"


@pytest.fixture
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With recorded prompts, each a short tone of 700 Hz; names are spoken by the built-in engine, where it is installed."""
    with running(tmp_path_factory.mktemp("pbx"), server_within_s=20) as made:
        sounds = Sounds(made.section.folder / "data" / "sounds")
        for name, language in ((name, language) for name in RECORDED for language in LANGUAGES):
            path = sounds.path(name, language)
            path.parent.mkdir(exist_ok=True)
            tone(path, 700, 0.3)
        yield made


async def test_a_contact_who_does_not_answer_is_rung_and_presses_1(place: Place, exchange: Running):
    await exchange.boots()
    await hotline(place)
    await exchange.answers("answers_and_presses", digit="1")
    server = await place.serve(**settings_of(exchange), VOICE__CONTACT_AFTER_S="6")
    incident = await pressed(server, place.site.phone(0))
    steps = "SELECT data->>'step' FROM timeline_entry WHERE incident_id = $1::uuid AND kind = 'voice_called' ORDER BY number"

    async def is_answered() -> bool:
        return bool(
            await place.site.owner.fetchval(
                "SELECT data->>'meaning' = 'yes' FROM timeline_entry WHERE incident_id = $1::uuid AND kind = 'reply'",
                incident,
            )
        )

    await until_told(is_answered, "the answer by key on the timeline", 40)
    await until_told(_told(place, incident, steps), "rang, answered, pressed", 10)
    thanks = "sms_message WHERE kind = 'answer_noted' AND recipient = '+8613900000000'"
    assert await place.count(thanks) == 1
    leg = await place.site.owner.fetchval("SELECT pbx_call FROM call WHERE direction = 'automatic'")
    assert loudest(exchange.recordings / f"{leg}.wav", whole=True) == 700
    assert Sounds(exchange.section.folder / "data" / "sounds").has(clip_of(NAME, "zh"), "zh")
    assert not server.events("automatic_call_failed")
    await exchange.hang_up_phones()


def _told(place: Place, incident: str, steps: str):
    async def told() -> bool:
        rows = await place.site.owner.fetch(steps, incident)
        return [row[0] for row in rows] == ["rang", "answered", "pressed"]

    return told
