"""The database is away while somebody is on the line: what they pressed is kept, and written when it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.hotline.announcement import Outcome
from tests.support.clock import HandClock
from tests.support.flaky_proxy import FlakyProxy
from tests.support.story import Story, open_story
from tests.support.voice import Voice

SON = "+8613900000001"


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    async with open_story(database, owner, clock) as made:
        yield made


async def due(story: Story, **changes: object) -> None:
    row = {"kind": "notice", "priority": 5, "number": SON, "params": {}} | changes
    await story.owner.execute(
        "INSERT INTO voice_call (id, kind, priority, number, region_id, params, asked_at, state, due_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'due', $7)",
        new_id(),
        *(row[each] for each in ("kind", "priority", "number")),
        story.community.street,
        row["params"],
        story.clock.now(),
    )


async def test_a_key_that_is_pressed_while_the_database_is_away_is_written_when_it_is_back(
    story: Story, dsn: str
):
    async with FlakyProxy.to_postgres(dsn) as proxy:
        voice, away = Voice(story), Database(proxy.dsn)
        out = voice.over(away)
        await due(story)
        await out.run_once(story.clock.now())
        voice.picks_up()
        proxy.cut()
        voice.presses("1")
        with pytest.raises(Unavailable):
            await out.run_once(story.clock.now())
        assert await voice.calls() == [("ringing", None, 1)]
        proxy.restore()
        await out.run_once(story.clock.now())
        assert await voice.calls() == [("pressed", "1", 1)]
        await out.run_once(story.clock.now())
        assert not voice.announcer.ended
        await out.connections.close()
        await away.close()


async def test_an_alarm_goes_before_every_list(story: Story):
    voice = Voice(story)
    out = voice.over(story.database)
    for n in range(3):
        await due(story, number=f"+861390000001{n}")
    await due(story, kind="contact_alarm", priority=1, number="+8613900000099")
    await out.run_once(story.clock.now())
    assert next(each.to.number for each in voice.rung) == "13900000099"
    assert len(voice.rung) == 3


async def test_a_kind_of_a_newer_server_is_left_to_it(story: Story):
    voice = Voice(story)
    out = voice.over(story.database)
    await due(story, kind="of_next_year")
    await out.run_once(story.clock.now())
    assert not voice.rung


async def test_the_call_stands_among_the_others_under_the_name_of_its_recording(story: Story):
    voice = Voice(story)
    out = voice.over(story.database)
    await due(story)
    await out.run_once(story.clock.now())
    voice.ends(17)
    await out.run_once(story.clock.now())
    row = await story.owner.fetchrow("SELECT * FROM call")
    assert (row["direction"], row["pbx_call"], row["state"], row["cause"]) == (
        "automatic",
        voice.leg,
        "ended",
        17,
    )
    outcome = await story.owner.fetchval("SELECT outcome FROM voice_attempt")
    assert outcome == Outcome.BUSY


async def test_the_number_of_a_red_line_is_never_shown(story: Story):
    """Whoever rings it back would raise an alarm."""
    voice = Voice(story)
    out = voice.over(story.database)
    for number, kind in (("95000", "red"), ("95002", "office"), ("95001", "hotline")):
        await story.owner.execute(
            "INSERT INTO line (number, name, kind, region_id) VALUES ($1, $1, $2, $3)",
            number,
            kind,
            story.community.root,
        )
    await due(story)
    await out.run_once(story.clock.now())
    assert voice.rung[-1].shown.number == "95001"


async def test_prompts_that_are_being_made_are_missed_once_and_nobody_is_rung_meanwhile(
    story: Story,
):
    voice = Voice(story, has_prompts=False)
    out = voice.over(story.database)
    await due(story)
    with capture_logs() as logs:
        for _ in range(3):
            await out.run_once(story.clock.now())
    assert [each["event"] for each in logs] == ["voice_prompts_missing"]
    assert not voice.rung
    voice.has_prompts = True
    await out.run_once(story.clock.now())
    assert len(voice.rung) == 1
