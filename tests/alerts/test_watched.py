"""A press of the watchdog is nobody's, and its numbers are no incident's that is spoken of."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.alerts.watched import TO_NOBODY, is_watch, watch_number, watch_text
from callcenter.core.ids import new_id
from callcenter.devices.callers import Caller
from callcenter.devices.watch_device import WATCH_PATH, watch_caller
from callcenter.regions.tree import RegionSettings

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def caller() -> Caller:
    return watch_caller(7, "watchdog-1", 1, RegionSettings())


def test_it_is_told_apart_by_where_it_lies():
    assert is_watch(caller())
    assert caller().subject == "drill:watch:7"
    assert caller().region_path == WATCH_PATH == (0,)


def test_its_one_text_goes_to_a_number_that_nobody_has():
    text = watch_text(caller(), NOON)
    assert text.recipient == TO_NOBODY
    assert TO_NOBODY.startswith("+999")
    assert caller().recipients == []


def test_its_numbers_lie_below_zero_and_fit_the_column_and_are_each_its_own():
    numbers = {watch_number(new_id()) for _ in range(200)}
    assert all(-(2**63) < number < 0 for number in numbers)
    assert len(numbers) > 195
