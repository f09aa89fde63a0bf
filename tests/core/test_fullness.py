"""A limit is told before it is reached, and not over and over."""

from __future__ import annotations

from structlog.testing import capture_logs

from callcenter.core.fullness import TELL_EVERY_S, Fullness


def test_four_fifths_are_told_once_a_minute():
    now = 0.0
    full = Fullness("limits.pages_waiting", 10, lambda: now)
    with capture_logs() as told:
        for used in (1, 7, 8, 9, 10):
            full.note(used)
        now = TELL_EVERY_S
        full.note(7)
        full.note(10)
    said = [(entry["event"], entry["limit"], entry["used"], entry["most"]) for entry in told]
    assert said == [
        ("limit_near", "limits.pages_waiting", 8, 10),
        ("limit_near", "limits.pages_waiting", 10, 10),
    ]
