"""When a recording is taken in: closed, or still for long enough, or of no known call for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.hotline.recordings.ripeness import (
    Lying,
    Verdict,
    grouped,
    is_of_a_trunk,
    stem_of,
    verdict,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("closed", "still_s", "has_call", "ended", "said"),
    [
        (True, 0, True, True, Verdict.TAKE),
        (True, 0, True, False, Verdict.TAKE),
        (False, 3599, True, False, Verdict.WAIT),
        (False, 3600, True, False, Verdict.TAKE),
        (False, 9, True, True, Verdict.WAIT),
        (False, 10, True, True, Verdict.TAKE),
        (True, 86_399, False, False, Verdict.WAIT),
        (True, 86_400, False, False, Verdict.TAKE_UNKNOWN),
        (False, 86_400, False, False, Verdict.TAKE_UNKNOWN),
        (False, -60, True, True, Verdict.WAIT),
    ],
)
def test_when_it_is_taken_in(closed, still_s, has_call, ended, said):
    lying = Lying(closed, NOW - timedelta(seconds=still_s))
    assert verdict(lying, has_call=has_call, call_ended=ended, now=NOW) is said


def test_the_files_of_a_call_belong_together():
    names = [
        "a-1.2.wav",
        "a-1.2-rx.wav",
        "a-1.2-tx.wav",
        "out-7.wav",
        ".x.wav",
        "notes.txt",
        "-rx.wav",
    ]
    assert grouped(names) == {"a-1.2": {"", "-rx", "-tx"}, "out-7": {""}}
    assert stem_of("notes.txt") is None


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("pbx-1795882628.2", True),
        ("1795882628.2", True),
        ("other-0196b1f0", False),
        ("out-1", False),
    ],
)
def test_whose_side_is_which_is_told_by_the_name(name, is_so):
    assert is_of_a_trunk(name) is is_so
