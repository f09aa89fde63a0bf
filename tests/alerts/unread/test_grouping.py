"""Who talks and cannot be read, out of the rows that the listeners kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.alerts.unread.grouping import OF_ONE, Row, Unreadable, grouped, reason_of, sample_of

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def row(reason: str | None, minutes_ago: int = 0, raw: bytes = b"\nX") -> Row:
    return Row("dc09", None, reason, NOW - timedelta(minutes=minutes_ago), raw, len(raw))


def test_what_one_address_sends_for_one_reason_is_one_line_with_its_first_and_last() -> None:
    rows = [row("the CRC is wrong (from 10.0.0.9)", n) for n in range(5)]
    rows.insert(2, row("the CRC is wrong (from 10.0.0.8)", 2))
    first, second = grouped(rows)
    assert (first.peer, first.reason, first.count) == ("10.0.0.9", Unreadable.CRC, 5)
    assert (first.first_at, first.last_at) == (NOW - timedelta(minutes=4), NOW)
    assert len(first.samples) == OF_ONE
    assert (second.peer, second.count) == ("10.0.0.8", 1)


def test_who_talked_last_stands_first() -> None:
    rows = [row("the CRC is wrong (from b)"), row("it ended within a frame (from a)", 1)]
    assert [each.peer for each in grouped(rows)] == ["b", "a"]


@pytest.mark.parametrize("written", [None, "", "something new (from nowhere", "(from )"])
def test_a_reason_in_other_words_is_told_in_them(written: str | None) -> None:
    [found] = grouped([row(written)])
    assert found.reason is Unreadable.OTHER


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("no key is known for account 1234", Unreadable.NO_KEY),
        ("the key does not open a message of account 1234", Unreadable.WRONG_KEY),
        ("a poll in clear of account 1234, which has a key", Unreadable.CLEAR_POLL),
        ("no CRC and length after the line feed", Unreadable.NO_FRAME),
        ("a new frame began before the carriage return", Unreadable.TORN),
        ("no frame ends within 4096 bytes", Unreadable.TOO_LONG),
        ("The body is no JSON object.", Unreadable.NO_JSON),
        ("Neither device nor kind is there.", Unreadable.NOBODY),
    ],
)
def test_what_listeners_write_has_a_code(written: str, reason: Unreadable) -> None:
    assert reason_of(written) is reason


def test_bytes_are_shown_as_digits_and_as_text() -> None:
    sample = sample_of(row("x", raw=b'\n"A\x00\xe5'))
    assert (sample.hex, sample.text, sample.size) == ("0a 22 41 00 e5", '."A..', 5)
