"""Who is best, and what stands beside each name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from callcenter.dispatch.choosing import (
    Hindrance,
    Merit,
    Need,
    Person,
    Reason,
    Spot,
    hindered,
    hindrance,
    metres,
    ranked,
)
from callcenter.dispatch.task import TaskKind
from callcenter.records.staff_kinds import StaffKind

NOW = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)
HOME = Spot(40.0, 104.0)
NEED = Need(TaskKind.RESCUE, HOME, NOW, timedelta(minutes=30))
ZHANG = Person(1, "张志远", frozenset({StaffKind.SOCIAL_WORKER}), on_duty=True, reachable=True)


def north(metres_away: float) -> Spot:
    return Spot(HOME.lat + metres_away / 111_195, HOME.lng)


def names(need: Need, *people: Person) -> list[str]:
    return [each.person.name for each in ranked(need, people, NOW)]


BETTER = [
    replace(
        ZHANG, staff_id=9, name="key", holds_key=True, at=north(4_000), seen_at=NOW, jobs_today=9
    ),
    replace(ZHANG, staff_id=8, name="language", languages=frozenset({"粤语"}), jobs_today=9),
    replace(ZHANG, staff_id=7, name="free", jobs_today=9, at=north(900), seen_at=NOW),
    replace(ZHANG, staff_id=6, name="free and near", at=north(300), seen_at=NOW, jobs_today=9),
    replace(
        ZHANG, staff_id=5, name="busy", at=HOME, seen_at=NOW, busy_until=NOW + timedelta(hours=1)
    ),
]


def test_the_order_is_key_language_free_minutes_jobs():
    need = replace(NEED, languages=frozenset({"粤语"}))
    [key, language, far, near, busy] = BETTER
    for people in permutations(BETTER):
        assert names(need, *people) == ["key", "language", "free and near", "free", "busy"]
    fewer = replace(near, staff_id=99, name="fewer jobs", jobs_today=1)
    assert names(need, near, fewer) == ["fewer jobs", "free and near"]
    assert names(need, language, key) == ["key", "language"]
    assert names(need, busy, far) == ["free", "busy"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"on_duty": False}, Hindrance.OFF_DUTY),
        ({"absent": True}, Hindrance.ABSENT),
        ({"kinds": frozenset({StaffKind.DRIVER})}, Hindrance.WRONG_KIND),
        ({"lives_there": True}, Hindrance.LIVES_THERE),
        ({"reachable": False}, Hindrance.CANNOT_BE_TOLD),
        ({"answer": Hindrance.SAID_NO}, Hindrance.SAID_NO),
        ({"answer": Hindrance.DID_NOT_ANSWER}, Hindrance.DID_NOT_ANSWER),
        ({"on_duty": False, "answer": Hindrance.SAID_NO}, Hindrance.OFF_DUTY),
    ],
)
def test_what_stands_in_the_way(change: dict[str, object], expected: Hindrance | None):
    assert hindrance(NEED, replace(ZHANG, **change)) is expected  # type: ignore[arg-type]


def test_a_skill_that_is_asked_for_is_no_matter_of_degree():
    need = replace(NEED, skills=frozenset({"lifting"}))
    able = replace(ZHANG, staff_id=2, name="able", skills=frozenset({"lifting", "driving"}))
    assert names(need, ZHANG, able) == ["able"]
    assert hindered(need, [ZHANG, able]) == [(ZHANG, Hindrance.LACKS_SKILL)]


def test_a_certificate_that_has_ended_keeps_from_care_and_not_from_a_rescue():
    carer = replace(ZHANG, kinds=frozenset({StaffKind.CAREGIVER}), certificate_ended=True)
    assert hindrance(replace(NEED, kind=TaskKind.VISIT), carer) is Hindrance.CERTIFICATE_ENDED
    assert hindrance(NEED, carer) is None
    also_social = replace(carer, kinds=carer.kinds | {StaffKind.SOCIAL_WORKER})
    assert hindrance(replace(NEED, kind=TaskKind.VISIT), also_social) is None


def test_reasons_are_printed_with_their_figures():
    person = replace(
        ZHANG, holds_key=True, at=north(590), seen_at=NOW - timedelta(minutes=6), jobs_today=2
    )
    [found] = ranked(NEED, [person], NOW)
    assert found.minutes == 8
    assert found.reasons == (
        Reason(Merit.HOLDS_KEY),
        Reason(Merit.FREE),
        Reason(Merit.MINUTES, "8"),
        Reason(Merit.OLD_POSITION, "2026-03-14T00:54:00+00:00"),
        Reason(Merit.JOBS_TODAY, "2"),
    )


def test_who_is_nowhere_comes_after_who_is_far_and_says_so():
    far = replace(ZHANG, staff_id=2, name="far", at=north(90_000), seen_at=NOW)
    assert names(NEED, ZHANG, far) == ["far", "张志远"]
    assert Reason(Merit.NO_POSITION) in ranked(NEED, [ZHANG], NOW)[0].reasons


def test_a_home_without_a_place_is_gone_to_all_the_same():
    [found] = ranked(replace(NEED, at=None), [replace(ZHANG, at=HOME, seen_at=NOW)], NOW)
    assert found.minutes is None


def test_a_degree_of_latitude_is_111_kilometres():
    assert metres(Spot(40, 104), Spot(41, 104)) == pytest.approx(111_195, abs=10)
    assert metres(HOME, HOME) == 0
