"""When a storm begins, what belongs to it, when it is over: every pair as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from callcenter.alerts.storm import (
    Look,
    Rule,
    Seen,
    Storm,
    StormTimes,
    look,
    rules_along,
    storm_of,
)
from callcenter.core.ids import new_id
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.regions.tree import RegionRow
from tests.support.incidents import incident

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
TIMES = StormTimes()
# district 1, street 2, communities 3 and 4; grids 31 and 32 of 3, 41 of 4
GRID_A, GRID_B, GRID_C = (1, 2, 3, 31), (1, 2, 3, 32), (1, 2, 4, 41)
COMMUNITY = (1, 2, 3)
LEVELS = ("district", "street", "community", "grid")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def seen(
    count: int, path: Sequence[int] = GRID_A, kind: str = "power_fail", **more: object
) -> Seen:
    values = {"mode": "real", "first_at": ago(40), "last_at": ago(5)} | more
    return Seen(path, kind, count=count, **values)  # type: ignore[arg-type]


def storm(path: Sequence[int] = GRID_A, kind: str = "power_fail", **more: object) -> Storm:
    values = {
        "id": new_id(), "kind": kind, "mode": "real", "region_id": path[-1], "region_path": path,
        "below": True, "reaches": tuple(sorted(path)), "since": ago(90), "last_at": ago(10),
    } | more  # fmt: skip
    return Storm(**values)  # type: ignore[arg-type]


def rules(path: Sequence[int]) -> Sequence[Rule]:
    """Ten in every community."""
    return rules_along([region(path[: n + 1]) for n in range(len(path))])


def region(path: Sequence[int], storm_alarms: int | None = None) -> RegionRow:
    level = LEVELS[len(path) - 1]
    return RegionRow(path[-1], None, tuple(path), level, level, level, storm_alarms=storm_alarms)


def looked(*counted: Seen, running: Sequence[Storm] = (), now: datetime = NOW) -> Look:
    return look(running, counted, rules, now, TIMES, new_id)


def places(found: Look) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.kind, tuple(one.region_path)) for one in found.begun]


# ---- it begins


@pytest.mark.parametrize(
    ("counted", "begun"),
    [
        ([], []),
        ([seen(10)], []),
        ([seen(11)], [("power_fail", COMMUNITY)]),
        ([seen(6), seen(5, GRID_B)], [("power_fail", (1, 2, 3))]),
        ([seen(6), seen(5, GRID_C)], []),  # two communities: no neighbours
        ([seen(6), seen(6, kind="low_battery")], []),
        ([seen(6), seen(6, mode="test")], []),
        ([seen(11, mode="drill")], [("power_fail", COMMUNITY)]),
        ([seen(11), seen(11, GRID_B)], [("power_fail", COMMUNITY)]),
        ([seen(30), seen(10, GRID_B)], [("power_fail", COMMUNITY)]),
        ([seen(11), seen(11, kind="tamper")], [("power_fail", COMMUNITY), ("tamper", COMMUNITY)]),
    ],
)
def test_more_than_ten_of_a_kind_in_a_region_within_the_time_are_a_storm(
    counted: list[Seen], begun: list[tuple[str, tuple[int, ...]]]
):
    assert places(looked(*counted)) == begun


def test_it_began_with_the_first_of_them_and_reaches_all_who_see_one():
    [begun] = looked(seen(6, first_at=ago(50)), seen(5, GRID_B, last_at=ago(1))).begun
    assert (begun.since, begun.last_at, begun.over_at) == (ago(50), ago(1), None)
    assert begun.reaches == (1, 2, 3, 31, 32)


@pytest.mark.parametrize(
    ("own", "chain"),
    [
        ((None, None, None, None), [(3, 10)]),
        ((None, None, 30, None), [(3, 30)]),
        ((None, None, None, 0), [(31, 0), (3, 10)]),
        ((None, 50, 10, None), [(3, 10), (2, 50)]),
        ((200, None, None, 5), [(31, 5), (3, 200), (1, 200)]),
    ],
)
def test_where_is_counted_follows_from_the_tree(
    own: Sequence[int | None], chain: list[tuple[int, int]]
):
    path = [region(GRID_A[: n + 1], said) for n, said in enumerate(own)]
    assert [(rule.region_id, rule.most) for rule in rules_along(path)] == chain


def test_in_a_region_without_grids_it_is_counted_where_the_homes_are_and_without_those_below():
    assert rules_along([region((1,)), region((1, 2))]) == [Rule(2, 10, below=False)]
    found = looked(seen(11, (1, 2)), seen(5, GRID_A))
    assert [(one.region_id, one.below) for one in found.begun] == [(2, False)]
    elsewhere = incident(*GRID_A, kind="power_fail", signal_class="technical", opened_at=ago(20))
    assert storm_of(elsewhere, found.begun) is None
    assert storm_of(replace(elsewhere, region_path=(1, 2), region_id=2), found.begun) is not None
    assert looked(seen(11), running=found.begun).begun != []


def test_what_the_storm_of_one_grid_holds_does_not_count_a_second_time_in_its_community():
    def both(path: Sequence[int]) -> Sequence[Rule]:
        return [Rule(path[-1], 10), Rule(3, 10)]

    found = look([], [seen(30), seen(10, GRID_B)], both, NOW, TIMES, new_id)
    assert places(found) == [("power_fail", GRID_A)]


def test_a_region_that_says_never_has_none_and_counts_for_the_one_above():
    def never_here(path: Sequence[int]) -> Sequence[Rule]:
        return [Rule(31, 0), Rule(3, 10)]

    found = look([], [seen(11)], never_here, NOW, TIMES, new_id)
    assert places(found) == [("power_fail", (1, 2, 3))]


# ---- it grows, and is over


@pytest.mark.parametrize(
    ("running", "counted", "begun"),
    [
        ([storm()], [seen(30)], []),
        ([storm((1, 2, 3))], [seen(30)], []),  # that of the community has them all
        ([storm()], [seen(30, GRID_B)], [("power_fail", COMMUNITY)]),
        ([storm()], [seen(30, kind="tamper")], [("tamper", COMMUNITY)]),
        ([storm(mode="test")], [seen(30)], [("power_fail", COMMUNITY)]),
        ([storm(since=ago(1))], [seen(30, last_at=ago(2))], [("power_fail", COMMUNITY)]),
    ],
)
def test_what_a_running_storm_takes_in_begins_no_other(
    running: list[Storm], counted: list[Seen], begun: list[tuple[str, tuple[int, ...]]]
):
    assert places(looked(*counted, running=running)) == begun


def test_it_grows_with_its_alarms():
    [grown] = looked(seen(1, GRID_B, last_at=NOW), running=[storm((1, 2, 3))]).changed
    assert (grown.last_at, grown.reaches, grown.over_at) == (NOW, (1, 2, 3, 32), None)


@pytest.mark.parametrize(
    ("quiet_s", "is_over"), [(0, False), (599, False), (600, True), (86_400, True)]
)
def test_it_is_over_when_nothing_has_come_for_ten_minutes(quiet_s: float, is_over: bool):
    found = looked(running=[storm(since=ago(90_000), last_at=ago(quiet_s))])
    assert [one.over_at for one in found.changed] == ([NOW] if is_over else [])


def test_a_look_at_a_storm_in_which_nothing_has_happened_changes_nothing():
    assert looked(seen(3, last_at=ago(10)), running=[storm()]) == Look([], [])


# ---- what belongs to it


@pytest.mark.parametrize("kind", Kind)
def test_only_technical_alarms_ever_belong_to_one(kind: Kind):
    signal_class = CLASS_OF[kind]
    one = incident(*GRID_A, kind=kind.value, signal_class=signal_class.value, opened_at=ago(20))
    found = storm_of(one, [storm(kind=kind.value)])
    assert (found is not None) is (signal_class is SignalClass.TECHNICAL)


KINDS, MODES = ("power_fail", "low_battery"), ("real", "test", "drill")


@pytest.mark.parametrize(("kind", "mode"), list(product(KINDS, MODES)))
def test_kind_and_mode_are_those_of_the_storm(kind: str, mode: str):
    one = incident(*GRID_A, kind=kind, mode=mode, signal_class="technical", opened_at=ago(20))
    found = storm_of(one, [storm()])
    assert (found is not None) is ((kind, mode) == ("power_fail", "real"))


@pytest.mark.parametrize(
    ("opened_s", "over_at", "belongs"),
    [
        (91, None, False),
        (90, None, True),
        (10, None, True),
        (0, None, True),  # it goes on
        (91, NOW, False),
        (90, NOW, True),
        (10, NOW, True),
        (9, NOW, False),
    ],
)
def test_it_has_a_beginning_and_once_it_is_over_an_end(
    opened_s: float, over_at: datetime | None, belongs: bool
):
    one = incident(*GRID_A, kind="power_fail", signal_class="technical", opened_at=ago(opened_s))
    assert (storm_of(one, [storm(over_at=over_at)]) is not None) is belongs


def test_of_several_storms_the_nearest_region_counts_and_then_the_first():
    first, second = UUID(int=1), UUID(int=2)
    community, grid = storm((1, 2, 3)), storm(id=second)
    older = replace(grid, id=first, since=ago(95), over_at=NOW, last_at=ago(15))
    one = incident(*GRID_A, kind="power_fail", signal_class="technical", opened_at=ago(20))
    assert storm_of(one, [community, grid]) == grid
    assert storm_of(one, [grid, community, older]) == older
    assert storm_of(replace(one, region_path=GRID_B, region_id=32), [grid, community]) == community
    assert storm_of(replace(one, region_path=GRID_C, region_id=41), [grid, community]) is None
