"""What a process knows of the open incidents: by whatever change came last, and as the database has it once that has everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from callcenter.alerts.change import Change
from callcenter.alerts.incident import FIELDS, Incident, State
from callcenter.alerts.open_incidents import OpenIncidents

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
RINGS = Incident(
    id=UUID(int=1), number=7, signal_class="alarm", kind="sos", kinds=("sos",), priority=1, region_id=1, region_path=(1,),
    source="dc09", card={}, opened_at=NOON, last_signal_at=NOON,
)  # fmt: skip
TAKEN = replace(RINGS, version=2, state=State.TAKEN, taken_by=3)
CLOSED = replace(RINGS, version=3, state=State.CLOSED)


def row(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in FIELDS} | {"subject": "home:1"}


def knowing(*changes: Change) -> OpenIncidents:
    known = OpenIncidents()
    for change in changes:
        known.note(change)
    return known


def change(incident: Incident, *, ahead: bool = False) -> Change:
    return Change(incident, (), "home:1", ahead)


def test_it_is_found_by_what_it_is_about_until_it_is_closed():
    known = knowing(change(RINGS))
    assert known.about("home:1", "alarm") == RINGS
    known.note(change(CLOSED))
    assert (known.about("home:1", "alarm"), known.get(RINGS.id), len(known)) == (None, None, 0)
    assert known.highest_number == 7


def test_an_older_change_that_comes_late_changes_nothing():
    known = knowing(change(TAKEN), change(RINGS))
    assert known.about("home:1", "alarm") == TAKEN


def test_what_was_done_here_alone_is_ahead_until_the_database_says_it():
    known = knowing(change(RINGS), change(TAKEN, ahead=True))
    assert [held.incident for held in known.ahead] == [TAKEN]
    known.note(change(TAKEN))
    assert known.ahead == []


def test_what_was_closed_here_alone_is_known_until_the_database_has_it():
    known = knowing(change(RINGS), change(CLOSED, ahead=True))
    assert known.about("home:1", "alarm") is None
    assert known.get(RINGS.id) is not None
    known.note(change(CLOSED))
    assert known.get(RINGS.id) is None


def test_what_the_database_has_takes_the_place_of_what_only_this_process_believed():
    known = knowing(change(RINGS), change(TAKEN, ahead=True))
    known.load([row(RINGS)], [], known.versions())
    assert (known.about("home:1", "alarm"), known.ahead) == (RINGS, [])


def test_numbers_go_on_from_the_highest_of_all_of_which_most_are_closed():
    known = OpenIncidents()
    known.load([row(RINGS)], [], {}, highest_number=28)
    assert known.highest_number == 28
    known.load([], [], known.versions(), highest_number=5)
    assert known.highest_number == 28


def test_what_rings_or_is_done_without_the_database_while_its_rows_are_read_is_kept():
    known = knowing(change(RINGS))
    before = known.versions()
    known.note(change(TAKEN, ahead=True))
    other = replace(RINGS, id=UUID(int=2), number=8)
    known.note(Change(other, (), "home:2", ahead=True))
    known.load([row(RINGS)], [], before)
    assert known.about("home:1", "alarm") == TAKEN
    assert known.about("home:2", "alarm") == other


def test_what_is_closed_without_the_database_while_its_rows_are_read_stays_closed():
    known = knowing(change(RINGS))
    before = known.versions()
    known.note(change(CLOSED, ahead=True))
    known.load([row(RINGS)], [], before)
    assert known.about("home:1", "alarm") is None


def test_its_steps_are_known_with_it():
    known = OpenIncidents()
    step = {"incident_id": RINGS.id, "step": "call_back", "result": "reached"}
    known.load([row(RINGS)], [step], {})
    held = known.find(str(RINGS.id))
    assert held is not None
    assert [(one.step, one.result) for one in held.steps] == [("call_back", "reached")]
    assert known.find("no id") is None
