"""Codes that are read across a room."""

from __future__ import annotations

from callcenter.auth.walls.screens import code_hash, new_code


def test_a_code_is_found_however_it_was_typed():
    code = new_code()
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        assert code_hash(typed) == code_hash(code)


def test_no_two_codes_are_the_same_and_none_has_a_sign_that_is_taken_for_another():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert not set("01OI") & set("".join(codes))
