"""Somebody is asked to go there: what is decided, and that its task is written once with its entry, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from callcenter.alerts.bodies import CloseBody, CommandBody, FieldNews, SendBody
from callcenter.alerts.entries import FieldStep, Sent
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import SYSTEM, By, Decision, Facts, StaffNow, StepNow
from callcenter.alerts.handling.sending import FIELD_TOLD, SEND
from callcenter.alerts.incident import (
    FIELD_HELP,
    FIELD_OVERDUE,
    FIELD_UNPLACED,
    Actor,
    Incident,
    IncidentMode,
    Outcome,
    State,
)
from callcenter.core.errors import CallCenterError, Conflict, NotFound
from callcenter.core.ids import new_id
from callcenter.dispatch.outbox import code_of, task_id
from tests.alerts.conftest import Desk
from tests.support.commands import FACTS, ID, by, standing
from tests.support.community import LONG_AGO
from tests.support.field import Field

WANG = By(Actor(7), "王敏", frozenset({1}))
TAKEN = standing(State.TAKEN, home_id=5)


def asked(found: Incident = TAKEN, facts: Facts = FACTS, **parts: Any) -> Decision:
    body = SendBody(command_id=ID, **parts)
    decided = SEND.decide(found, facts, by("taker"), body, LONG_AGO)
    assert decided is not None
    return decided


def refused(found: Incident = TAKEN, **parts: Any) -> str:
    with pytest.raises(CallCenterError) as error:
        asked(found, **parts)
    return error.value.code


def news(found: Incident, kind: str, taker_there: bool = True, **parts: Any) -> Decision:
    step = StepNow(ID, 2, kind, LONG_AGO, 12, "phone", {"staff": "李萍", **parts.pop("data", {})})
    facts = Facts(field_step=replace(step, **parts))
    decided = FIELD_TOLD.decide(found, facts, SYSTEM, FieldNews(ID, 2, taker_there), LONG_AGO)
    assert decided is not None
    return decided


# ---- what is decided


def test_the_task_knows_where_it_is_what_is_to_be_done_and_until_when_and_nothing_else_of_a_profile():
    decided = asked(what="请上门看看", kinds=["caregiver"], skills=["搬运"], hazards="门口有狗")
    [order] = decided.tasks
    assert (order.id, order.home_id, order.what) == (task_id(ID), TAKEN.home_id, "请上门看看")
    assert (order.kinds, order.skills, order.hazards) == (["caregiver"], ["搬运"], "门口有狗")
    said = decided.said
    assert isinstance(said, Sent)
    assert (said.task_id, said.until) == (order.id, LONG_AGO + timedelta(minutes=45))
    assert decided.after.state is State.TAKEN


def test_the_same_command_is_the_same_task_and_another_is_another():
    assert asked().tasks[0].id == asked(what="再说一遍").tasks[0].id
    assert task_id(ID) != task_id(new_id())
    assert task_id(ID).version == 7
    assert 100 <= code_of(task_id(ID)) <= 999


def test_who_is_asked_by_name_stands_in_the_entry_where_the_name_is_known():
    named = asked(staff_id=12).said
    unknown = asked(facts=replace(FACTS, staff=None), staff_id=12)
    assert isinstance(named, Sent)
    assert (named.staff_id, named.staff) == (12, "李萍")
    assert isinstance(unknown.said, Sent)
    assert (unknown.said.staff_id, unknown.tasks[0].staff_id) == (None, 12)


def test_whoever_works_beyond_this_region_is_picked_only_by_whoever_sees_that_region():
    beside = replace(FACTS, staff=StaffNow("远处的人", (8, 9)))
    with pytest.raises(NotFound):
        asked(facts=beside, staff_id=12)
    body = SendBody(command_id=ID, staff_id=12)
    sees = By(Actor(7), "王敏", frozenset({1, 8}))
    decided = SEND.decide(TAKEN, beside, sees, body, LONG_AGO)
    assert decided is not None
    assert decided.tasks[0].staff_id == 12


def test_in_a_drill_it_is_said_and_nobody_is_asked():
    drill = asked(replace(TAKEN, mode=IncidentMode.DRILL))
    assert isinstance(drill.said, Sent)
    assert (drill.said.task_id, list(drill.tasks)) == (None, [])


def test_nobody_is_sent_to_a_test_or_to_what_is_no_alarm():
    assert refused(replace(TAKEN, mode=IncidentMode.TEST)) == "in_test"
    assert refused(replace(TAKEN, signal_class="service")) == "not_an_alarm"


def test_of_a_caller_whom_nobody_knows_the_place_is_asked():
    stranger = replace(TAKEN, home_id=None, lat=None, lng=None, card={"people": []})
    assert refused(stranger) == "place_needed"
    assert asked(stranger, place="西门外的公交站").tasks[0].place == "西门外的公交站"
    assert asked(replace(stranger, lat=31.2, lng=121.4)).tasks[0].lat == 31.2


@pytest.mark.parametrize("words", ["失独家庭，请温和些", "她有糖尿病", "has dementia", "低保户"])
def test_what_somebody_is_or_has_is_never_said_to_a_phone(words: str):
    assert refused(what=words) == "not_for_phones"
    assert refused(hazards=words) == "not_for_phones"


# ---- what becomes of them


@pytest.mark.parametrize(
    ("kind", "mark"),
    [("unplaced", FIELD_UNPLACED), ("help", FIELD_HELP), ("overdue_out", FIELD_OVERDUE)],
)
def test_what_must_be_heard_rings_at_its_taker_and_stays_marked(kind: str, mark: str):
    after = news(TAKEN, kind).after
    assert (after.state, after.ring, mark in after.marks) == (State.TAKEN, TAKEN.ring + 1, True)
    waiting = news(standing(State.WAITING), kind).after
    assert (waiting.ring, mark in waiting.marks) == (standing(State.WAITING).ring, True)


def test_what_is_only_followed_by_somebody_who_is_gone_goes_to_everybody():
    left = news(standing(State.FOLLOWING), "unplaced", taker_there=False).after
    assert (left.state, left.taken_by) == (State.WAITING, None)
    assert FIELD_UNPLACED in left.marks
    there = news(standing(State.FOLLOWING), "unplaced").after
    assert there.state is State.FOLLOWING


@pytest.mark.parametrize("kind", ["accepted", "given", "arrived", "cancelled"])
def test_that_nobody_is_left_to_ask_is_over_when_somebody_is_found_for_all_of_them(kind: str):
    found = replace(TAKEN, marks=(FIELD_UNPLACED, "taker_lost"))
    assert news(found, kind).after.marks == ("taker_lost",)
    assert FIELD_UNPLACED in news(found, kind, others_unplaced=True).after.marks


@pytest.mark.parametrize("kind", ["offered", "declined", "expired", "late"])
def test_asking_again_is_not_having_found_somebody(kind: str):
    assert FIELD_UNPLACED in news(replace(TAKEN, marks=(FIELD_UNPLACED,)), kind).after.marks


def test_a_worker_in_need_is_marked_until_somebody_has_spoken_to_them_or_they_are_out():
    found = replace(TAKEN, marks=(FIELD_HELP, FIELD_OVERDUE))
    assert news(found, "called", data={"result": "no_answer"}).after.marks == found.marks
    assert news(found, "called", data={"result": "reached"}).after.marks == ()
    still_there = news(found, "called", data={"result": "still_there"})
    assert still_there.after.marks == (FIELD_HELP,)
    assert isinstance(still_there.said, FieldStep)
    assert still_there.said.reason == "still_there"
    assert news(found, "given_back").after.marks == (FIELD_HELP,)
    assert news(found, "done").after.marks == ()


def test_of_a_closed_incident_it_is_said_and_nothing_is_loud():
    closed = standing(State.CLOSED)
    decided = news(closed, "unplaced")
    assert decided.after == closed
    assert isinstance(decided.said, FieldStep)


def test_the_entry_says_who_when_and_in_how_many_minutes():
    said = news(TAKEN, "set_out", data={"minutes": 7, "eta": LONG_AGO.isoformat()}).said
    assert isinstance(said, FieldStep)
    assert (said.step, said.staff, said.minutes, said.eta) == ("set_out", "李萍", 7, LONG_AGO)


# ---- as it is written


def order(name: str, body: CommandBody | None = None, **parts: Any) -> Order:
    command = next(each for each in OPERATORS if each.name == name)
    given = body or command.body(command_id=new_id(), **parts)
    return Order(command, given, given.command_id, lambda _: WANG)


async def give(bench: Workbench, incident: UUID, given: Order) -> Incident:
    async with bench.connections.use() as connection:
        return await carry_out(connection, bench, incident, given)


@pytest.fixture
def field(desk: Desk) -> Field:
    return Field(desk.database, desk.owner, desk.community)


@pytest.fixture
async def incident(desk: Desk, bench: Workbench) -> UUID:
    """Taken, of a registered home whose resident speaks a dialect."""
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.owner.execute("UPDATE resident SET dialect = '粤语' WHERE id = $1", resident)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    opened = (await desk.press()).incident_id
    assert opened is not None
    await give(bench, opened, order("take"))
    return opened


async def test_task_step_and_entry_are_one_write_and_a_repeat_is_one(
    desk: Desk, bench: Workbench, field: Field, incident: UUID
):
    staff = await field.staff("李萍", ["caregiver"])
    given = order("send", what="请上门看看", kinds=["caregiver"], staff_id=staff)
    for _ in range(3):
        await give(bench, incident, given)
    [task] = await desk.owner.fetch("SELECT * FROM task")
    assert (task["kind"], task["state"], task["incident_id"]) == ("rescue", "open", incident)
    assert (task["wanted_staff_id"], task["staff_id"]) == (staff, None)
    assert (task["languages"], task["kinds"]) == (["粤语"], ["caregiver"])
    assert task["region_path"][-1] == task["region_id"] == desk.community.street
    now = desk.clock.now()
    assert (task["look_at"], task["until_at"]) == (now, now + timedelta(minutes=45))
    assert (task["id"], task["code"]) == (task_id(given.id), code_of(task_id(given.id)))
    assert task["place"]
    [step] = await desk.owner.fetch("SELECT * FROM task_step")
    assert (step["kind"], step["by"], step["told"]) == ("entered", "seat", True)
    assert (await desk.entries(incident)).count("sent") == 1
    entry = await desk.owner.fetchval("SELECT data FROM timeline_entry WHERE kind = 'sent'")
    assert '"李萍"' in str(entry).replace("'", '"')


async def test_nobody_of_another_region_is_asked_by_name(
    desk: Desk, bench: Workbench, field: Field, incident: UUID
):
    far = await desk.owner.fetchval(
        "INSERT INTO region (name, name_en, level, path, parent_id) SELECT '外地', 'Far', level, '{}', NULL FROM region"
        " WHERE id = $1 RETURNING id",
        desk.community.root,
    )
    await desk.owner.execute("UPDATE region SET path = ARRAY[id] WHERE id = $1", far)
    for staff in (await field.staff("远处的人", region=far), 999_999):
        with pytest.raises(NotFound):
            await give(bench, incident, order("send", staff_id=staff))
    assert await desk.owner.fetchval("SELECT count(*) FROM task") == 0


async def test_closing_ends_what_nobody_hears_any_more(
    desk: Desk, bench: Workbench, incident: UUID
):
    await give(bench, incident, order("send"))
    await desk.owner.execute(
        "UPDATE incident SET marks = '{field_unplaced}' WHERE id = $1", incident
    )
    body = CloseBody(
        command_id=new_id(), outcome=Outcome.EMERGENCY, safe_by="女儿", safe_where="家里"
    )
    closed = await give(bench, incident, order("close", body))
    assert closed.marks == ()
    with pytest.raises(Conflict):
        await give(bench, incident, order("send"))
