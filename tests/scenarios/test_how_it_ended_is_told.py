"""What an incident was closed as, and what was recorded, decides what the family reads. Nothing is said to be well that
nobody has confirmed.
"""

from __future__ import annotations

import pytest

from callcenter.alerts.incident import Outcome
from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"
SAFE = {"safe_by": "沈岚", "safe_where": "市医院"}
WELL, AT = "已确认安全", "已确认安全，现在市医院"
MISTAKE, OVER = "误按，老人平安", "的求助已于17:26处置完毕"

# outcome -> recorded who confirmed safe and where -> the text; only who; nothing
TOLD: dict[Outcome, tuple[str, str | None, str | None]] = {
    Outcome.EMERGENCY: (AT, None, None),  # None: refused, G9
    Outcome.ASSISTANCE: (AT, WELL, OVER),
    Outcome.MISTAKEN_PRESS: (MISTAKE, MISTAKE, MISTAKE),
    Outcome.FALSE_ALARM: (OVER, OVER, OVER),
    Outcome.TEST: (OVER, OVER, OVER),
    Outcome.TECHNICAL: (OVER, OVER, OVER),
    Outcome.NOBODY_REACHED: (OVER, OVER, OVER),
}
RECORDED = (SAFE, {"safe_by": "沈岚"}, {})


async def test_every_outcome_with_whatever_was_recorded(story: Story, wang: Operator):
    assert set(TOLD) == set(Outcome)
    await story.home("1234", DAUGHTER)
    for outcome, texts in TOLD.items():
        for recorded, text in zip(RECORDED, texts, strict=True):
            story.phones.expect(DAUGHTER, "发出紧急求助")
            incident = await story.press("1234")
            await wang.done(incident, "take")
            if text is None:
                refused = await wang.refused(incident, "close", outcome=outcome, **recorded)
                assert refused == (422, "needs_safe")
                text, recorded = AT, SAFE  # noqa: PLW2901 - and this is how it is closed then
            story.phones.expect(DAUGHTER, text)
            await wang.done(incident, "close", outcome=outcome, **recorded)


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
