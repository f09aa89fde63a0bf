"""What a chained table says is read the same however it is asked, and nothing in it ends the linking."""

from __future__ import annotations

import pytest

from callcenter.audit.chained import AUDIT


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ('{"b": 1, "a": [2.50]}', {"a": [2.5], "b": 1}),
        (f'{{"n": {"9" * 5_000}}}', f'{{"n": {"9" * 5_000}}}'),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_json_is_compared_by_what_it_says_and_as_it_stands_where_nobody_can_read_it(stored, said):
    row = dict.fromkeys(AUDIT.said, None) | {"detail": stored}
    assert AUDIT.said_by(row)[-1] == said


def test_a_key_names_the_row():
    assert AUDIT.key_of({"id": 12}) == (12,)
