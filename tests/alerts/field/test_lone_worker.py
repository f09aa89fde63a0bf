"""An alarm of a worker is the same alarm however often it is made, and is read again after a crash."""

from __future__ import annotations

from dataclasses import replace

from callcenter.alerts.called import stranger_told
from callcenter.alerts.field.lone_worker import InNeed, signal_of
from callcenter.core.ids import new_id
from callcenter.devices.signals import PRIORITY_OF, Kind
from tests.support.callers import CALLER

ONE = InNeed(
    new_id(),
    4,
    12,
    "李萍",
    "+8613900000012",
    "擦身",
    "visit",
    "榆荫里4号楼",
    31.2,
    121.4,
    2,
    (1, 2),
)


def test_it_is_as_urgent_as_a_person_who_presses_and_the_same_for_the_same_step():
    signal = signal_of(ONE)
    assert PRIORITY_OF[signal.kind] == PRIORITY_OF[Kind.SOS]
    again, other = signal_of(replace(ONE)), signal_of(replace(ONE, n=5))
    assert (signal.dedup_key, signal.raw) == (again.dedup_key, again.raw)
    assert other.dedup_key != signal.dedup_key


def test_what_lies_on_a_spool_is_read_as_the_same_worker_at_the_same_place():
    signal = signal_of(ONE)
    read = stranger_told(signal, ONE.region_id, ONE.region_path, CALLER.settings)
    assert read.subject == "caller:office:+8613900000012"
    assert read.card["address"] == "榆荫里4号楼"
    assert signal.extra["caller"] == "李萍"
