"""Containers that do what dictionaries do."""

from __future__ import annotations

from hypothesis import given, strategies as st

from callcenter.devices.registry.holding import ById, ByName

ids = st.integers(min_value=0, max_value=5_000) | st.integers(min_value=0, max_value=2**62)
changes = st.lists(st.tuples(ids, st.none() | st.text(max_size=3)), max_size=50)


@given(changes)
def test_by_id_answers_as_a_dictionary_would(steps: list[tuple[int, str | None]]):
    held: ById[str] = ById()
    expected: dict[int, str] = {}
    for row_id, value in steps:
        if value is None:
            assert held.pop(row_id) == expected.pop(row_id, None)
        else:
            held.put(row_id, value)
            expected[row_id] = value
    assert all(held.get(row_id) == expected.get(row_id) for row_id, _ in steps)


@given(changes)
def test_by_name_answers_as_a_dictionary_would(steps: list[tuple[int, str | None]]):
    held: ByName[str] = ByName()
    expected: dict[str, str] = {}
    for number, value in steps:
        name = str(number)
        if value is None:
            assert held.pop(name) == expected.pop(name, None)
        else:
            held.put(name, value)
            expected[name] = value
    assert all(held.get(str(number)) == expected.get(str(number)) for number, _ in steps)
