"""The one vocabulary: every kind has a class and a priority, and nothing that may matter is taken for a record."""

from __future__ import annotations

import pytest

from callcenter.devices.signals import CLASS_OF, PRIORITY_OF, Kind, SignalClass


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_class_and_a_priority(kind: Kind):
    assert CLASS_OF[kind] in SignalClass
    assert PRIORITY_OF[kind] in (1, 2, 3)


@pytest.mark.parametrize("kind", [Kind.SOS, Kind.FALL, Kind.SMOKE, Kind.GAS, Kind.MEDICAL])
def test_life_comes_first(kind: Kind):
    assert (CLASS_OF[kind], PRIORITY_OF[kind]) == (SignalClass.ALARM, 1)


def test_a_code_that_nobody_has_mapped_rings_like_the_one_that_matters():
    assert (CLASS_OF[Kind.UNKNOWN], PRIORITY_OF[Kind.UNKNOWN]) == (SignalClass.ALARM, 1)


def test_the_green_key_is_a_service_call():
    assert CLASS_OF[Kind.HELP] is SignalClass.SERVICE


def test_no_alarm_comes_behind_what_is_none():
    alarms = {PRIORITY_OF[kind] for kind in Kind if CLASS_OF[kind] is SignalClass.ALARM}
    others = {PRIORITY_OF[kind] for kind in Kind if CLASS_OF[kind] is not SignalClass.ALARM}
    assert max(alarms) < min(others)
