"""A night that is gone through again comes to the same end, byte for byte."""

from __future__ import annotations

from callcenter.auth.permissions import Role
from callcenter.replaying.night import first_difference
from callcenter.replaying.replaying import go_through
from callcenter.replaying.scratch import Place
from tests.replaying.nights import NightStory, kept, notes_seats
from tests.support.story import DUTY

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def test_a_night_comes_to_the_same_end(story: NightStory, empty_system: Place):
    wang = await story.operator("wang")
    await story.operator("boss", role=Role.SUPERVISOR)
    await story.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY])
    await story.home("1234", DAUGHTER, SON)
    await story.home("2345")
    await notes_seats(story, 4)

    first = await story.press("1234")
    await notes_seats(story, 6)
    await story.press("1234", again=True)
    await wang.done(first, "take")
    await wang.done(first, "steps", step="call_back", result="no_answer")
    await wang.done(first, "note", text="门口有人说话")
    await notes_seats(story, 8)
    await story.answers(DAUGHTER, "1")
    second = await story.press("2345")
    await notes_seats(story, 20)
    await wang.done(first, "follow", minutes=1)
    await notes_seats(story, 70)
    wang.leaves()
    await notes_seats(story, 70)
    assert "duty_told" in await story.entries(second)

    night = await kept(story)
    came = await go_through(night, empty_system)
    assert came.refused == []
    place = first_difference(night.said, came.said)
    assert place is None, f"{place}:\n{night.said[place - 1]}\n{came.said[place - 1]}"
    assert len(night.said) > 20


async def test_a_system_that_decides_otherwise_is_found_out(story: NightStory, empty_system: Place):
    """The duty list is another one than it was."""
    await story.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY])
    await story.home("1234")
    await notes_seats(story, 2)
    await story.press("1234")
    await notes_seats(story, 4)
    night = await kept(story)
    for table, row in night.lines["world"]:
        if table == "region":
            row["duty_numbers"] = [SON]
    came = await go_through(night, empty_system)
    line = first_difference(night.said, came.said)
    assert line is not None
    assert (DUTY in night.said[line - 1], SON in came.said[line - 1]) == (True, True)
