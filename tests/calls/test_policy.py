"""Which policies of call lists have holes, and what holds where."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from callcenter.calls.item import ListKind
from callcenter.calls.policy import (
    STANDARD,
    CallPolicy,
    Policies,
    check_policy,
    policies_of,
    stored_policies,
)
from callcenter.core.errors import Invalid

DAILY, SILENT, ROLL = ListKind.WELL_BEING, ListKind.SILENT_DEVICE, ListKind.ROLL_CALL
OFTEN = CallPolicy((5, 10, 20), 60)


@pytest.mark.parametrize("kind", ListKind)
def test_the_standard_has_no_hole_and_comes_back_from_its_column(kind: ListKind):
    check_policy(kind, STANDARD[kind])
    stored = stored_policies({kind: STANDARD[kind]})
    assert policies_of(stored) == {kind: STANDARD[kind]}


@pytest.mark.parametrize(
    ("kind", "changes", "field", "reason"),
    [
        (DAILY, {"pauses_min": ()}, "pauses_min", "pauses"),
        (DAILY, {"pauses_min": (15,) * 6}, "pauses_min", "pauses"),
        (DAILY, {"pauses_min": (15, 4)}, "pauses_min", "bounds"),
        (DAILY, {"pauses_min": (241,)}, "pauses_min", "bounds"),
        (DAILY, {"horizon_min": None}, "horizon_min", "bounds"),
        (DAILY, {"horizon_min": 29}, "horizon_min", "bounds"),
        (DAILY, {"after": 3}, "after", "not_of_this_kind"),
        (ROLL, {"horizon_min": 60}, "horizon_min", "not_of_this_kind"),
        (SILENT, {"pauses_min": (59,)}, "pauses_min", "bounds"),
        (SILENT, {"horizon_min": 28 * 1_440 + 1}, "horizon_min", "bounds"),
        (SILENT, {"after": 1}, "after", "bounds"),
        (SILENT, {"after": None}, "after", "bounds"),
        (ListKind.IDLE_DEVICE, {"after": 6}, "after", "bounds"),
        (ListKind.IDLE_DEVICE, {"after": 1_001}, "after", "bounds"),
        (ListKind.LOW_BATTERY, {"after": 3}, "after", "not_of_this_kind"),
    ],
)
def test_a_hole_is_named(kind: ListKind, changes: dict[str, object], field: str, reason: str):
    with pytest.raises(Invalid) as refused:
        check_policy(kind, replace(STANDARD[kind], **changes))  # type: ignore[arg-type]
    said = refused.value.params
    assert refused.value.code == "policy_hole"
    assert (said["kind"], said["field"], said["reason"]) == (kind, field, reason)


def test_the_nearest_region_that_speaks_of_this_kind_decides():
    policies = Policies({1: {DAILY: OFTEN}, 3: {SILENT: replace(STANDARD[SILENT], after=9)}})
    assert policies.of(DAILY, (1, 2, 3)) == OFTEN
    assert policies.of(SILENT, (1, 2, 3)).after == 9
    assert policies.of(SILENT, (1, 2)) == STANDARD[SILENT]
    assert policies.thresholds(SILENT) == ([3], [9])
    assert policies.thresholds(DAILY) == ([], [])


@pytest.mark.parametrize("stored", [None, [], "x", 3])
def test_what_is_no_policy_is_none(stored: object):
    assert policies_of(stored) == {}


def test_what_a_newer_server_has_written_is_left_out():
    said = {"well_being": {**asdict(OFTEN), "sings": True}, "serenade": {"pauses_min": [5]}}
    assert policies_of(said) == {DAILY: OFTEN}


def test_nothing_said_is_no_column():
    assert stored_policies({}) is None
