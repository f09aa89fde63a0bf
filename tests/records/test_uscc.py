"""Social credit codes: the examples of the standard, slips of the pen, and what no slip may pass as."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.records.uscc import _ALPHABET, check_character, parse_uscc

EXAMPLE = "91350100M000100Y43"  # GB 32100-2015, appendix


@pytest.mark.parametrize(
    "written", [EXAMPLE, EXAMPLE.lower(), "91350100-M000100Y-43", " ９１350100M000100Y43 "]
)
def test_a_code_is_read_as_people_write_it(written):
    assert parse_uscc(written) == EXAMPLE


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("91350100M000100Y34", "uscc_check"),
        ("9135010OM000100Y43", "uscc_form"),
        ("91350100M000100Y4", "uscc_form"),
        ("", "uscc_form"),
    ],
)
def test_what_is_no_code_is_refused_by_name(written, code):
    with pytest.raises(Invalid) as refused:
        parse_uscc(written)
    assert refused.value.code == code


characters = st.text(alphabet=_ALPHABET, min_size=17, max_size=17)


@given(characters, st.integers(0, 16), st.sampled_from(_ALPHABET))
def test_one_wrong_character_is_always_found(first, place, other):
    code = first + check_character(first)
    assert parse_uscc(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Invalid):
            parse_uscc(wrong)
