"""Whatever way the commands of a phone come in, each is carried out once, in the order in which its owner did these things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.dispatch.phone.commands import (
    NO_SUCH_TASK,
    Answer,
    CommandName,
    Standing,
    Turn,
    meanwhile,
    moment_of,
    turn_of,
)
from callcenter.dispatch.task import HELD, SEEKING, TaskState

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
OWN, SOMEBODY_ELSE = 7, 8


def chain(count: int) -> list[tuple[UUID, UUID | None]]:
    """So many commands for one job, each after the one before."""
    ids = [UUID(int=number + 1) for number in range(count)]
    return list(zip(ids, [None, *ids], strict=False))


@given(st.data(), st.integers(1, 8))
def test_in_any_order_of_arrival_and_however_often_the_order_of_carrying_out_is_the_same(
    data: st.DataObject, count: int
):
    said = chain(count)
    known: dict[UUID, int] = {}
    done: list[UUID] = []

    def arrives(batch: list[tuple[UUID, UUID | None]]) -> None:
        for command_id, after in batch:
            if turn_of(command_id, after, OWN, known) is Turn.NOW:
                known[command_id] = OWN
                done.append(command_id)

    for _ in range(data.draw(st.integers(0, 6))):  # batches that a bad line tears and mixes
        arrives(data.draw(st.lists(st.sampled_from(said), max_size=count)))
    assert done == [command_id for command_id, _ in said][: len(done)]
    while len(done) < count:  # the phone sends again what it was not told of
        before = len(done)
        arrives([each for each in said if each[0] not in known])
        assert len(done) > before
    assert done == [command_id for command_id, _ in said]


def test_an_id_of_somebody_else_is_neither_carried_out_nor_told():
    first, second = UUID(int=1), UUID(int=2)
    assert turn_of(first, None, OWN, {first: SOMEBODY_ELSE}) is Turn.NOT_YOURS
    assert turn_of(second, first, OWN, {first: SOMEBODY_ELSE}) is Turn.TOO_EARLY


def job(state: TaskState, *, has: bool = False, asked: bool = True) -> Standing:
    return Standing(state, has=has, asked=asked, other="王敏" if state in HELD and not has else "")


@pytest.mark.parametrize("name", [*CommandName][:7])
@pytest.mark.parametrize("state", [*TaskState])
def test_a_job_of_somebody_else_is_as_if_it_were_not_there(name: CommandName, state: TaskState):
    assert meanwhile(name, job(state, asked=False)) is NO_SUCH_TASK


@pytest.mark.parametrize("state", [*TaskState])
def test_help_and_reports_are_heard_whatever_has_become_of_the_job(state: TaskState):
    for has in (True, False):
        assert meanwhile(CommandName.HELP, job(state, has=has)) is None
        assert meanwhile(CommandName.REPORT, job(state, has=has)) is None


@pytest.mark.parametrize("name", ["accept", "set_out", "arrive", "depart"])
def test_whoever_comes_too_late_is_told_who_has_it_or_how_it_ended(name: str):
    for state in HELD:
        told = meanwhile(CommandName(name), job(state))
        assert told is not None
        assert (told.answer, told.code, told.params) == (
            Answer.OTHERWISE,
            "given_to_another",
            {"name": "王敏"},
        )
    ends = {TaskState.CANCELLED: "called_off", TaskState.DONE: "already_done"}
    for state, code in ends.items():
        for has in (True, False):
            told = meanwhile(CommandName(name), job(state, has=has))
            assert told is not None
            assert (told.answer, told.code) == (Answer.OTHERWISE, code)


def test_a_yes_counts_as_long_as_nobody_has_the_job_and_whoever_has_it_goes_on():
    for state in SEEKING:
        assert meanwhile(CommandName.ACCEPT, job(state)) is None
        told = meanwhile(CommandName.ARRIVE, job(state))
        assert told is not None
        assert told.code == "taken_back"
    for state in HELD:
        assert meanwhile(CommandName.ARRIVE, job(state, has=True)) is None
        assert meanwhile(CommandName.DECLINE, job(state, has=True)) is None
        again = meanwhile(CommandName.ACCEPT, job(state, has=True))
        assert again is not None
        assert again.answer is Answer.DONE


@pytest.mark.parametrize("state", [TaskState.ACCEPTED, TaskState.DONE, TaskState.CANCELLED])
def test_a_no_to_what_is_decided_already_is_no_news(state: TaskState):
    told = meanwhile(CommandName.DECLINE, job(state))
    assert told is not None
    assert told.answer is Answer.DONE


def test_a_clock_that_is_days_off_is_put_right_by_what_was_measured():
    error = timedelta(days=3, minutes=5)
    said = NOW - timedelta(minutes=20) + error
    moment = moment_of(said, error, NOW - timedelta(hours=1), NOW)
    assert (moment.at, moment.clock_error) == (NOW - timedelta(minutes=20), error)


def test_a_clock_that_says_what_cannot_be_gives_way_to_the_time_of_receipt():
    entered = NOW - timedelta(hours=1)
    early = moment_of(NOW - timedelta(days=400), None, entered, NOW)
    assert (early.at, early.clock_error) == (NOW, -timedelta(days=400))
    late = moment_of(NOW + timedelta(days=2), None, entered, NOW)
    assert (late.at, late.clock_error) == (NOW, timedelta(days=2))


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_nothing_has_happened_before_its_job_or_after_it_was_told(
    said: datetime, error: timedelta | None
):
    if not datetime(1990, 1, 1, tzinfo=UTC) < said < datetime(2100, 1, 1, tzinfo=UTC):
        return
    entered = NOW - timedelta(hours=1)
    moment = moment_of(said, error, entered, NOW)
    assert entered - timedelta(minutes=2) <= moment.at <= NOW
