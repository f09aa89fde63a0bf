"""Codes that are read aloud, printed and typed."""

from __future__ import annotations

from callcenter.auth.codes import code_hash, new_code


def test_a_code_is_found_however_it_was_typed():
    code = new_code(8)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} ", wide):
        assert code_hash(typed) == code_hash(code)


def test_no_two_codes_are_the_same_and_none_has_a_sign_that_is_taken_for_another():
    codes = {new_code(16) for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {19}
    assert not set("01OI") & set("".join(codes))
