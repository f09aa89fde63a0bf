"""What came lately is remembered, within a bound, and forgotten without being walked."""

from __future__ import annotations

from hypothesis import given, strategies as st

from callcenter.core.recent import Recent


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 12), st.integers()), max_size=60))
def test_the_newest_value_of_the_latest_keys_is_known_and_never_more_than_two_generations(
    generation: int, puts: list[tuple[int, int]]
):
    recent: Recent[int, int] = Recent(generation)
    for key, value in puts:
        recent.put(key, value)
        assert recent.find(key) == value
    newest = dict(puts)
    assert len(recent) <= 2 * generation
    latest = list(dict.fromkeys(key for key, _ in reversed(puts)))[:generation]
    assert all(recent.find(key) == newest[key] for key in latest)
    known = [key for key in newest if key in recent]
    assert all(recent.get(key, -1) == newest[key] for key in known)


def test_who_never_came_is_not_known():
    recent: Recent[str, int] = Recent()
    assert ("a" in recent, recent.find("a"), recent.get("a", 7)) == (False, None, 7)


def test_a_key_that_is_put_again_counts_as_new():
    recent: Recent[str, int] = Recent(generation=2)
    for n in range(20):
        recent.put("often", n)
        recent.put(f"once {n}", n)
    assert recent.get("often", -1) == 19
