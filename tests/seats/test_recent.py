"""A memory that forgets the oldest, and never the newest."""

from __future__ import annotations

from callcenter.seats.recent import Recent, Versions


def test_what_was_put_lately_is_known_and_the_oldest_are_forgotten():
    recent: Recent[int, str] = Recent(generation=3)
    for n in range(10):
        recent.put(n, f"value {n}")
        assert recent.get(n, "") == f"value {n}"
        assert len(recent) <= 6
    assert [n for n in range(10) if n in recent] == [6, 7, 8, 9]
    assert recent.get(0, "forgotten") == "forgotten"


def test_a_key_that_is_put_again_counts_as_new():
    recent: Recent[str, int] = Recent(generation=2)
    for n in range(20):
        recent.put("often", n)
        recent.put(f"once {n}", n)
    assert recent.get("often", -1) == 19


def test_an_older_version_that_comes_late_changes_nothing():
    versions = Versions()
    versions.note("id", 3)
    versions.note("id", 2)
    assert versions.get("id", 0) == 3
