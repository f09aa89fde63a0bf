"""Nobody answers the text: the next contact is told by itself, until somebody answers or an operator stops it."""

from __future__ import annotations

import pytest

from callcenter.alerts.processors import alarm_processors
from tests.support.story import TAKER_GONE_S, Operator, Story

DAUGHTER, SON, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"
ASKED = "暂未联系上沈玉兰老人，请问您能去现场吗"


@pytest.fixture
async def incident(story: Story, wang: Operator) -> str:
    """沈玉兰 has pressed, her daughter is told, and 王 has taken it."""
    await story.home("1234", DAUGHTER, SON, NEIGHBOUR)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    pressed = await story.press("1234")
    await wang.done(pressed, "take")
    return pressed


async def reasons(story: Story) -> list[str]:
    """Why no further contact was told."""
    rows = await story.owner.fetch(
        "SELECT data->>'reason' AS reason FROM timeline_entry WHERE kind = 'telling_ended' ORDER BY number"
    )
    return [row["reason"] for row in rows]


async def test_each_is_told_three_minutes_after_the_one_before_until_nobody_is_left(
    story: Story, wang: Operator, incident: str
):
    await story.passes(178)
    story.phones.expect(SON, ASKED)
    await story.passes(8)
    await story.passes(168)
    story.phones.expect(NEIGHBOUR, ASKED)
    await story.passes(16)
    await story.passes(192)
    assert await story.entries(incident) == ["opened", "taken", "told", "told", "telling_ended"]
    assert await reasons(story) == ["nobody_left"]
    by_itself = await story.owner.fetch(
        "SELECT data->>'by_itself' AS said, user_id FROM timeline_entry WHERE kind = 'told'"
    )
    assert [tuple(row) for row in by_itself] == [("true", None), ("true", None)]


async def test_also_while_nobody_takes_the_alarm(story: Story):
    await story.owner.execute("UPDATE region SET duty_numbers = '{}'")
    await story.home("1234", DAUGHTER, SON)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    story.phones.expect(SON, ASKED)
    await story.passes(192)
    assert "told" in await story.entries(incident)


async def test_a_yes_stops_it_and_a_later_no_of_the_same_person_goes_on(
    story: Story, wang: Operator, incident: str
):
    story.phones.expect(DAUGHTER, "已记录您正赶往沈玉兰老人处")
    await story.answers(DAUGHTER, "1")
    await story.passes(400)
    story.phones.expect(SON, ASKED)
    await story.answers(DAUGHTER, "2")
    story.phones.expect(NEIGHBOUR, ASKED)
    await story.passes(192)


async def test_a_no_tells_the_next_at_once_and_the_time_begins_again(
    story: Story, wang: Operator, incident: str
):
    await story.passes(120)
    story.phones.expect(SON, ASKED)
    await story.answers(DAUGHTER, "2")
    await story.passes(120)
    story.phones.expect(NEIGHBOUR, ASKED)
    await story.passes(72)


async def test_who_cannot_go_while_another_is_on_the_way_sends_for_nobody(
    story: Story, wang: Operator, incident: str
):
    story.phones.expect(SON, ASKED)
    await wang.done(incident, "tell-next")
    story.phones.expect(DAUGHTER, "已记录您正赶往")
    await story.answers(DAUGHTER, "1")
    await story.answers(SON, "2")
    await story.passes(400)


@pytest.mark.parametrize("words", ["在开会，怎么了？", "1？", "妈妈怎么样"])
async def test_what_is_no_plain_yes_or_no_stops_nothing(
    story: Story, wang: Operator, incident: str, words: str
):
    await story.answers(DAUGHTER, words)
    story.phones.expect(SON, ASKED)
    await story.passes(192)
    said = await story.owner.fetchval(
        "SELECT data->>'text' FROM timeline_entry WHERE kind = 'reply'"
    )
    assert said == words


async def test_an_operator_stops_it(story: Story, wang: Operator, incident: str):
    stopped = await wang.done(incident, "stop-telling")
    assert stopped["marks"] == ["telling_stopped"]
    await story.passes(400)
    story.phones.expect(SON, ASKED)
    await wang.done(incident, "tell-next")  # by hand, and nobody after that
    await story.answers(SON, "2")
    await story.passes(400)
    assert await reasons(story) == ["operator"]


