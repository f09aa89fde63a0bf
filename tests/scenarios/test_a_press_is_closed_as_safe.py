"""The daughter is told of the press, says that she can go, and learns that her mother is safe."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"


async def test_a_press_is_told_answered_taken_and_closed_as_safe(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助，中心已收到")
    incident = await story.press("1234")
    await wang.sees(incident, state="waiting", ring=1, marks=[])

    story.phones.expect(DAUGHTER, "已记录您正赶往沈玉兰老人处")
    await story.answers(DAUGHTER, "1")
    await wang.sees(incident, version=2)

    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="reached")
    story.phones.expect(DAUGHTER, "沈玉兰老人已确认安全，现在家中")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="沈岚", safe_where="家中", note=""
    )
    await wang.sees(incident, state="closed")
    assert await story.entries(incident) == ["opened", "reply", "taken", "step", "closed"]
    await story.passes(60)
