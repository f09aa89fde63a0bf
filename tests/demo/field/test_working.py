"""What somebody of the field does next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from callcenter.core.ids import new_id
from callcenter.demo.field.working import Doing, Job, Mind, Temper, temper_of
from callcenter.dispatch.choosing import Spot

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
OFFER = Job(new_id(), "offered", mine=False, minutes=30, at=Spot(40.0, 104.0))
MINE = replace(OFFER, state="accepted", mine=True)


def does(mind: Mind, *jobs: Job, after: float = 0, there: bool = False) -> Doing | None:
    chosen = mind.next(jobs, there, NOW + timedelta(seconds=after), Random(1))
    return chosen[1] if chosen else None


def test_a_job_from_the_offer_to_the_door_and_away() -> None:
    mind = Mind(Temper.PROMPT)
    assert does(mind, OFFER) is None
    assert does(mind, OFFER, after=30) is Doing.ACCEPT
    assert does(mind, OFFER, after=31) is None  # said once, however long the list stays old
    assert does(mind, MINE, after=32) is Doing.SET_OUT
    assert does(mind, MINE, after=33) is None
    assert does(mind, MINE, after=90, there=True) is Doing.ARRIVE
    assert does(mind, MINE, after=100, there=True) is None
    assert does(mind, MINE, after=400, there=True) is Doing.DEPART
    assert does(mind, MINE, after=401, there=True) is None


@pytest.mark.parametrize(("temper", "after", "answer"), [
    (Temper.LATE, 140, None), (Temper.LATE, 401, Doing.ACCEPT), (Temper.SILENT, 9_999, None),
])  # fmt: skip
def test_some_are_late_and_some_never_answer(
    temper: Temper, after: float, answer: Doing | None
) -> None:
    mind = Mind(temper)
    does(mind, OFFER)
    assert does(mind, OFFER, after=after) is answer


def test_nobody_sets_out_for_two_and_who_lost_a_job_is_free() -> None:
    mind = Mind(Temper.PROMPT)
    other = replace(MINE, id=new_id())
    assert does(mind, MINE, other) is Doing.SET_OUT
    assert does(mind, MINE, other, after=1) is None
    assert does(mind, other, after=2) is Doing.SET_OUT


def test_most_are_prompt() -> None:
    dice = Random(1)
    drawn = [temper_of(dice) for _ in range(1_000)]
    assert drawn.count(Temper.PROMPT) > drawn.count(Temper.LATE) > drawn.count(Temper.SILENT) > 0


def test_some_offers_are_declined_and_stay_so() -> None:
    dice = Random(1)
    said = []
    for _ in range(1_000):
        mind = Mind(Temper.PROMPT)
        mind.next([OFFER], False, NOW, dice)
        chosen = mind.next([OFFER], False, NOW + timedelta(seconds=30), dice)
        assert chosen is not None
        said.append(chosen[1])
        assert mind.next([OFFER], False, NOW + timedelta(seconds=31), dice) is None
    assert 60 < said.count(Doing.DECLINE) < 140
    assert said.count(Doing.ACCEPT) == 1_000 - said.count(Doing.DECLINE)