@pytest.mark.parametrize(
    "step", [{"step": "call_back", "result": "reached"}, {"step": "safe", "result": "done"}]
)
async def test_nobody_is_told_that_she_was_not_reached_once_she_was(
    story: Story, wang: Operator, incident: str, step: dict[str, str]
):
    await wang.done(incident, "steps", **step)
    await story.passes(400)


async def test_a_call_that_nobody_answers_stops_nothing(
    story: Story, wang: Operator, incident: str
):
    await wang.done(incident, "steps", step="call_back", result="no_answer")
    story.phones.expect(SON, ASKED)
    await story.passes(192)


@pytest.mark.parametrize("status", ["deceased", "moved"])
async def test_nobody_is_told_of_who_is_dead_or_moved_by_then(
    story: Story, wang: Operator, incident: str, status: str
):
    await story.owner.execute("UPDATE resident SET status = $1", status)
    await story.reload()
    await story.passes(400)
    assert await reasons(story) == ["not_reachable"]
    await wang.done(incident, "close", outcome="false_alarm", note="已核实")  # silently, too


async def test_the_end_ends_it(story: Story, wang: Operator, incident: str):
    story.phones.expect(DAUGHTER, "的求助")
    await wang.done(incident, "close", outcome="false_alarm", note="已核实")
    assert await story.owner.fetchval("SELECT count(*) FROM incident_timer") == 0
    await story.passes(400)


async def test_where_the_region_says_never_it_is_the_operator_s(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET next_contact_s = 0")
    await story.home("1234", DAUGHTER, SON)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await wang.done(await story.press("1234"), "take")
    await story.passes(400)


async def test_a_restart_and_a_second_server_tell_each_once(
    story: Story, wang: Operator, incident: str
):
    story.restart()
    others = alarm_processors(story.bench, story.intake, taker_gone_s=TAKER_GONE_S)
    story.processors = [*story.processors, *others]
    story.phones.expect(SON, ASKED)
    await story.passes(192)
    story.restart()
    story.phones.expect(NEIGHBOUR, ASKED)
    await story.passes(192)


async def test_what_a_server_claimed_and_died_over_is_made_by_the_next(
    story: Story, wang: Operator, incident: str
):
    await story.passes(170)
    await story.owner.execute(
        "UPDATE incident_timer SET due_at = clock_timestamp() + interval '2 seconds' WHERE kind = 'contact_silent'"
    )
    story.restart()
    story.phones.expect(SON, ASKED)
    await story.passes(4)


async def test_a_second_press_tells_nobody_twice(story: Story, wang: Operator, incident: str):
    await story.passes(100)
    await story.press("1234")
    story.phones.expect(SON, ASKED)
    await story.passes(88)


async def test_the_same_answer_again_minutes_later_is_a_line_and_nothing_else(
    story: Story, wang: Operator, incident: str
):
    story.phones.expect(SON, ASKED)
    await story.answers(DAUGHTER, "2")
    await story.passes(90)
    await story.answers(DAUGHTER, "2")
    story.phones.expect(SON, "已记录您正赶往")
    await story.answers(SON, "1")
    await story.passes(90)
    await story.answers(SON, "1")
    assert (await story.entries(incident)).count("reply") == 4
    await story.passes(400)


async def test_how_it_ended_goes_to_those_who_were_told_and_to_nobody_else(
    story: Story, wang: Operator, incident: str
):
    story.phones.expect(SON, ASKED)
    await story.passes(192)
    for told in (DAUGHTER, SON):
        story.phones.expect(told, "已确认安全，现在家中")
    await wang.done(incident, "close", outcome="emergency", safe_by="沈岚", safe_where="家中")


async def test_a_service_s_reference_stands_on_the_timeline(
    story: Story, wang: Operator, incident: str
):
    called = {"step": "ambulance_called", "result": "done", "tell_contacts": False}
    await wang.done(incident, "steps", reference="120-4711", **called)
    said = await story.owner.fetchval(
        "SELECT data->>'reference' FROM timeline_entry WHERE kind = 'step'"
    )
    assert said == "120-4711"
    await wang.done(incident, "stop-telling")
