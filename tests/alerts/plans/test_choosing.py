"""Whose plan holds: the resident's own first, then the nearest region upwards, else the built-in one."""

from __future__ import annotations

import pytest

from callcenter.alerts.plans.choosing import Candidate, Choice, choose

ROOT, STREET, COMMUNITY, ELSEWHERE = 1, 2, 3, 9
PATH = (ROOT, STREET, COMMUNITY)
SHE, HE = 41, 42

OF_ROOT = Candidate(1, 1, ("sos", "fall"), region_id=ROOT)
OF_COMMUNITY = Candidate(2, 4, ("sos",), region_id=COMMUNITY)
HERS = Candidate(3, 2, ("fall",), resident_id=SHE)
HIS = Candidate(4, 1, ("sos", "fall"), resident_id=HE)
FOREIGN = Candidate(5, 1, ("sos", "fall", "smoke"), region_id=ELSEWHERE)
ALL = (FOREIGN, OF_ROOT, HIS, OF_COMMUNITY, HERS)

# kind, whose it may be -> the plan
CHOSEN: dict[tuple[str, tuple[int, ...]], Candidate | None] = {
    ("sos", ()): OF_COMMUNITY,
    ("fall", ()): OF_ROOT,
    ("smoke", ()): None,
    ("sos", (SHE,)): OF_COMMUNITY,
    ("fall", (SHE,)): HERS,
    ("sos", (HE,)): HIS,
    ("fall", (SHE, HE)): HERS,
    ("fall", (HE, SHE)): HIS,
    ("sos", (SHE, HE)): HIS,
}


@pytest.mark.parametrize(("kind", "residents"), CHOSEN)
def test_which_plan_holds(kind: str, residents: tuple[int, ...]):
    found = CHOSEN[kind, residents]
    expected = Choice(kind, found.plan_id, found.version) if found else Choice(kind)
    assert choose(ALL, kind, residents, PATH) == expected
    assert choose(reversed(ALL), kind, residents, PATH) == expected


def test_a_region_and_a_resident_of_one_number_are_two():
    assert choose((Candidate(7, 1, ("sos",), region_id=SHE),), "sos", (SHE,), PATH) == Choice("sos")
