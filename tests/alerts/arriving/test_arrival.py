"""The incident that a signal becomes: where it is, what stands beside it, whether it is watched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcenter.alerts import telling
from callcenter.alerts.arriving.arrival import (
    Arrival,
    escalated,
    first_look_s,
    incident_of,
    is_watched,
    marks,
    opened,
    opening_texts,
    position,
)
from callcenter.alerts.incident import IncidentMode
from callcenter.core.ids import new_id
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import CLASS_OF, Kind, Position, Signal, SignalClass
from tests.support.callers import CALLER
from tests.support.community import LONG_AGO

SIGNAL = Signal("1234", Kind.SOS, b"key", b"raw", text="厨房", occurred_at=LONG_AGO)


def arrival(signal: Signal = SIGNAL, **changes: Any) -> Arrival:
    values: dict[str, Any] = {
        "source": SourceRef("dc09", "dc09", 1),
        "signal": signal,
        "caller": CALLER,
        "signal_class": CLASS_OF[signal.kind],
        "priority": 1,
        "received_at": LONG_AGO,
        "journal_id": new_id(),
        "incident_id": new_id(),
        "card": dict(CALLER.card),
        "texts": (),
        "flags": ("clock_off",),
        "extra": "{}",
    }
    return Arrival(**values | changes)


def test_a_device_that_says_where_it_is_is_believed_else_it_is_at_home():
    assert position(arrival(replace(SIGNAL, position=Position(39.0, 116.0)))) == (39.0, 116.0)
    assert position(arrival()) == (40.0, 104.0)
    assert position(arrival(caller=replace(CALLER, lat=None, lng=None))) == (None, None)


def test_an_alarm_of_which_the_duty_knows_is_marked_and_has_made_all_steps_once():
    told = arrival(texts=telling.duty_texts(CALLER, ["+8613900000009"], LONG_AGO))
    assert (marks(told), escalated(told)) == (("duty_told",), 3)
    family = arrival(texts=telling.alarm_texts(CALLER, Kind.SOS, LONG_AGO))
    assert (marks(family), escalated(family)) == ((), 0)


def test_the_first_look_is_when_somebody_may_have_to_be_called():
    assert first_look_s(arrival()) == 15
    told = telling.duty_texts(CALLER, ["+8613900000009"], LONG_AGO)
    assert first_look_s(arrival(texts=told)) == 60
    assert first_look_s(arrival(ring_to=(7,))) == 3


@pytest.mark.parametrize("kind", Kind)
def test_only_alarms_are_watched(kind: Kind):
    watched = CLASS_OF[kind] is SignalClass.ALARM
    assert is_watched(arrival(replace(SIGNAL, kind=kind))) is watched


def test_nobody_is_told_of_a_test_and_nothing_is_watched_though_the_texts_are_ready():
    texts = telling.duty_texts(CALLER, ["+8613900000009"], LONG_AGO)
    tried = arrival(texts=texts, mode=IncidentMode.TEST)
    assert (opening_texts(tried), marks(tried), escalated(tried)) == ((), (), 0)
    assert not is_watched(tried)
    assert incident_of(tried, 37, LONG_AGO).mode is IncidentMode.TEST
    assert opening_texts(arrival(texts=texts)) == texts


def test_the_first_entry_says_what_the_device_said():
    came = arrival()
    said = opened(came)
    assert (said.kind, said.text, said.flags) == ("sos", "厨房", ("clock_off",))
    assert (said.journal_id, said.received_at, said.occurred_at) == (
        came.journal_id,
        LONG_AGO,
        LONG_AGO,
    )


def test_the_incident_lies_where_its_caller_lives():
    came = arrival()
    made = incident_of(came, 37, LONG_AGO)
    assert (made.id, made.number, made.state, made.version) == (came.incident_id, 37, "waiting", 1)
    assert (made.home_id, made.resident_id, made.region_path) == (5, 3, (1, 3))
    assert (made.identifier, made.source, made.card) == ("1234", "dc09", CALLER.card)
    assert came.subject == "home:5"
