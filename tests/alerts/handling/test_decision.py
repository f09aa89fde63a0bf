"""What every command goes through: the state machine, and who holds the incident."""

from __future__ import annotations

import pytest

from callcenter.alerts.handling.decision import SYSTEM, By, demand_taker, moved
from callcenter.alerts.incident import Actor, Event, State
from callcenter.core.errors import Conflict, Forbidden
from tests.support.incidents import incident

TAKER, STRANGER, BOSS = By(Actor(7)), By(Actor(9)), By(Actor(10, supervises=True))
TAKEN = incident(state=State.TAKEN, taken_by=7)


def test_an_incident_moves_with_what_changes_beside_its_state():
    after = moved(TAKEN, Event.RELEASE, TAKER, taken_by=None, ring=2)
    assert (after.state, after.taken_by, after.ring) == (State.WAITING, None, 2)
    assert (TAKEN.state, TAKEN.taken_by) == (State.TAKEN, 7)


def test_nothing_moves_against_the_table_or_by_a_stranger():
    with pytest.raises(Conflict):
        moved(TAKEN, Event.RESUME, TAKER)
    with pytest.raises(Forbidden):
        moved(TAKEN, Event.RELEASE, STRANGER)


@pytest.mark.parametrize("by", [TAKER, BOSS, SYSTEM])
def test_the_taker_a_supervisor_and_the_system_work_on_it(by: By):
    demand_taker(TAKEN, by)


@pytest.mark.parametrize("by", [TAKER, STRANGER])
def test_nobody_works_on_what_they_have_not_taken(by: By):
    held = TAKEN if by is STRANGER else incident()
    with pytest.raises(Forbidden) as error:
        demand_taker(held, by)
    assert error.value.code == "not_the_taker"
