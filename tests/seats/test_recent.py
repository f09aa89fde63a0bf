"""What went out to the seats is known by its newest version."""

from __future__ import annotations

from callcenter.seats.recent import Versions


def test_an_older_version_that_comes_late_changes_nothing():
    versions = Versions()
    versions.note("id", 3)
    versions.note("id", 2)
    assert versions.get("id", 0) == 3
