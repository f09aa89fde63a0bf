"""What a report says of each press, and of the targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callcenter.alerts.detail import IncidentDetail, Numbers
from callcenter.alerts.entries import DutyTold, Entry, Escalated, Opened, Said, Step, Taken, Told
from callcenter.alerts.incident import Incident, State
from callcenter.alerts.milestones import milestones
from callcenter.core.ids import new_id
from callcenter.drills.course import PressState
from callcenter.drills.report import Course, Pressed, PressReport, WouldGo, report_of
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

TEXT = WouldGo("139****0001", "沈岚", "【演练】")


def after(seconds: float) -> datetime:
    return LONG_AGO + timedelta(seconds=seconds)


def pressed(number: int, incident_id: UUID | None, **more: Any) -> Pressed:
    fields = {"state": PressState.MADE, "made_at": after(number)} | more
    return Pressed(
        number, "7号楼", "Bldg 7", "sos", after(number), incident_id=incident_id, **fields
    )


def course(found: Incident, *said: tuple[float, str, Said]) -> Course:
    entries = [
        Entry(found.id, number, after(at), kind, 7, "王同志", data)
        for number, (at, kind, data) in enumerate(said, 1)
    ]
    proofs = [{"proof": "seen", "at": after(1)}, {"proof": "sounding", "at": after(2)}]
    course = milestones(found, entries, proofs)
    return Course(IncidentDetail(found, entries, [], [], Numbers(), (), milestones=course), [TEXT])


def report(found: Incident, *said: tuple[float, str, Said], until: float = 600) -> PressReport:
    made = report_of([pressed(1, found.id)], {found.id: course(found, *said)}, after(until))
    return made.presses[0]


OPENED = (0, "opened", Opened(kind="sos"))


def test_it_has_the_times_and_who_it_was():
    found = incident(state=State.CLOSED, outcome="emergency", closed_at=after(90))
    line = report(
        found,
        OPENED,
        (17, "taken", Taken(not_made=("duty",))),
        (25, "told", Told(by_itself=True)),
        (30, "step", Step(step="call_back", result="reached")),
        (90, "closed", Step()),
    )
    times = (line.rang_at, line.seen_at, line.sounding_at, line.taken_at, line.first_step_at)
    assert times == (after(0), after(1), after(2), after(17), after(30))
    assert (line.closed_at, line.outcome, line.taken_by) == (after(90), "emergency", "王同志")
    assert [(each.seconds, each.met) for each in line.in_time] == [
        (15, False), (20, True), (60, True), (180, True),
    ]  # fmt: skip
    assert (line.not_made, line.texts) == (("duty",), [TEXT])


def test_what_nobody_took_is_late_as_far_as_its_time_is_over():
    line = report(incident(), OPENED, until=61)
    assert [each.met for each in line.in_time] == [False, False, False, None]
    assert (line.taken_at, line.closed_at, line.outcome) == (None, None, None)
    assert line.not_made == ("supervisors", "duty")


def test_what_was_called_off_was_closed_by_nobody():
    found = incident(state=State.CLOSED, outcome="test", closed_at=after(90))
    assert report(found, OPENED).closed_at is None


def test_each_step_of_the_ladder_stands_once_and_none_that_reached_nobody():
    line = report(
        incident(),
        OPENED,
        (15, "escalated", Escalated(step="supervisors", reached=0)),
        (16, "escalated", Escalated(step="all_seats", reached=2)),
        (30, "duty_told", DutyTold(numbers=1)),
        (90, "duty_told", DutyTold(numbers=1)),
    )
    assert line.made == ("all_seats", "duty")


def test_where_nobody_sits_the_duty_list_is_called_with_the_opening():
    found = incident(escalated=3)
    told = course(found, OPENED)
    told = replace(told, detail=replace(told.detail, messages=[{"kind": "duty_alarm"}]))
    made = report_of([pressed(1, found.id)], {found.id: told}, after(60))
    assert (made.presses[0].made, made.presses[0].not_made) == (("duty",), ())


def test_a_press_that_met_an_alarm_of_the_drill_is_counted_with_it():
    found = incident()
    presses = [
        pressed(1, found.id),
        pressed(2, found.id),
        pressed(3, None, state=PressState.MISSED),
    ]
    made = report_of(presses, {found.id: course(found, OPENED, (5, "taken", Taken()))}, after(60))
    first, second, third = made.presses
    assert (first.again, second.again, second.incident_number) == (False, True, found.number)
    assert (second.in_time, third.in_time, third.incident_number) == ((), (), None)
    assert [(each.decided, each.met, each.reached) for each in made.reaches] == [(1, 1, True)] * 4


def test_a_target_is_missed_by_too_few_in_time_and_open_without_any():
    found, other = incident(), incident()
    courses = {
        found.id: course(found, OPENED, (5, "taken", Taken())),
        other.id: course(other, OPENED, (100, "taken", Taken())),
    }
    made = report_of([pressed(1, found.id), pressed(2, other.id)], courses, after(200))
    assert [each.reached for each in made.reaches] == [False, False, False, True]
    nothing = report_of([pressed(1, new_id(), state=PressState.LEFT_OUT)], {}, after(1))
    assert [each.reached for each in nothing.reaches] == [None] * 4
