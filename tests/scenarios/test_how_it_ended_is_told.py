"""What an incident was closed as, and what was recorded, decides what the family reads. Nothing is said to be well that
nobody has confirmed.
"""

from __future__ import annotations

import pytest

from callcenter.alerts.incident import BY_PEOPLE, SERVED, Outcome
from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"
SAFE = {"safe_by": "沈岚", "safe_where": "市医院"}
WELL, AT = "已确认安全", "已确认安全，现在市医院"
MISTAKE, OVER, NOBODY = "误按，老人平安", "的求助于17:26已办结", "未能联系上沈玉兰老人"
NEEDS_SAFE, NEEDS_REASON = "needs_safe", "needs_reason"

# outcome -> recorded who confirmed safe and where -> the text, or why it is refused; only who; nothing
TOLD: dict[Outcome, tuple[str, str, str]] = {
    Outcome.EMERGENCY: (AT, NEEDS_SAFE, NEEDS_SAFE),  # G9
    Outcome.ASSISTANCE: (AT, WELL, OVER),
    Outcome.MISTAKEN_PRESS: (AT, WELL, NEEDS_REASON),
    Outcome.FALSE_ALARM: (OVER, OVER, NEEDS_REASON),
    Outcome.TEST: (OVER, OVER, OVER),
    Outcome.TECHNICAL: (OVER, OVER, OVER),
    Outcome.NOBODY_REACHED: (NEEDS_REASON, NEEDS_REASON, NEEDS_REASON),
}
RECORDED = (SAFE, {"safe_by": "沈岚"}, {})


async def test_every_outcome_with_whatever_was_recorded(story: Story, wang: Operator):
    assert set(TOLD) == BY_PEOPLE - SERVED  # of requests, of which nobody is told
    await story.home("1234", DAUGHTER)
    for outcome, texts in TOLD.items():
        for recorded, text in zip(RECORDED, texts, strict=True):
            story.phones.expect(DAUGHTER, "发出紧急求助")
            incident = await story.press("1234")
            await wang.done(incident, "take")
            if text in (NEEDS_SAFE, NEEDS_REASON):
                refused = await wang.refused(incident, "close", outcome=outcome, **recorded)
                assert refused == (422, text)
                story.phones.expect(DAUGHTER, OVER)
                await wang.done(incident, "close", outcome="test")
                continue
            story.phones.expect(DAUGHTER, text)
            await wang.done(incident, "close", outcome=outcome, **recorded)


@pytest.mark.parametrize(
    ("outcome", "steps", "text"),
    [
        ("mistaken_press", [("call_back", "reached")], "已回电核实为误按，老人平安"),
        ("mistaken_press", [], OVER),
        ("mistaken_press", [("call_back", "no_answer")], OVER),
        ("nobody_reached", [], NOBODY),
        ("nobody_reached", [("call_back", "no_answer"), ("contact_called", "busy")], NOBODY),
        ("nobody_reached", [("call_back", "reached")], OVER),
    ],
)
async def test_the_family_reads_only_what_was_recorded(
    story: Story, boss: Operator, outcome: str, steps: list[tuple[str, str]], text: str
):
    """With nothing recorded nobody has phoned, and nobody is known to be well; the reason given is the operator's."""
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await boss.done(incident, "take")
    for step, result in steps:
        await boss.done(incident, "steps", step=step, result=result)
    story.phones.expect(DAUGHTER, text)
    drafts = await boss.previews(incident, "close", outcome=outcome)
    await boss.done(incident, "close", outcome=outcome, note="见通话记录")
    [sent] = [one.text for one in story.phones.box.taken if text in one.text]
    assert [draft["text"] for draft in drafts] == [sent]


@pytest.mark.parametrize(
    ("step", "result", "text"),
    [
        ("ambulance_called", "done", "17:26已呼叫120前往住处"),
        ("ambulance_called", "no_answer", None),
        ("worker_sent", "done", None),
        ("contact_called", "no_answer", None),
        ("safe", "done", None),
    ],
)
async def test_of_all_steps_only_an_ambulance_on_its_way_is_told(
    story: Story, wang: Operator, step: str, result: str, text: str | None
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    if text:
        story.phones.expect(DAUGHTER, text)
    await wang.done(incident, "steps", step=step, result=result)
