"""Whoever may need help the most is called first."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from callcenter.calls.item import ListKind
from callcenter.calls.risk import Person, rank_of, weight

PEOPLE = st.builds(
    Person,
    risk=st.sampled_from(["high", "medium", "low", "unheard of"]),
    living=st.sampled_from(
        ["alone", "alone_by_day", "couple", "with_children", "with_carer", None]
    ),
    ability=st.sampled_from(["total", "severe", "moderate", "mild", "intact", None]),
    age=st.one_of(st.none(), st.integers(0, 130)),
)


def test_risk_goes_before_living_before_ability_before_age():
    in_order = [
        Person("high", "alone", "total", 99),
        Person("high", "alone", "total", 70),
        Person("high", "alone", "intact", 99),
        Person("high", "with_children", "total", 99),
        Person("medium", "alone", "total", 99),
        Person("low", "alone", "total", 99),
        Person("low", None, None, None),
    ]
    assert all(weight(one) < weight(other) for one, other in pairwise(in_order))


@given(PEOPLE, PEOPLE)
def test_a_kind_goes_before_the_next_whoever_is_on_it(one: Person, other: Person):
    kinds = list(ListKind)
    assert all(rank_of(a, one) < rank_of(b, other) for a, b in pairwise(kinds))
    assert 0 <= weight(one) < 1_000


def test_a_roll_call_goes_before_everything():
    assert next(iter(ListKind)) is ListKind.ROLL_CALL
