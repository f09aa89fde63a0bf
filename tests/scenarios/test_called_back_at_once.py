"""O3: the red key is pressed, and she is called back at once. Stored, seen and sounding, taken: three acknowledgements, each with
its own clock and its own fallback.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"


async def reached(wang: Operator, incident: str) -> dict[str, Any]:
    """Its milestones, as seconds since it was stored."""
    shown = (await wang.detail(incident))["milestones"]
    stored = datetime.fromisoformat(shown["stored"])
    return {
        name: (datetime.fromisoformat(at) - stored).total_seconds()
        for name, at in shown.items()
        if at is not None
    }


async def test_each_acknowledgement_has_its_own_time_until_she_has_answered(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助，中心已收到")
    incident = await story.press("1234")  # answered by the dialler's acknowledgement: it is stored
    assert set(await reached(wang, incident)) == {"received", "stored"}
    await story.passes(2)
    await wang.proves(incident, "seen")
    await story.passes(2)
    await wang.proves(incident, "sounding")
    await story.passes(4)
    await wang.done(incident, "take")
    await story.passes(6)
    await wang.done(incident, "steps", step="call_back", result="no_answer")
    await story.passes(20)
    await wang.done(incident, "steps", step="call_back", result="reached", note="头晕，坐在地上")
    assert await reached(wang, incident) == {
        "received": 0,
        "stored": 0,
        "seen": 2,
        "sounding": 4,
        "taken": 8,
        "first_contact": 34,
    }
    await story.passes(400)  # she was spoken to: nobody else is asked


async def test_a_seat_that_shows_it_without_a_sound_has_not_proved_it(story: Story, wang: Operator):
    """It rings at one seat first; what is only seen there rings everywhere."""
    li = await story.operator("li")
    await story.owner.execute("""UPDATE region SET escalation = '{"0": {"ring": "one"}}'""")
    await story.home("1234")
    await story.reload()
    incident = await story.press("1234")
    await wang.sees(incident, ring_to=[wang.user_id])
    await wang.proves(incident, "seen")
    await story.passes(4)
    await li.sees(incident, ring_to=[], escalated=1)
    await li.done(incident, "take")


async def test_seen_and_heard_by_everybody_it_is_still_taken_by_nobody(
    story: Story, wang: Operator
):
    """The third acknowledgement is a human's: without it the duty list is told, whatever consoles prove."""
    await story.home("1234")
    incident = await story.press("1234")
    await wang.proves(incident)
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(30)
    shown = await reached(wang, incident)
    assert (shown["seen"], shown["sounding"], shown.get("taken")) == (0, 0, None)
    await wang.done(incident, "take")
    assert (await reached(wang, incident))["taken"] == 30
