"""Each milestone is the first of what reaches it, whatever came in which order, and nothing else reaches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.alerts.entries import (
    KIND_OF,
    Closed,
    Entry,
    FieldStep,
    Joined,
    Note,
    Offered,
    Opened,
    Reply,
    Said,
    Step,
    Taken,
)
from callcenter.alerts.milestones import COURSE, Milestones, milestones
from tests.support.community import LONG_AGO
from tests.support.incidents import incident


def after(seconds: float) -> datetime:
    return LONG_AGO + timedelta(seconds=seconds)


def timeline(*said: tuple[float, Said]) -> list[Entry]:
    one = incident()
    return [
        Entry(one.id, number, after(seconds), KIND_OF[type(each)], 7, "王敏", each)
        for number, (seconds, each) in enumerate(said, 1)
    ]


def course(*said: tuple[float, Said], **fields: Any) -> Milestones:
    return milestones(incident(**fields), timeline(*said), [])


def reached(*said: tuple[float, Said]) -> dict[str, float]:
    """Seconds after the opening, of what was reached."""
    found = course(*said)
    times = {name: getattr(found, name) for name in COURSE if name != "stored"}
    return {name: (at - LONG_AGO).total_seconds() for name, at in times.items() if at}


@pytest.mark.parametrize(
    ("said", "milestone"),
    [
        (Taken(), "taken"),
        (Reply(meaning="yes", takes=True), "taken"),
        (Step(step="call_back", result="reached"), "first_contact"),
        (Step(step="contact_called", result="reached"), "first_contact"),
        (Reply(meaning="yes"), "first_contact"),
        (Step(step="help_arrived", result="done"), "help_on_site"),
        (FieldStep(step="arrived"), "help_on_site"),
        (Step(step="safe", result="done"), "safe"),
        (Closed(outcome="emergency", safe_by="沈岚", safe_where="家中"), "safe"),
    ],
)
def test_what_reaches_a_milestone_reaches_it_the_first_time_and_no_other(
    said: Said, milestone: str
):
    assert reached((9, Note(text="x")), (12, said), (40, said)) == {milestone: 12}


@pytest.mark.parametrize(
    "said",
    [
        Offered(to=3),
        Step(step="call_back", result="no_answer"),
        Step(step="contact_called", result="busy"),
        Step(step="ambulance_called", result="done"),
        Step(step="worker_sent", result="done"),
        Step(step="help_arrived", result="no_answer"),
        Step(step="safe", result="no_answer"),
        Reply(meaning="no"),
        Reply(meaning="other"),
        Closed(outcome="test"),
    ],
)
def test_what_was_only_tried_reaches_nothing(said: Said):
    assert reached((12, said)) == {}


def test_it_was_received_when_the_earliest_of_its_signals_was_read():
    early = Joined(received_at=after(-2).isoformat())  # type: ignore[arg-type] - as JSON keeps it
    assert reached((0, Opened(received_at=after(-1))), (1, early)) == {"received": -2}
    assert course((0, Opened())).received is None


def test_seen_and_sounding_are_the_first_of_any_ring_and_closed_and_stored_are_the_incidents_own():
    one = incident(closed_at=after(300))
    proofs = [
        {"proof": "seen", "ring": 2, "at": after(60)},
        {"proof": "seen", "ring": 1, "at": after(1)},
        {"proof": "sounding", "ring": 2, "at": after(61)},
    ]
    found = milestones(one, (), proofs)
    assert (found.stored, found.seen, found.sounding) == (LONG_AGO, after(1), after(61))
    assert (found.closed, found.taken) == (after(300), None)


def test_the_course_names_every_milestone():
    assert COURSE == (
        "received",
        "stored",
        "seen",
        "sounding",
        "taken",
        "first_contact",
        "help_on_site",
        "safe",
        "closed",
    )


def test_whoever_was_sent_was_there_when_they_arrived_not_when_their_phone_had_a_network_again():
    there = FieldStep(step="arrived", happened_at=after(600))
    assert reached((1200, there)) == {"help_on_site": 600}
    assert reached((1200, FieldStep(step="accepted"))) == {}
