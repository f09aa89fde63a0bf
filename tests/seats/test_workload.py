"""Who has what: by what is said here, and by what the table says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callcenter.alerts.incident import Incident, State
from callcenter.core.ids import new_id
from callcenter.seats.workload import Workload
from tests.support.incidents import incident

WANG, LI = 7, 8


def waiting(*ring_to: int) -> Incident:
    return replace(incident(), id=new_id(), ring_to=ring_to)


def taken(one: Incident, by: int, state: State = State.TAKEN) -> Incident:
    return replace(one, state=state, taken_by=by, ring_to=())


def row(one: Incident) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "taken_by": one.taken_by,
        "ring_to": list(one.ring_to),
    }


def test_what_rings_at_somebody_is_open_and_no_work_yet():
    work, one = Workload(), waiting(WANG)
    assert not work.note(one)
    assert (work.open(WANG), work.works(WANG)) == (1, False)
    assert work.note(taken(one, LI))
    assert (work.open(WANG), work.open(LI), work.works(LI)) == (0, 1, True)


def test_what_is_followed_is_open_and_leaves_time_for_another():
    work, one = Workload(), waiting()
    work.note(taken(one, WANG))
    assert work.note(taken(one, WANG, State.FOLLOWING))
    assert (work.open(WANG), work.works(WANG)) == (1, False)
    work.note(taken(one, WANG, State.CLOSED))
    assert work.open(WANG) == 0


def test_what_rings_everywhere_is_with_nobody():
    work = Workload()
    assert not work.note(waiting())
    assert work.open(WANG) == 0


def test_the_table_says_what_was_missed():
    work, one, other = Workload(), waiting(), waiting()
    work.note(taken(one, WANG))
    work.begin()
    work.read([row(taken(other, LI))])
    assert (work.works(WANG), work.works(LI)) == (False, True)


def test_what_changed_while_the_table_was_read_is_as_it_was_said():
    work, one, other = Workload(), waiting(), waiting()
    work.note(taken(one, WANG))
    work.begin()
    work.note(taken(one, WANG, State.CLOSED))
    work.note(taken(other, LI))
    work.read([row(taken(one, WANG))])
    assert (work.works(WANG), work.works(LI)) == (False, True)
