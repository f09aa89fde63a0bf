"""Every class of people is counted and narrowed by the same condition."""

from __future__ import annotations

from callcenter.communities.classes import CONDITIONS, FAMILIES, PersonClass


def test_every_class_has_its_condition_in_the_order_in_which_it_is_told():
    assert list(CONDITIONS) == list(PersonClass)


def test_families_with_a_sign_are_those_of_welfare_and_of_a_disability():
    assert tuple(PersonClass)[: len(FAMILIES)] == FAMILIES
    assert FAMILIES[-1] is PersonClass.DISABLED
