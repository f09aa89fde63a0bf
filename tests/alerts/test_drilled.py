"""A press of a drill is a signal of its own: no device was heard, and nothing real is met."""

from __future__ import annotations

from callcenter.alerts.drilled import DRILL, as_drilled, source_of_drill
from tests.support.callers import CALLER


def test_a_home_in_a_drill_is_another_subject_in_each_and_names_no_device():
    first, second = as_drilled(CALLER, 1), as_drilled(CALLER, 2)
    assert len({CALLER.subject, first.subject, second.subject}) == 3
    assert first.subject == f"drill:1:{CALLER.subject}"
    assert (first.home_id, first.device_id) == (CALLER.home_id, None)
    assert first.card == CALLER.card


def test_its_source_is_no_source_of_devices():
    source = source_of_drill(5)
    assert (source.name, source.kind, source.region_id) == (DRILL, DRILL, 5)
