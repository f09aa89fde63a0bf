"""What a call by hand is as a signal, and who is not told of it as if it were news."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from pydantic import ValidationError

from callcenter.alerts.called import (
    OFFICE,
    CalledBody,
    as_told,
    office_of,
    signal_of,
    stranger,
)
from callcenter.core.ids import new_id
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.regions.tree import RegionSettings
from tests.support.callers import CALLER, DAUGHTER, PERSON

WANG = (7, "王同志")


def body(**fields: object) -> CalledBody:
    return CalledBody.model_validate({"command_id": str(new_id()), "kind": "sos", **fields})


@pytest.mark.parametrize("kind", Kind)
def test_people_call_for_help_and_not_with_heartbeats(kind: Kind):
    if CLASS_OF[kind] in (SignalClass.ALARM, SignalClass.SERVICE):
        assert body(kind=kind).kind is kind
    else:
        with pytest.raises(ValidationError):
            body(kind=kind)


def test_the_signal_is_recognised_by_its_command_and_kept_as_canonical_json():
    told = body(said="摔了", phone="139-0000-0077", way="in_person")
    signal = signal_of(told, None, WANG)
    assert (signal.dedup_key, signal.text, signal.identifier) == (
        told.command_id.bytes,
        "摔了",
        "+8613900000077",
    )
    raw = orjson.loads(signal.raw)
    assert list(raw) == sorted(raw)
    assert (raw["told_by"], raw["phone"], raw["said"]) == (7, "139-0000-0077", "摔了")
    assert signal_of(told, None, WANG).raw == signal.raw


def test_a_number_that_is_none_stays_as_it_was_written_down():
    assert signal_of(body(phone="八楼分机"), None, WANG).identifier == "八楼分机"
    assert signal_of(body(), None, WANG).identifier == ""


def test_strangers_of_one_number_are_one_caller_and_those_without_any_are_two():
    def subject(told: CalledBody) -> str:
        return stranger(told, 2, (1, 2), RegionSettings()).subject

    assert subject(body(phone="13900000077")) == subject(body(phone="+86 139 0000 0077"))
    assert subject(body()) != subject(body())


def test_the_card_says_how_it_came():
    signal = signal_of(body(caller="邻居"), None, WANG)
    called = as_told(CALLER, signal).card["called"]
    assert (called["way"], called["caller"], called["user"]) == ("phone", "邻居", "王同志")


def test_the_contact_who_calls_is_not_told_and_nobody_in_their_place():
    signal = signal_of(body(contact_id=DAUGHTER.contact_id), "沈岚", WANG)
    told = as_told(CALLER, signal)
    assert told.recipients == []
    assert told.card["called"]["caller"] == "沈岚"


def test_another_contact_who_calls_changes_nothing_for_the_first():
    son = replace(DAUGHTER, contact_id=2, phone="+8613900000002")
    caller = replace(CALLER, people=(replace(PERSON, recipients=(DAUGHTER, son)),))
    signal = signal_of(body(contact_id=2), "沈松", WANG)
    assert [one.contact_id for _, one in as_told(caller, signal).recipients] == [1]


def test_it_comes_from_the_office():
    assert (office_of(2).name, office_of(2).kind, office_of(2).region_id) == (OFFICE, OFFICE, 2)
