"""Wang Wenying presses; Zhang, who has an old phone without data, takes it by a text, goes there, and is done: story 3 of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from callcenter.dispatch.addressing import FieldQuestions
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.field_answers import FieldAnswers
from callcenter.dispatch.phone.home_codes import set_code
from callcenter.dispatch.phone.models import CodeOf
from callcenter.dispatch.placing import Placing
from callcenter.dispatch.task import TaskKind
from callcenter.sms.arrivals import whose_by
from callcenter.sms.hooks import Readers
from callcenter.sms.outbox import code_of
from tests.support.field import DESK, Field
from tests.support.outbox import SHANGHAI
from tests.support.sealing import SEAL
from tests.support.story import Operator, Story

ZHANG, LI, DAUGHTER = "+8613800000031", "+8613800000032", "+8613900000001"


@pytest.fixture
async def field(story: Story) -> Field:
    """The office works for those outside as well."""
    database = story.database
    whose = whose_by(FieldQuestions(database).claims)
    story.phones.hooks = replace(story.phones.hooks, readers=Readers(whose))
    outside = [FieldAnswers(database, SEAL, story.clock), Placing(database, SHANGHAI)]
    story.processors = [*story.processors, *outside]
    return Field(database, story.owner, story.community)


async def send_somebody(story: Story, incident: str) -> UUID:
    """As the seat does."""
    row = await story.owner.fetchrow(
        "SELECT home_id, region_id FROM incident WHERE id = $1::uuid", incident
    )
    async with story.database.transaction() as session:
        entered = Entered(
            kind=TaskKind.RESCUE,
            region_id=row["region_id"],
            begins_at=story.clock.now(),
            home_id=row["home_id"],
            incident_id=UUID(incident),
            priority=1,
        )
        task = await enter(session, entered, Doer(StepBy.SEAT, 1, "王"), story.clock.now())
    return task.id


async def moved_in(story: Story, name: str) -> None:
    await story.home("1234", DAUGHTER, name=name)
    await story.owner.execute("UPDATE home SET access_note = '门禁1234#'")
    await story.owner.execute("UPDATE resident SET sex = 'female'")
    await story.owner.execute(
        "UPDATE region SET sms_signature = '榆荫里养老' WHERE id = $1", story.community.root
    )
    await story.reload()


async def at_the_door_stands(story: Story, code: str) -> None:
    async with story.database.transaction() as session:
        home_id = await story.owner.fetchval("SELECT id FROM home")
        by = await story.owner.fetchval("SELECT min(id) FROM app_user")
        await set_code(session, SEAL, home_id, CodeOf.DOOR, code, by, story.clock.now())


async def test_zhang_takes_it_in_forty_seconds_and_says_there_and_done(
    story: Story, wang: Operator, field: Field
):
    await moved_in(story, "王文英")
    zhang = await field.staff("张强", ["social_worker"], phone=ZHANG)
    await at_the_door_stands(story, "4711")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    task_id = await send_somebody(story, incident)
    began = story.clock.now()

    story.phones.expect(
        ZHANG, "紧急求助：王女士，榆荫里7号楼2单元501，门禁1234#。回1接，回2不接 编号"
    )
    await story.look()
    await story.passes(40)
    story.phones.expect(
        ZHANG, "您已接单：紧急求助，王女士，榆荫里7号楼2单元501，门禁1234#。3到 4完成 0求助 编号"
    )
    await story.answers(ZHANG, "1")
    row = await field.row(task_id)
    assert (row["staff_id"], row["accepted_at"] - began) == (zhang, timedelta(seconds=40))

    await story.passes(300)
    story.phones.expect(ZHANG, "已记录您到达王女士处")
    await story.answers(ZHANG, "3 4711")
    check_in = await story.owner.fetchrow("SELECT proof, flags FROM check_in")
    assert (check_in["proof"], check_in["flags"]) == ("door_code", ["no_fix"])
    await story.passes(600)
    story.phones.expect(ZHANG, "已记录紧急求助（王女士）完成")
    await story.answers(ZHANG, "4")
    assert await field.steps(task_id) == ["entered", "offered", "accepted", "arrived", "done"]
    told = await story.owner.fetch("SELECT told FROM task_step WHERE task_id = $1", task_id)
    assert not any(
        row["told"] for row in told
    )  # the alarm process turns each into an entry of the timeline
    assert (
        await story.owner.fetchval("SELECT count(*) FROM incident") == 1
    )  # no answer became a call


async def test_two_are_asked_nobody_answers_and_it_stands_unplaced(
    story: Story, wang: Operator, field: Field
):
    await moved_in(story, "王文英")
    await field.staff("张强", ["social_worker"], phone=ZHANG)
    await field.staff("李娜", ["caregiver"], phone=LI)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    task_id = await send_somebody(story, incident)
    for each in (ZHANG, LI):
        story.phones.expect(each, "紧急求助：王女士")
    await story.passes(62)
    assert (await field.row(task_id))["state"] == "unplaced"
    story.phones.expect(LI, "您已接单")  # a yes that comes late still counts
    await story.answers(LI, "1")
    assert (await field.row(task_id))["state"] == "accepted"


async def test_zhang_is_her_son_too_and_each_answer_has_one_reader(
    story: Story, wang: Operator, field: Field
):
    """Asked as family and as a worker: the code decides, without one the newest question, and no text is read twice."""
    await story.home("1234", ZHANG, name="王文英")
    await field.staff("张强", ["social_worker"], phone=ZHANG)
    async with story.database.transaction() as session:
        errand = Entered(
            kind=TaskKind.ERRAND,
            region_id=story.community.street,
            begins_at=story.clock.now(),
            place="药店",
        )
        task_id = (await enter(session, errand, DESK, story.clock.now())).id
    story.phones.expect(ZHANG, "代办，药店。回1接，回2不接")
    await story.passes(4)
    story.phones.expect(ZHANG, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")

    story.phones.expect(ZHANG, "已记录您正赶往王文英老人处")
    await story.answers(ZHANG, "1")
    assert (await story.entries(incident)).count("reply") == 1
    assert (await field.row(task_id))["state"] == "offered"

    await story.passes(20)
    code = (await field.row(task_id))["code"]
    story.phones.expect(ZHANG, "不去")
    await story.answers(ZHANG, f"2 {code}")
    await story.answers(ZHANG, f"1 {code_of(UUID(incident))}")
    assert (await story.entries(incident)).count("reply") == 2
    assert (await field.row(task_id))["state"] == "unplaced"
    read = await story.owner.fetch(
        "SELECT reader, reference FROM sms_inbound ORDER BY received_at, id"
    )
    assert [tuple(row) for row in read] == [
        ("incident", UUID(incident)),
        ("field", task_id),
        ("incident", UUID(incident)),
    ]
