"""Who is texted by which step, and what a text says: what, where, how to get in, when, and nothing that is nobody's business."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.dispatch.doing import StepBy
from callcenter.dispatch.task import TaskKind, TaskState, TaskStepKind as Step
from callcenter.dispatch.telling import Happened, Job, Worker, called, language_of, texts, whom
from callcenter.sms.catalogue import MessageKind as Kind
from tests.support.field import NOW, later

ZHANG, LI = Worker(1, "+8613800000001", on_duty=True), Worker(2, "+8613800000002", on_duty=True)
JOB = Job(
    TaskKind.VISIT,
    TaskState.ACCEPTED,
    later(hours=1),
    what="助浴",
    place="榆荫里7号楼2单元501",
    way_in="门禁1234#",
    name="欧阳文英",
    name_latin="Ouyang Wenying",
    sex="female",
)


def happened(kind: Step, by: StepBy = StepBy.CLOCK, **more) -> Happened:
    return Happened(kind, by, 4, NOW, 1, **more)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (happened(Step.OFFERED), {1: Kind.TASK_OFFERED}),
        (
            happened(Step.ACCEPTED, StepBy.PHONE, others=(2,)),
            {1: Kind.TASK_YOURS, 2: Kind.TASK_TAKEN},
        ),
        (happened(Step.GIVEN, StepBy.DESK, others=(2,)), {1: Kind.TASK_GIVEN, 2: Kind.TASK_TAKEN}),
        (happened(Step.CANCELLED, StepBy.DESK, others=(2,)), {1: Kind.TASK_OFF, 2: Kind.TASK_OFF}),
        (happened(Step.GIVEN_BACK, StepBy.DESK), {1: Kind.TASK_OFF}),
        (happened(Step.GIVEN_BACK, StepBy.SMS), {1: Kind.TASK_NOTED_NO}),
        (happened(Step.GIVEN_BACK, StepBy.PHONE), {}),
        (happened(Step.DECLINED, StepBy.SMS), {1: Kind.TASK_NOTED_NO}),
        (happened(Step.ARRIVED, StepBy.SMS), {1: Kind.TASK_NOTED_THERE}),
        (happened(Step.ARRIVED, StepBy.PHONE), {}),
        (happened(Step.DONE, StepBy.SMS), {1: Kind.TASK_NOTED_DONE}),
        (happened(Step.DONE, StepBy.DESK), {1: Kind.TASK_OFF}),
        (happened(Step.HELP, StepBy.SMS), {1: Kind.TASK_HELP_NOTED}),
        (happened(Step.CHANGED, StepBy.DESK), {1: Kind.TASK_GIVEN}),
        (happened(Step.OVERDUE_OUT), {1: Kind.TASK_CHECK_OUT}),
        (happened(Step.OVERDUE_OUT, is_alarm=True), {}),
        (happened(Step.EXPIRED), {}),
        (happened(Step.UNPLACED), {}),
        (happened(Step.NOTE, StepBy.SMS), {}),
    ],
)
def test_who_is_told_what(step: Happened, told: dict[int, Kind]):
    assert whom(step, JOB) == told


def test_whoever_walks_a_round_is_not_texted_of_each_door():
    stop = replace(JOB, kind=TaskKind.STOP)
    assert whom(happened(Step.GIVEN, StepBy.DESK), stop) == {}
    assert whom(happened(Step.OFFERED), stop) == {1: Kind.TASK_OFFERED}


def told(step: Happened, *workers: Worker, job: Job = JOB) -> list[tuple[str, Kind]]:
    return [(each.recipient, each.kind) for each in texts(step, job, workers)]


def test_off_duty_nobody_is_asked_and_only_what_cannot_wait_is_told():
    zhang, li = replace(ZHANG, on_duty=False), replace(LI, on_duty=False)
    given = happened(Step.GIVEN, StepBy.DESK, others=(2,))
    assert told(happened(Step.OFFERED), zhang) == []
    assert told(given, zhang, li) == [(zhang.phone, Kind.TASK_GIVEN)]
    assert told(given, zhang, job=replace(JOB, begins_at=later(hours=9))) == []
    assert told(happened(Step.DECLINED, StepBy.SMS), zhang) == [(zhang.phone, Kind.TASK_NOTED_NO)]
    assert told(happened(Step.OVERDUE_OUT), zhang) == [(zhang.phone, Kind.TASK_CHECK_OUT)]


def test_where_and_how_to_get_in_stand_in_what_whoever_was_asked_or_has_it_reads_and_nowhere_else():
    saying_where = {Kind.TASK_OFFERED, Kind.TASK_YOURS, Kind.TASK_GIVEN}
    for kind in Step:
        for by in StepBy:
            for each in texts(happened(kind, by, others=(2,)), JOB, [ZHANG, LI]):
                assert ("where" in each.params) == (each.kind in saying_where)
                assert "文英" not in str(each.params)
                assert each.again == 4


@pytest.mark.parametrize(
    ("fields", "name", "latin"),
    [
        ({}, "欧阳女士", "Ms Ouyang"),
        ({"sex": "male", "name": "单国强", "name_latin": "Shan Guoqiang"}, "单先生", "Mr Shan"),
        ({"sex": None}, "欧阳老人", "Ouyang"),
        ({"salutation": "沈老师", "salutation_en": "Teacher Shen"}, "沈老师", "Teacher Shen"),
        ({"name": "阿依古丽·买买提", "name_latin": "Ayguli Maimaiti"}, "阿依古丽女士", "Ms Ayguli"),
    ],
)
def test_people_are_called_by_their_surname(fields, name, latin):
    said = called(replace(JOB, **fields))
    assert (said["name"], said["name_latin"]) == (name, latin)


def test_of_a_place_where_nobody_lives_no_name_is_said():
    assert called(replace(JOB, name="")) == {}


def test_what_begins_now_names_no_hour_and_a_rescue_only_where():
    [offer] = texts(happened(Step.OFFERED), JOB, [ZHANG])
    assert (offer.params["begins"], offer.params["todo"]) == (JOB.begins_at.isoformat(), "助浴")
    now = replace(JOB, kind=TaskKind.RESCUE, begins_at=NOW + timedelta(minutes=1), what="跌倒")
    [offer] = texts(happened(Step.OFFERED), now, [ZHANG])
    assert "begins" not in offer.params
    assert "跌倒" not in str(offer.params)


@pytest.mark.parametrize(
    ("languages", "language"),
    [((), "zh-CN"), (("英语",), "en"), (("English", "普通话"), "zh-CN"), (("上海话",), "zh-CN")],
)
def test_the_language_of_a_text(languages, language):
    assert language_of(languages) == language
