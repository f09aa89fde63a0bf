"""What keeps a site from being in service, item by item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.commissioning.checklist import (
    BACKUP_TRIED,
    CERTIFICATE_LASTS,
    LATELY,
    Facts,
    Name,
    Trial,
    checklist,
    missing,
)

NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
WHOLE = Facts(
    regions=3, homes=50, with_device=50, without_hotline=0, without_duty=0, root_has_duty=True, operators=2, seats_lately=2,
    gateways=("mobile",), delivered_at=NOW, answered_at=NOW, certificate_until=NOW + timedelta(days=700), backup_at=NOW,
    trial=None,
)  # fmt: skip
SECOND = timedelta(seconds=1)
ARRIVED = Trial(NOW, NOW, NOW, NOW, "林岚")


def test_a_site_that_has_everything_misses_nothing():
    assert missing(checklist(WHOLE, NOW)) == []


@pytest.mark.parametrize(
    ("lacks", "name"),
    [
        ({"regions": 0}, Name.REGION),
        ({"without_hotline": 1}, Name.HOTLINE),
        ({"operators": 1}, Name.OPERATORS),
        ({"without_duty": 1}, Name.DUTY_LIST),
        ({"root_has_duty": False}, Name.DUTY_LIST),
        ({"gateways": ()}, Name.GATEWAY),
        ({"delivered_at": None}, Name.TEXT),
        ({"delivered_at": NOW - LATELY - SECOND}, Name.TEXT),
        ({"with_device": 0}, Name.DEVICES),
        ({"seats_lately": 1}, Name.SEATS),
        ({"answered_at": None, "trial": ARRIVED}, Name.ALARM),
        ({"answered_at": NOW - LATELY - SECOND, "trial": ARRIVED}, Name.ALARM),
        ({"certificate_until": None}, Name.CERTIFICATE),
        ({"certificate_until": NOW + CERTIFICATE_LASTS - SECOND}, Name.CERTIFICATE),
        ({"backup_at": None}, Name.BACKUP),
        ({"backup_at": NOW - BACKUP_TRIED - SECOND}, Name.BACKUP),
    ],
)
def test_each_lack_is_named_alone(lacks, name):
    assert missing(checklist(replace(WHOLE, **lacks), NOW)) == [name]


def test_a_drill_of_the_server_counts_as_a_copy_that_was_restored():
    facts = replace(WHOLE, backup_at=None, drilled_at=NOW, copied_at=NOW - SECOND)
    item = next(item for item in checklist(facts, NOW) if item.name is Name.BACKUP)
    assert (item.done, item.figures["at"]) == (True, NOW.isoformat())
    assert item.figures["copied"] == (NOW - SECOND).isoformat()


def test_an_empty_site_misses_all_but_nothing_is_hidden():
    empty = Facts(0, 0, 0, 0, 0, False, 0, 0, (), None, None, None, None, None)
    items = checklist(empty, NOW)
    assert [item.name for item in items] == list(Name)
    assert missing(items) == list(Name)


def test_only_what_the_server_cannot_see_is_said_by_hand():
    assert [item.name for item in checklist(WHOLE, NOW) if item.by_hand] == [Name.BACKUP]


@pytest.mark.parametrize(
    ("trial", "answered_at", "done"),
    [
        (ARRIVED, None, True),
        (None, NOW, True),  # what is real proves more
        (None, None, False),
        (replace(ARRIVED, seen_at=None), None, False),
        (replace(ARRIVED, sounding_at=None), None, False),
        (replace(ARRIVED, taken_at=None), None, False),
        (Trial(*[NOW - LATELY - SECOND] * 4), None, False),
    ],
)
def test_a_test_alarm_counts_when_it_was_seen_heard_and_taken(trial, answered_at, done):
    items = checklist(replace(WHOLE, trial=trial, answered_at=answered_at), NOW)
    [item] = [item for item in items if item.name is Name.TRIAL]
    assert item.done is done
    assert item.figures.get("by") == (trial.taken_by if trial else None)
