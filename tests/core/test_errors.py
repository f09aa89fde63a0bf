"""One tree of errors: a status for the API, a code for the console, an exit code for commands."""

from __future__ import annotations

import pytest

from callcenter.core.errors import (
    CallCenterError,
    Conflict,
    Invalid,
    Misconfigured,
    NotFound,
    TooManyAttempts,
    Unavailable,
    tell,
)


def test_the_place_of_an_error_says_its_status_and_code_unless_it_is_told():
    assert (NotFound("no").status_code, NotFound("no").code) == (404, "not_found")
    busy = Conflict("busy", code="busy", user_id=7)
    assert (busy.status_code, busy.code, busy.params) == (409, "busy", {"user_id": 7})
    assert Conflict("x").code == "conflict"  # what one is told changes no other


def test_who_tries_too_often_hears_when_to_come_again():
    error = TooManyAttempts("slow down", retry_after_s=2.5)
    assert (error.status_code, error.retry_after_s, error.params) == (
        429,
        2.5,
        {"retry_after_s": 2.5},
    )


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [(Invalid("a\nb"), 1), (Unavailable("a\nb"), 75), (Misconfigured("a\nb"), 78)],
)
def test_a_command_says_what_stopped_it_line_by_line(
    error: CallCenterError, exit_code: int, capsys: pytest.CaptureFixture[str]
):
    assert tell(error) == exit_code
    assert capsys.readouterr().err == "callcenter: a\ncallcenter: b\n"
