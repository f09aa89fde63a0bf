"""An older server leaves the work to a newer one that lives, and to nobody else."""

from __future__ import annotations

from callcenter.several.standing_back import Sibling, is_newer, newer_ones

KNOWN = ("0001", "0002")
OLD, NEW = Sibling("a", "0002"), Sibling("b", "0003")


def test_a_schema_is_newer_when_this_release_does_not_know_it():
    assert [is_newer(found, KNOWN) for found in ("0001", "0002", "0003", None)] == [
        False,
        False,
        True,
        False,
    ]


def test_the_work_goes_on_while_no_newer_server_lives():
    assert newer_ones("0003", KNOWN, [OLD]) == []
    assert newer_ones("0003", KNOWN, []) == []


def test_it_is_left_to_a_newer_one_but_not_to_one_that_is_leaving():
    assert newer_ones("0003", KNOWN, [OLD, NEW]) == [NEW]
    assert newer_ones("0003", KNOWN, [Sibling("b", "0003", leaving=True)]) == []


def test_a_newer_server_on_a_schema_of_today_changes_nothing():
    """It is about to migrate, or its release changes no table."""
    assert newer_ones("0002", KNOWN, [NEW]) == []
