"""The copy itself: what it keeps worked out, and names that wander."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import DeviceKey
from callcenter.devices.registry import resolving
from callcenter.devices.registry.resolving import Copy
from callcenter.regions.tree import RegionRow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DC09 = SourceRef("dc09", "dc09", 1)


def device(device_id: int, kind: str = "pendant") -> bytes:
    return f'[{device_id}, "{kind}", "", 1, null]'.encode()


@pytest.fixture
def copy() -> Copy:
    made = Copy()
    made.put_regions({1: RegionRow(1, None, (1,), "root", "全市", "City")})
    return made


def test_a_caller_is_worked_out_once_and_again_when_its_device_has_changed(copy: Copy):
    copy.put_device(7, "dc09", "A", device(7))
    first = copy.resolve(DC09, "A", NOW)
    assert copy.resolve(DC09, "A", NOW) is first
    copy.put_device(7, "dc09", "A", device(7, "hub"))
    assert copy.resolve(DC09, "A", NOW).card["device_kind"] == "hub"


def test_a_caller_is_worked_out_again_when_a_region_has_changed(copy: Copy):
    copy.put_device(7, "dc09", "A", device(7))
    assert copy.resolve(DC09, "A", NOW).settings.hotline == ""
    copy.put_regions({1: RegionRow(1, None, (1,), "root", "全市", "City", hotline="12349")})
    assert copy.resolve(DC09, "A", NOW).settings.hotline == "12349"


@pytest.mark.parametrize(
    ("subject", "holds"),
    [(("device", 7), True), (("region", 1), True), (("device", 8), False), (("home", 7), False)],
)
def test_what_is_in_test_is_looked_up_and_ends_by_its_time(
    copy: Copy, subject: tuple[str, int], holds: bool
):
    copy.put_device(7, "dc09", "A", device(7))
    caller = copy.resolve(DC09, "A", NOW)
    assert not copy.in_test(caller, NOW)
    until = NOW + timedelta(minutes=30)
    copy.tests = {subject: [(NOW, until)]}
    assert copy.in_test(caller, NOW) is holds
    assert not copy.in_test(caller, NOW - timedelta(seconds=1))
    assert not copy.in_test(caller, until)


def test_only_so_many_callers_are_kept_worked_out(copy: Copy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resolving, "WORKED_OUT", 2)
    for number in (1, 2, 3):
        copy.put_device(number, "dc09", str(number), device(number))
    first, second, third = (copy.resolve(DC09, name, NOW) for name in "123")
    assert copy.resolve(DC09, "3", NOW) is third
    assert copy.resolve(DC09, "2", NOW) is second
    again = copy.resolve(DC09, "1", NOW)
    assert again == first
    assert again is not first


def test_a_device_under_a_new_name_is_not_known_by_the_old_one(copy: Copy):
    copy.put_device(7, "dc09", "A", device(7))
    copy.put_key(7, "dc09", "A", DeviceKey(b"k" * 16))
    copy.put_device(7, "dc09", "B", device(7))
    assert not copy.resolve(DC09, "A", NOW).known
    assert copy.device_id("dc09", "B") == 7
    assert copy.keys["dc09"] == {}


def test_devices_that_exchange_their_names_are_both_known(copy: Copy):
    copy.put_device(1, "dc09", "A", device(1))
    copy.put_device(2, "dc09", "B", device(2))
    copy.put_device(1, "dc09", "B", device(1))
    copy.put_device(2, "dc09", "A", device(2))
    assert (copy.device_id("dc09", "A"), copy.device_id("dc09", "B")) == (2, 1)


def test_a_device_that_is_gone_does_not_take_its_successor_with_it(copy: Copy):
    copy.put_device(1, "dc09", "A", device(1))
    copy.put_device(2, "dc09", "A", device(2))
    copy.drop_device(1)
    assert copy.device_id("dc09", "A") == 2


def test_a_source_and_its_device_are_no_other_pair_of_the_same_letters(copy: Copy):
    copy.put_device(1, "dc09", "A", device(1))
    assert copy.device_id("dc0", "9A") is None


def test_a_home_tells_which_homes_its_residents_have_left(copy: Copy):
    assert copy.put_home(1, b"[]", [11, 12]) == []
    assert copy.put_home(2, b"[]", [12]) == [1]
    assert copy.put_home(2, b"[]", [12]) == []
