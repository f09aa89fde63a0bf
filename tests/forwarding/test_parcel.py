"""What of an alarm goes along, by what a centre is to know."""

from __future__ import annotations

import pytest

from callcenter.forwarding.parcel import Detail, account_of, words_of

CONTENT = {
    "number": 4711,
    "address": "学院路1号",
    "names": ["王秀英", "赵强"],
    "text": None,
    "home_id": 12345,
}


def test_without_the_card_only_our_number_goes():
    assert words_of(CONTENT, Detail.CODE) == "#4711"
    assert words_of(CONTENT, Detail.CARD) == "#4711 学院路1号 王秀英 赵强"


@pytest.mark.parametrize(
    ("digits", "content", "account"),
    [(0, CONTENT, "43"), (3, CONTENT, "43345"), (8, CONTENT, "4300012345"), (3, {}, "43000")],
)
def test_a_home_has_its_own_account_where_digits_are_given(digits, content, account):
    assert account_of("43", digits, content) == account
