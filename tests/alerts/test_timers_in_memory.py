"""What this process has watched tells when who would be called, as the rows of the timers would."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from callcenter.alerts.escalation import DUTY_MADE
from callcenter.alerts.incident import FOLLOW_DUE, Incident, IncidentMode, State
from callcenter.alerts.open_incidents import Held
from callcenter.alerts.timers import GAP, LATE, TimerKind
from callcenter.alerts.timers_in_memory import TimersInMemory, Watched, due_at
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.regions.policies import EscalationPolicy
from tests.support.community import LONG_AGO as AT
from tests.support.incidents import incident as waiting

POLICY = EscalationPolicy()


def held(incident: Incident) -> Held:
    return Held(incident, "home:1")


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_at_the_first_look_it_may_ring_since_its_last_signal():
    incident = replace(waiting(), last_signal_at=AT - after(20))
    [found] = TimersInMemory().look([held(incident)], AT).values()
    assert (found.cause[0], found.since) == (TimerKind.UNTAKEN, AT - after(20))


def test_what_begins_between_two_looks_began_no_earlier_than_the_first():
    """Whatever a clock that was put back says."""
    timers = TimersInMemory()
    timers.look([], AT)
    incident = replace(waiting(), opened_at=AT - after(3_600), last_signal_at=AT - after(3_600))
    [found] = timers.look([held(incident)], AT + after(1)).values()
    assert AT <= found.since <= AT + after(1)


def test_a_step_begins_the_time_until_the_next_telling_and_not_the_ring():
    timers, incident = TimersInMemory(), waiting()
    timers.look([held(incident)], AT)
    told = replace(incident, escalated=DUTY_MADE)
    [found] = timers.look([held(told)], AT + after(30)).values()
    assert found.since == incident.last_signal_at
    assert due_at(found, told, POLICY) == found.made_at + after(POLICY.again_s)


def test_a_new_ring_begins_anew():
    timers, incident = TimersInMemory(), waiting()
    timers.look([held(incident)], AT)
    [found] = timers.look([held(replace(incident, ring=2))], AT + after(9)).values()
    assert found.since == AT + after(9)


def test_nobody_is_called_to_a_test_or_to_what_is_over():
    tested = replace(waiting(), mode=IncidentMode.TEST)
    closed = replace(waiting(), state=State.CLOSED)
    assert TimersInMemory().look([held(tested), held(closed)], AT) == {}


def test_whoever_is_followed_is_called_at_the_time_that_was_set_and_late_after_the_reminder():
    due = AT + after(600)
    followed = replace(waiting(), state=State.FOLLOWING, taken_by=7, follow_due_at=due)
    timers = TimersInMemory()
    [found] = timers.look([held(followed)], AT).values()
    assert due_at(found, followed, POLICY) == due
    reminded = replace(followed, ring=2, marks=(FOLLOW_DUE,))
    [found] = timers.look([held(reminded)], due).values()
    assert due_at(found, reminded, POLICY) == due + LATE


def test_time_that_nobody_has_looked_on_is_not_watched():
    watched = Watched()
    for at in (100, 101, 102, 102 + GAP.total_seconds() + 1, 102 + GAP.total_seconds() + 2):
        watched.look(at)
    assert watched.time == after(3)
    watched.told()
    watched.look(500)
    assert watched.time == after(0)


def test_a_press_of_the_watchdog_calls_nobody():
    incident = replace(waiting(), region_path=WATCH_PATH, mode=IncidentMode.DRILL)
    assert not TimersInMemory().look([held(incident)], AT)


def test_a_process_that_begins_goes_on_where_the_rows_were():
    timers, incident = TimersInMemory(), replace(waiting(), escalated=DUTY_MADE)
    due = AT + after(40)
    timers.recall(
        [{"incident_id": incident.id, "kind": "untaken", "age_s": 80.0, "due_in_s": 40.0, "missing_s": None}], AT
    )  # fmt: skip
    [found] = timers.look([held(incident)], AT).values()
    assert (found.since, due_at(found, incident, POLICY)) == (AT - after(80), due)
    [found] = timers.look(
        [held(replace(incident, escalated=DUTY_MADE + 1))], AT + after(1)
    ).values()
    assert due_at(found, incident, POLICY) == found.made_at + after(POLICY.again_s)
