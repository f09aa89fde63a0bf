"""Ids are made by the receiving process, in the order of time."""

from __future__ import annotations

from uuid import UUID

from callcenter.core.ids import new_id


def test_ids_are_of_version_7_unique_and_ordered():
    made = [new_id() for _ in range(1_000)]
    assert {one.version for one in made} == {7}
    assert all(type(one) is UUID for one in made)
    assert len(set(made)) == 1_000
    assert made == sorted(made)
