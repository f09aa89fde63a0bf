"""Whatever a signal says, it comes in: also what no record of the spool can hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.devices.signals import Kind, Signal
from tests.alerts.arriving.test_spooling import arrival
from tests.alerts.conftest import ShownBoard
from tests.support.away import keeping_in
from tests.support.clock import HandClock

PRESS = Signal("1", Kind.SOS, b"key", b"raw")


@pytest.mark.parametrize(
    "odd", [{"peer": "\ud800"}, {"flags": (2**70,)}, {"text": "\udfff"}, {"identifier": object()}]
)
def test_a_signal_that_cannot_be_spooled_goes_on_without(tmp_path: Path, odd: dict[str, object]):
    keeping = keeping_in(tmp_path, ShownBoard(), HandClock())
    made = arrival(PRESS)
    assert keeping.enters(made, replace(PRESS, **odd), told=False) is None
    assert keeping.disk_takes
    assert keeping.enters(made, PRESS, told=False) is not None
    keeping.spool.close()
