"""Whom an outage may have silenced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.calls.missed import (
    Chosen,
    Device,
    Home,
    Resident,
    WhyCalled,
    reasons_of,
    totals,
    whom,
)
from callcenter.calls.outage import Window
from callcenter.calls.risk import Person

BEGAN = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(hours=2)
NOW = ENDED + timedelta(minutes=30)
OUTAGE = Window(BEGAN, ENDED)
BEFORE, AFTER = BEGAN - timedelta(hours=1), ENDED + timedelta(minutes=5)

HOURLY_SILENT = Device("dc09", 600, BEFORE)
HOURLY_BACK = Device("dc09", 600, AFTER)
DAILY = Device("dc09", 86_400, BEFORE)
MUTE = Device("phones", None, None)


@pytest.mark.parametrize(
    ("device", "pressed_before", "reasons"),
    [
        (HOURLY_SILENT, False, ["still_silent", "should_report", "could_not_reach"]),
        (HOURLY_BACK, False, ["should_report", "could_not_reach"]),
        (HOURLY_BACK, True, ["should_report", "pressed_before", "could_not_reach"]),
        (Device("dc09", 600, None), False, ["still_silent", "should_report", "could_not_reach"]),
        (Device("dc09", 3_600, BEFORE), False, ["should_report", "could_not_reach"]),
        (DAILY, False, ["could_not_reach"]),
        (MUTE, True, ["pressed_before", "could_not_reach"]),
        (MUTE, False, ["could_not_reach"]),
    ],
)
def test_why_a_home_is_called(device: Device, pressed_before: bool, reasons: list[str]):
    home = Home(1, [device], pressed_before=pressed_before)
    assert list(reasons_of(home, OUTAGE, NOW)) == reasons


def test_a_listener_that_was_away_concerns_its_devices_alone():
    window = Window(BEGAN, ENDED, "phones")
    assert list(reasons_of(Home(1, [DAILY], pressed_before=True), window, NOW)) == []
    assert WhyCalled.COULD_NOT_REACH in reasons_of(Home(1, [DAILY, MUTE]), window, NOW)


def home(number: int, *people: Resident, **more: bool) -> Home:
    return Home(number, [DAILY], people, **more)


def test_whoever_is_most_at_risk_stands_first():
    low = home(1, Resident(11, Person("low", "couple")))
    alone = home(2, Resident(21, Person("high", "alone", "severe", 91)))
    high = home(3, Resident(31, Person("high", "couple", "intact", 70)))
    nobody_registered = home(4)
    listed = whom([low, nobody_registered, high, alone], OUTAGE, Chosen(), NOW)
    assert [one.home_id for one in listed] == [2, 3, 1, 4]
    assert listed[-1].resident_id is None


def test_of_equals_whose_device_is_silent_still_stands_first():
    back, silent = Home(1, [HOURLY_BACK]), Home(2, [HOURLY_SILENT])
    assert [one.home_id for one in whom([back, silent], OUTAGE, Chosen(), NOW)] == [2, 1]


def test_a_home_is_called_once_and_asks_for_the_one_most_at_risk():
    couple = home(1, Resident(11, Person("low")), Resident(12, Person("high"), has_phone=False))
    [one] = whom([couple], OUTAGE, Chosen(), NOW)
    assert (one.resident_id, one.has_phone) == (12, True)


@pytest.mark.parametrize("status", ["deceased", "moved", "hospital"])
def test_who_is_not_there_is_not_called(status: str):
    gone = Resident(11, Person("high"), status)
    assert whom([home(1, gone)], OUTAGE, Chosen(), NOW) == []
    [one] = whom([home(1, gone, Resident(12, Person("low")))], OUTAGE, Chosen(), NOW)
    assert one.resident_id == 12


def test_who_got_through_is_worked_like_any_other_alarm():
    assert whom([home(1, heard_since=True)], OUTAGE, Chosen(), NOW) == []


def test_a_supervisor_may_ask_for_less():
    high = home(1, Resident(11, Person("high")))
    low = home(2, Resident(21, Person("low")), pressed_before=True)
    by_risk = whom([high, low], OUTAGE, Chosen(at_least="high"), NOW)
    by_reason = whom([high, low], OUTAGE, Chosen(frozenset({WhyCalled.PRESSED_BEFORE})), NOW)
    assert [one.home_id for one in by_risk] == [1]
    assert [one.home_id for one in by_reason] == [2]


def test_what_a_supervisor_reads_before():
    listed = whom(
        [home(1, Resident(11, Person("high"), has_phone=False)), home(2)], OUTAGE, Chosen(), NOW
    )
    found = totals(listed)
    assert (found.homes, found.without_phone) == (2, 2)
    assert found.by_risk == {"high": 1, "low": 1}
    assert found.by_reason == {"could_not_reach": 2}
