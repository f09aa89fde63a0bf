"""What a phone has written down is carried out once, in its order, whatever the line does; and it is told what was decided meanwhile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from callcenter.dispatch import moving
from callcenter.dispatch.asking import offer
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.phone.bodies import PhoneCommandBody
from callcenter.dispatch.phone.carrying_out import Hand
from callcenter.dispatch.phone.commands import Answer, Told
from callcenter.dispatch.phone.home_codes import set_code
from callcenter.dispatch.phone.models import CodeOf
from callcenter.dispatch.phone.sessions import Phone
from tests.support.field import DESK, NOW, Field, later, suggested

AT_HOME = {"lat": 40.0, "lng": 104.0, "accuracy_m": 12.0}


@pytest.fixture
def hand_of(database, clock, seal, field: Field):
    def hand_of(staff_id: int, name: str = "王敏") -> Hand:
        street = field.community.street
        phone = Phone(staff_id, name, street, (street,), b"", later(days=3))
        return Hand(database, clock, seal, phone)

    return hand_of


def said(name: str, task_id: UUID | None, minute: float = 0, **parts: Any) -> PhoneCommandBody:
    body = parts.pop("body", {})
    return PhoneCommandBody(
        id=parts.pop("id", uuid4()),
        name=name,
        task_id=task_id,
        said_at=later(minutes=minute),
        clock_error_s=parts.pop("clock_error_s", 0.0),
        body=body,
        **parts,
    )


def in_a_row(*commands: PhoneCommandBody) -> list[PhoneCommandBody]:
    """Each after the one before, as a phone writes them down."""
    earlier = [None, *(each.id for each in commands)]
    return [
        each.model_copy(update={"after": a}) for each, a in zip(commands, earlier, strict=False)
    ]


async def offered(field: Field, *staff_ids: int) -> UUID:
    task_id = await field.task()
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await offer(
            session, task, suggested(*staff_ids), OfferBy.SCREEN, later(minutes=10), DESK, NOW
        )
    return task_id


def visit(task_id: UUID) -> list[PhoneCommandBody]:
    return in_a_row(
        said("accept", task_id, 1),
        said("set_out", task_id, 2, body={"minutes": 9}),
        said("arrive", task_id, 11, body=AT_HOME),
        said("report", task_id, 20, body={"words": "煤气阀漏气"}),
        said("depart", task_id, 41, body=AT_HOME),
    )


async def ends(field: Field, task_id: UUID) -> tuple[object, ...]:
    row = await field.row(task_id)
    check_ins = await field.owner.fetch(
        "SELECT kind, occurred_at, proof, flags FROM check_in WHERE task_id = $1 ORDER BY kind",
        task_id,
    )
    return row["state"], row["arrived_at"], row["ended_at"], [tuple(each) for each in check_ins]


async def test_a_visit_without_a_line_is_told_afterwards(field: Field, hand_of, clock):
    anna = await field.staff("王敏", ["caregiver"])
    task_id = await offered(field, anna)
    clock.advance(3_600)
    told = await hand_of(anna).all_of(visit(task_id))
    assert [each.answer for each in told] == [Answer.DONE] * 5
    assert await ends(field, task_id) == (
        "done",
        later(minutes=11),
        later(minutes=41),
        [
            ("arrive", later(minutes=11), "none", []),
            ("depart", later(minutes=41), "none", []),
        ],
    )


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_line_does_the_end_is_the_same(field: Field, hand_of, clock, seed: int):
    """Batches torn, mixed, late and sent again, until the phone has heard of every one."""
    anna, by_chance = await field.staff("王敏", ["caregiver"]), random.Random(seed)
    task_id = await offered(field, anna)
    clock.advance(3_600)
    commands, hand = visit(task_id), hand_of(anna)
    heard: dict[UUID, Told] = {}

    async def sends(batch: Sequence[PhoneCommandBody]) -> None:
        for command, told in zip(batch, await hand.all_of(batch), strict=True):
            if told.answer is not Answer.TOO_EARLY:
                assert heard.setdefault(command.id, told) == told, "a repeat is told the same"

    for _ in range(4):
        await sends(by_chance.sample(commands, by_chance.randint(1, len(commands))))
    while waiting := [each for each in commands if each.id not in heard]:
        await sends(waiting)
    assert {told.answer for told in heard.values()} == {Answer.DONE}
    state, arrived, ended, check_ins = await ends(field, task_id)
    assert (state, arrived, ended, len(check_ins)) == (
        "done",
        later(minutes=11),
        later(minutes=41),
        2,
    )
    assert await field.steps(task_id) == [
        "entered",
        "offered",
        "accepted",
        "set_out",
        "arrived",
        "note",
        "done",
    ]
    kept = await field.owner.fetchval("SELECT count(*) FROM field_command")
    assert kept == len(commands)


async def test_who_was_faster_is_told_by_name_and_what_was_seen_there_is_kept(
    field: Field, hand_of
):
    anna, bert = await field.staff("王敏", ["caregiver"]), await field.staff("刘师傅", ["driver"])
    task_id = await offered(field, anna, bert)
    assert [t.answer for t in await hand_of(bert).all_of([said("accept", task_id)])] == [
        Answer.DONE
    ]
    late = await hand_of(anna).all_of(
        in_a_row(said("accept", task_id), said("arrive", task_id, body=AT_HOME))
    )
    assert [(each.answer, each.code, each.params) for each in late] == [
        (Answer.OTHERWISE, "given_to_another", {"name": "刘师傅"})
    ] * 2
    note = await field.owner.fetchrow(
        "SELECT data FROM task_step WHERE task_id = $1 AND kind = 'note'", task_id
    )
    assert (note["data"]["said"], note["data"]["staff"]) == ("arrive", "王敏")
    assert (await field.row(task_id))["staff_id"] == bert


async def test_a_refused_one_does_not_stop_the_next_and_is_logged(field: Field, hand_of):
    anna, bert = await field.staff("王敏", ["caregiver"]), await field.staff("刘师傅", ["driver"])
    own, others = await offered(field, anna), await offered(field, bert)
    with capture_logs() as logs:
        told = await hand_of(anna).all_of(
            [
                said("arrive", others, body=AT_HOME),
                said("arrive", uuid4(), body=AT_HOME),
                said("fly", own),
                said("arrive", None),
                said("accept", own),
            ]
        )
    assert [(each.answer, each.code) for each in told] == [
        (Answer.REFUSED, "no_such_task"),
        (Answer.REFUSED, "no_such_task"),
        (Answer.REFUSED, "no_such_command"),
        (Answer.REFUSED, "no_such_task"),
        (Answer.DONE, ""),
    ]
    refused = [each["reason"] for each in logs if each["event"] == "phone_command_refused"]
    assert len(refused) == 4
    assert await field.steps(others) == ["entered", "offered"]


async def test_an_id_of_somebody_else_is_not_answered_with_what_they_were_told(
    field: Field, hand_of
):
    anna, bert = await field.staff("王敏"), await field.staff("刘师傅")
    task_id = await offered(field, anna)
    taken = said("accept", task_id)
    await hand_of(anna).all_of([taken])
    [told] = await hand_of(bert).all_of([taken])
    assert (told.answer, told.code) == (Answer.REFUSED, "id_taken")


POSITIONS: list[tuple[dict[str, object], list[str]]] = [
    ({"lat": -40.0, "lng": -76.0, "accuracy_m": 5.0}, ["far"]),
    ({"lat": float("nan"), "lng": 104.0, "accuracy_m": 5.0}, ["no_fix"]),
    ({"lat": 40.0, "lng": float("inf")}, ["no_fix"]),
    ({"lat": "40", "lng": "104"}, ["no_fix"]),
    ({"lat": 91.0, "lng": 104.0}, ["no_fix"]),
    ({"lat": 40.0, "lng": 104.0, "accuracy_m": 2_000.0}, ["no_fix"]),
    (dict(AT_HOME), []),
]


async def test_a_position_that_cannot_be_costs_the_position_and_not_the_arrival(
    field: Field, hand_of
):
    anna = await field.staff("王敏")
    for body, flags in POSITIONS:
        task_id = await field.accepted(anna)
        [told] = await hand_of(anna).all_of([said("arrive", task_id, body=body)])
        assert (told.answer, told.params) == (Answer.DONE, {"flags": flags}), body
        assert (await field.row(task_id))["state"] == "arrived", body


async def test_a_clock_that_is_three_days_off_is_put_right_and_flagged(
    field: Field, hand_of, clock
):
    anna = await field.staff("王敏")
    task_id = await field.accepted(anna)
    clock.advance(600)
    error = timedelta(days=3).total_seconds()
    [told] = await hand_of(anna).all_of(
        [said("arrive", task_id, 3 * 24 * 60 + 4, clock_error_s=error, body=AT_HOME)]
    )
    assert told.params == {"flags": ["clock_off"]}
    assert (await field.row(task_id))["arrived_at"] == later(minutes=4)


async def test_the_code_at_the_door_is_compared_here_and_a_wrong_one_is_only_a_flag(
    field: Field, hand_of, seal
):
    anna = await field.staff("王敏")
    task_id = await field.accepted(anna)
    home_id = (await field.row(task_id))["home_id"]
    async with field.database.transaction() as session:
        await set_code(session, seal, home_id, CodeOf.DOOR, "A-4711", 1, NOW)
    hand = hand_of(anna)
    [wrong] = await hand.all_of([said("arrive", task_id, body={**AT_HOME, "door_code": "A4712"})])
    [right] = await hand.all_of([said("depart", task_id, body={**AT_HOME, "door_code": "ａ4711 "})])
    assert (wrong.params, right.params) == ({"flags": ["wrong_code"]}, {"flags": []})
    proofs = await field.owner.fetch("SELECT proof FROM check_in")
    assert [each["proof"] for each in proofs] == ["door_code"] * 2


async def test_on_and_off_duty_by_the_phone(field: Field, hand_of):
    anna = await field.staff("王敏", on_duty=False)
    told = await hand_of(anna).all_of([said("on_duty", None), said("on_duty", None)])
    assert [each.answer for each in told] == [Answer.DONE] * 2
    assert await field.owner.fetchval("SELECT count(*) FROM duty WHERE ended_at IS NULL") == 1
    await hand_of(anna).all_of([said("off_duty", None)])
    assert await field.owner.fetchval("SELECT ended_by FROM duty") == "page"


async def test_whoever_has_a_job_is_told_that_they_stay_on_duty(field: Field, hand_of):
    """The duty ends with the job; off duty already there is nothing to be told."""
    anna = await field.staff("王敏")
    task_id = await field.accepted(anna)
    hand = hand_of(anna)
    await hand.all_of([said("set_out", task_id)])

    [told] = await hand.all_of([said("off_duty", None)])

    assert (told.answer, told.code) == (Answer.OTHERWISE, "stays_on_duty")
    assert await field.owner.fetchval("SELECT count(*) FROM duty WHERE ended_at IS NULL") == 1
    bela = await field.staff("李静", on_duty=False)
    [told] = await hand_of(bela).all_of([said("off_duty", None)])
    assert told.answer is Answer.DONE


async def test_help_without_a_job_waits_to_be_told_as_an_alarm_about_whoever_asks(
    field: Field, hand_of
):
    """Once; and it is no job that anybody is asked to do."""
    anna = await field.staff("王敏")
    word = said("help_alone", None, body={"lat": 40.001, "lng": 104.002})

    told = await hand_of(anna).all_of([word, word])

    assert [each.answer for each in told] == [Answer.DONE] * 2
    steps = await field.owner.fetch(
        "SELECT step.staff_id, task.lat, task.state, task.look_at FROM task_step AS step JOIN task ON task.id = task_id"
        " WHERE step.kind = 'help' AND NOT step.told"
    )
    assert [tuple(row) for row in steps] == [(anna, 40.001, "cancelled", None)]
    bela = await field.staff("李静", on_duty=False)
    [told_off] = await hand_of(bela).all_of([said("help_alone", None)])
    assert (told_off.answer, told_off.code) == (Answer.REFUSED, "off_duty_now")


async def test_help_is_heard_on_a_job_that_was_called_off(field: Field, hand_of):
    anna = await field.staff("王敏")
    task_id = await field.accepted(anna)
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.cancel(session, task, DESK, NOW, "家属已到")
    told = await hand_of(anna).all_of(
        [said("depart", task_id, body=AT_HOME), said("help", task_id, body={"words": "有狗"})]
    )
    assert [(each.answer, each.code) for each in told] == [
        (Answer.OTHERWISE, "called_off"),
        (Answer.DONE, ""),
    ]
    assert told[0].params == {"reason": "家属已到"}
    assert (await field.steps(task_id))[-1] == "help"
    assert await field.owner.fetchval("SELECT count(*) FROM check_in") == 1, "they were there"
