"""Chinese numerals become digits; words stay words."""

import pytest

from callcenter.directory.numerals import in_digits


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("七", "7"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零三", "103"),
        ("三〇二", "302"),
        ("一二〇一", "1201"),
    ],
)
def test_numerals(written, digits):
    assert in_digits(written) == digits


@pytest.mark.parametrize("word", ["", "7", "甲", "东单元", "三多里"])
def test_words(word):
    assert in_digits(word) == word
