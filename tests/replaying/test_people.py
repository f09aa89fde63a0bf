"""Nobody is recognised in a night without people, and it can be gone through all the same."""

from __future__ import annotations

import gzip

import orjson

from callcenter.replaying.night import read, written
from callcenter.replaying.people import without
from callcenter.replaying.replaying import go_through
from callcenter.replaying.scratch import Place
from tests.replaying.nights import NightStory, kept, notes_seats

DAUGHTER = "+8613900000001"
TOLD = ("沈玉兰", "Shen Yulan", "139000", "榆荫里7号楼", "wang", "头晕", "林晓", "厨房")
"""Names, a number, an address, a log-in, and words that somebody has written."""


async def a_night(story: NightStory) -> list[str]:
    wang = await story.operator("wang")
    await story.home("1234", DAUGHTER)
    await notes_seats(story, 2)
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="reached", note="头晕，在厨房")
    await story.answers(DAUGHTER, "1")
    await story.answers(DAUGHTER, "林晓马上到")
    await wang.done(incident, "close", outcome="emergency", safe_by="林晓", safe_where="家里厨房")
    return await story.entries(incident)


async def test_nobody_is_recognised(story: NightStory):
    await a_night(story)
    night = await kept(story)
    invented = without(night)
    said, held = (gzip.decompress(written(one)).decode() for one in (invented, night))
    assert [word for word in TOLD if word in said] == []
    assert [word for word in TOLD if word not in held] == []
    assert invented.header["invented"] is True
    assert read(written(invented)).said == []


async def test_it_goes_through_as_the_real_one_did(story: NightStory, empty_system: Place):
    entries = await a_night(story)
    came = await go_through(read(written(without(await kept(story)))), empty_system)
    assert came.refused == []
    kinds = [orjson.loads(line[6:])["kind"] for line in came.said if line.startswith("entry ")]
    assert kinds == entries


async def test_the_same_person_has_the_same_invented_name_everywhere(story: NightStory):
    await a_night(story)
    night = without(await kept(story))
    [name] = {row["name"] for table, row in night.lines["world"] if table == "resident"}
    assert len(name) >= 2
    numbers = {row["phone"] for table, row in night.lines["world"] if table == "contact"}
    assert {row["sender"] for row in night.lines["answer"]} == numbers
    assert {row["recipient"] for row in night.lines["text"]} == numbers
