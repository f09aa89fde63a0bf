"""What can be wrong with a value is said in both languages, with what to do."""

from __future__ import annotations

import pytest

from callcenter.residents.problems import MESSAGES, InvalidFields, problem


@pytest.mark.parametrize("code", MESSAGES)
def test_every_problem_is_worded_in_both_languages(code: str):
    made = problem("phone", code, "12", choices="a, b", row=7, offered="11")
    assert made.message.isascii()
    assert not made.message_zh.isascii()
    assert "{" not in made.message + made.message_zh


def test_the_value_is_shown_where_there_is_one():
    error = InvalidFields([problem("name", "missing"), problem("phone", "not_a_phone_number", 12)])
    assert error.code == "invalid_fields"
    assert error.message.startswith("name must not be empty; fill it in; phone: '12' is not a")
    assert [each["code"] for each in error.params["problems"]] == [  # type: ignore[attr-defined]
        "missing",
        "not_a_phone_number",
    ]
