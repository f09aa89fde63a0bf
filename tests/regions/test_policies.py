"""When who is called: what a region inherits, and what is no policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.errors import Invalid
from callcenter.regions.policies import (
    STANDARD,
    EscalationPolicy,
    check_policy,
    policies_along,
    policies_of,
    policy_for,
    standard_for,
    stored_policies,
)

SLOW = EscalationPolicy(supervisors_s=60, duty_s=120)
QUICK = EscalationPolicy(supervisors_s=5, duty_s=10)


@pytest.mark.parametrize(
    ("path", "priority", "expected"),
    [
        ([], 1, STANDARD),
        ([{0: SLOW}], 1, SLOW),
        ([{0: SLOW, 1: QUICK}], 1, QUICK),
        ([{0: SLOW, 1: QUICK}], 2, SLOW),
        ([{0: SLOW}, {}], 1, SLOW),
        ([{1: QUICK}, {0: SLOW}], 1, SLOW),  # the nearest region speaks of all
        ([{0: SLOW}, {1: QUICK}], 1, QUICK),
        ([{0: SLOW}, {1: QUICK}], 2, SLOW),
        ([{1: QUICK}], 2, standard_for(2)),
        ([], 3, standard_for(3)),
    ],
)
def test_the_nearest_region_counts(
    path: list[dict[int, EscalationPolicy]], priority: int, expected: EscalationPolicy
):
    assert policy_for(policies_along(path), priority) == expected


def test_it_is_stored_and_read_again_whatever_a_newer_server_adds():
    stored = stored_policies({0: SLOW, 1: QUICK})
    assert stored is not None
    stored["0"]["from_a_newer_server"] = 7
    assert policies_of(stored) == {0: SLOW, 1: QUICK}
    assert policies_of(None) == {}
    assert stored_policies({}) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unproved_s": 2}, "unproved_s"),
        ({"supervisors_s": 601}, "supervisors_s"),
        ({"duty_s": 0}, "duty_s"),
        ({"again_s": 5}, "again_s"),
        ({"horizon_s": 60}, "horizon_s"),
        ({"supervisors_s": 40}, "duty_s"),  # supervisors after the duty list
        ({"unproved_s": 20}, "duty_s"),
        ({"warning_s": 4}, "warning_s"),
        ({"critical_s": 3_601}, "critical_s"),
        ({"warning_s": 30}, "critical_s"),  # late before it waits long
    ],
)
def test_a_policy_with_a_hole_is_refused_with_the_reason(changes: dict[str, int], field: str):
    with pytest.raises(Invalid) as refused:
        check_policy(replace(STANDARD, **changes))
    assert (refused.value.code, refused.value.params["field"]) == ("policy_hole", field)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"again_s": 5}, {"reason": "bounds", "least": 30, "most": 1_800}),
        ({"supervisors_s": 40}, {"reason": "order"}),
        ({"critical_s": 15}, {"reason": "ages"}),
    ],
)
def test_a_page_can_say_in_its_own_words_what_is_wrong(changes: dict[str, int], said: object):
    with pytest.raises(Invalid) as refused:
        check_policy(replace(STANDARD, **changes))
    assert {k: v for k, v in refused.value.params.items() if k != "field"} == said


def test_the_standard_has_none():
    check_policy(STANDARD)


def test_what_is_less_urgent_is_late_later():
    limits = [(standard_for(n).warning_s, standard_for(n).critical_s) for n in (1, 2, 3, 9)]
    assert limits == [(15, 30), (30, 60), (60, 180), (60, 180)]


def test_a_policy_of_an_older_server_ages_as_the_standard_of_its_priority():
    stored = policies_of({"2": {"duty_s": 90}, "0": {"duty_s": 90}})
    assert stored == {2: replace(standard_for(2), duty_s=90), 0: replace(STANDARD, duty_s=90)}
