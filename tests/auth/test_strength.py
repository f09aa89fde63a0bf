"""Passwords that a program tries first are refused; phrases are accepted, whatever their characters."""

import pytest

from callcenter.auth.strength import check_strength
from callcenter.core.errors import Invalid


def refusal(password):
    with pytest.raises(Invalid) as refused:
        check_strength(password, "LinLan")
    return refused.value.code


@pytest.mark.parametrize(
    "password", ["", "short", "password123", "1234567890", "x" * 201, "小桥边三只"]
)
def test_what_is_too_short_or_too_long(password):
    assert refusal(password) == "password_length"


@pytest.mark.parametrize(
    "password",
    [
        *(
            "aaaaaaaaaaaa",
            "abababababab",
            "abcabcabcabc",
            "123456789012",
            "098765432109",
            "passwordpassword",
        ),
        *(
            "for-linlan-only",
            "linlan202608",
            "password1234",
            "Password2026!",
            "P@ssw0rd1234",
            "Passw0rd!2345",
        ),
        *(
            "qwertyuiop12",
            "1qaz2wsx3edc",
            "asdfghjkl;123",
            "admin1234567",
            "administrator",
            "callcenter2026",
        ),
        *("woaini1314520", "woaini520520", "zhangwei1943", "yanglaoyuan1", "wangwei19430612"),
        *(
            "Welcome12345",
            "iloveyou12345",
            "ｐａｓｓｗｏｒｄ１２３４",
            "abc123abc123!",
            "letmein-2026",
        ),
    ],
)
def test_what_is_guessed_first(password):
    assert refusal(password) in ("password_weak", "password_length")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse battery staple",
            "mine from now on",
            "one more long phrase",
            "k7Fq-2xPz-9mLw",
            "yuyinli-demo-bridge",
        ),
        *("雨后小桥有鸭", "梧桐更兼细雨到黄昏点点滴滴", "three geese over the canal"),
    ],
)
def test_a_phrase_is_accepted(password):
    check_strength(password, "linlan")


def test_a_log_in_of_two_letters_stands_in_many_words():
    check_strength("three geese over the canal", "ee")
