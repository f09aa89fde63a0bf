"""An operator takes a stranger for the wrong resident, and finds out: whoever was texted reads that it was a mistake, nobody
else reads anything, and the right family is told.
"""

from __future__ import annotations

import pytest

from tests.support.story import Operator, Story

WRONG_DAUGHTER, WRONG_SON, RIGHT_DAUGHTER = "+8613900000001", "+8613900000002", "+8613900000003"
ALARM, CORRECTION = "发出紧急求助", "更正：17:26求助的不是沈玉兰老人"
WHY = "回电的是隔壁的贺长林"


async def assigned_wrongly(story: Story, wang: Operator) -> tuple[str, int, int]:
    """The incident, the resident it was assigned to, and the one it was."""
    wrong = await story.home("", WRONG_DAUGHTER, WRONG_SON)
    right = await story.home("", RIGHT_DAUGHTER, name="贺长林")
    incident = await story.press("9999")
    await wang.done(incident, "take")
    story.phones.expect(WRONG_DAUGHTER, f"沈玉兰老人17:26{ALARM}")
    await wang.done(incident, "assign", resident_id=wrong)
    await story.reload()
    return incident, wrong, right


async def test_the_wrong_family_reads_a_correction_and_the_right_one_the_alarm(
    story: Story, wang: Operator
):
    incident, _, right = await assigned_wrongly(story, wang)
    story.phones.expect(WRONG_DAUGHTER, CORRECTION)
    await wang.done(incident, "unassign", reason=WHY)
    shown = await wang.sees(incident, home_id=None, resident_id=None, state="taken")
    assert shown["card"]["people"] == []

    await story.reload()
    assert await story.press("9999") == incident
    story.phones.expect(RIGHT_DAUGHTER, f"贺长林老人17:26{ALARM}")
    await wang.done(incident, "assign", resident_id=right)
    await story.reload()
    assert await story.press("9999") == incident
    story.phones.expect(RIGHT_DAUGHTER, "贺长林老人已确认安全")
    await wang.done(incident, "close", outcome="assistance", safe_by="老人", safe_where="家中")


async def test_the_same_daughter_is_told_anew_where_it_was_the_right_family_after_all(
    story: Story, wang: Operator
):
    incident, wrong, _ = await assigned_wrongly(story, wang)
    for _ in range(2):
        story.phones.expect(WRONG_DAUGHTER, CORRECTION)
        await wang.done(incident, "unassign", reason=WHY)
        story.phones.expect(WRONG_DAUGHTER, f"沈玉兰老人17:26{ALARM}")
        await wang.done(incident, "assign", resident_id=wrong)


async def test_a_text_that_has_not_gone_out_never_does_and_needs_no_correction(
    story: Story, wang: Operator
):
    wrong = await story.home("", WRONG_DAUGHTER)
    incident = await story.press("9999")
    await wang.done(incident, "take")
    await story.phones.box.leave()
    await wang.done(incident, "assign", resident_id=wrong)
    await wang.done(incident, "unassign", reason=WHY)
    await story.phones.box.come()
    await story.passes(60)
    assert await story.texts() == [("alarm_raised", "cancelled")]


@pytest.mark.parametrize("words", ["1", "2", "好的"])
async def test_an_answer_of_the_wrong_family_stands_there_and_moves_nothing(
    story: Story, wang: Operator, words: str
):
    incident, _, right = await assigned_wrongly(story, wang)
    story.phones.expect(WRONG_DAUGHTER, CORRECTION)
    await wang.done(incident, "unassign", reason=WHY)
    story.phones.expect(RIGHT_DAUGHTER, f"贺长林老人17:26{ALARM}")
    await wang.done(incident, "assign", resident_id=right)
    await story.answers(WRONG_DAUGHTER, words)
    replies = await story.owner.fetch("SELECT data FROM timeline_entry WHERE kind = 'reply'")
    assert [row["data"]["meaning"] for row in replies] == ["other"]
    assert await story.owner.fetchval("SELECT count(*) FROM incident") == 1


async def test_once_that_home_has_called_itself_its_alarm_stays(story: Story, wang: Operator):
    wrong = await story.home("1111", WRONG_DAUGHTER)
    incident = await story.press("9999")
    await wang.done(incident, "take")
    story.phones.expect(WRONG_DAUGHTER, f"沈玉兰老人17:26{ALARM}")
    await wang.done(incident, "assign", resident_id=wrong)
    assert await story.press("1111") == incident
    assert await wang.refused(incident, "unassign", reason=WHY) == (409, "home_has_called")


async def test_a_stranger_who_calls_anew_meanwhile_has_two_incidents_and_both_can_be_worked(
    story: Story, wang: Operator
):
    """The factory's account is attached to nobody, so the next press is another unknown caller."""
    wrong = await story.home("", WRONG_DAUGHTER)
    incident = await story.press("0000")
    await wang.done(incident, "take")
    story.phones.expect(WRONG_DAUGHTER, f"沈玉兰老人17:26{ALARM}")
    await wang.done(incident, "assign", resident_id=wrong)
    again = await story.press("0000")
    assert again != incident
    story.phones.expect(WRONG_DAUGHTER, CORRECTION)
    await wang.done(incident, "unassign", reason=WHY)
    await wang.sees(incident, home_id=None, state="taken")
    await wang.sees(again, state="waiting")
