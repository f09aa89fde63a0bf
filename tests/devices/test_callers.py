"""Who may have pressed, and whose families are told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.devices.callers import Caller, Recipient
from tests.support.callers import CALLER, DAUGHTER, PERSON

NEPHEW = Recipient(5, "+8613900000005", "zh-CN", "周明", "Zhou Ming")
HUSBAND = replace(PERSON, resident_id=4, name="周德海", recipients=(NEPHEW,))
BUTTON = replace(CALLER, resident_id=None, people=(PERSON, HUSBAND))
"""Beside the bed of both."""


def told(caller: Caller) -> list[tuple[str, str]]:
    return [(person.name, contact.phone) for person, contact in caller.recipients]


def test_a_pendant_is_its_wearer_a_button_is_everybody_of_the_home():
    pendant = replace(BUTTON, resident_id=4)
    assert [p.resident_id for p in pendant.possible_people] == [4]
    assert [p.resident_id for p in BUTTON.possible_people] == [3, 4]
    assert told(pendant) == [("周德海", NEPHEW.phone)]
    assert told(BUTTON) == [("沈玉兰", DAUGHTER.phone), ("周德海", NEPHEW.phone)]


def test_a_number_that_stands_for_both_is_told_once():
    assert told(replace(BUTTON, people=(PERSON, replace(HUSBAND, recipients=(DAUGHTER,))))) == [
        ("沈玉兰", DAUGHTER.phone)
    ]


def test_who_has_no_contact_keeps_nobody_from_being_told():
    assert told(replace(BUTTON, people=(replace(PERSON, recipients=()), HUSBAND))) == [
        ("周德海", NEPHEW.phone)
    ]


@pytest.mark.parametrize("status", ["moved", "deceased"])
def test_families_of_who_has_moved_or_died_are_not_told(status: str):
    caller = replace(BUTTON, people=(PERSON, replace(HUSBAND, status=status)))
    assert [p.name for p in caller.reachable_people] == ["沈玉兰"]
    assert told(caller) == [("沈玉兰", DAUGHTER.phone)]
    assert [p.name for p in caller.possible_people] == ["沈玉兰", "周德海"]


@pytest.mark.parametrize("status", ["home", "hospital", "away"])
def test_everybody_else_is_reachable(status: str):
    assert replace(CALLER, people=(replace(PERSON, status=status),)).reachable_people
