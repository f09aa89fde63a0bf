"""What a neighbour's text means, and whom it is about."""

from __future__ import annotations

import pytest

from callcenter.rounds.pairs.said import (
    Looked,
    PairSaid,
    PairText,
    free_code,
    is_bare,
    meant,
    understood,
)

WELL, NOBODY = PairSaid.WELL, PairSaid.NOBODY
ONE, OTHER = Looked(7, 10), Looked(8, 37)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("1", PairText(WELL)),
        ("１。", PairText(WELL)),
        ("1平安", PairText(WELL)),
        ("1 平安", PairText(WELL)),
        ("平安！", PairText(WELL)),
        ("2", PairText(NOBODY)),
        ("2没人", PairText(NOBODY)),
        ("没人应", PairText(NOBODY)),
        ("1 37", PairText(WELL, 37)),
        ("137", PairText(WELL, 37)),
        ("2没人 37", PairText(NOBODY, 37)),
        ("没人，编号 37", PairText(NOBODY, 37)),
        ("1 #37", PairText(WELL, 37)),
        ("3", None),
        ("1 482", None),
        ("1482", None),
        ("平安吗？", None),
        ("1?", None),
        ("好像没人", None),
        ("", None),
        ("37", None),
    ],
)
def test_a_text_is_read_or_left_to_a_person(words: str, read: PairText | None):
    assert understood(words) == read


@pytest.mark.parametrize(
    ("text", "pairs", "about"),
    [
        (PairText(WELL), [ONE], ONE),
        (PairText(WELL), [ONE, OTHER], None),
        (PairText(WELL, 37), [ONE, OTHER], OTHER),
        (PairText(WELL, 99), [ONE], None),
        (PairText(WELL), [], None),
    ],
)
def test_whom_it_is_about(text: PairText, pairs: list[Looked], about: Looked | None):
    assert meant(text, pairs) is about


@pytest.mark.parametrize(
    ("words", "bare"),
    [("1", True), ("２。", True), ("1平安", False), ("1 37", False), ("3", False)],
)
def test_a_digit_alone_may_be_about_anything(words: str, bare: bool):
    assert is_bare(words) is bare


def test_every_pair_of_a_neighbour_has_a_number_of_its_own():
    assert free_code([]) == 10
    assert free_code([10, 11, 13]) == 12
    assert free_code(range(10, 100)) == 10
