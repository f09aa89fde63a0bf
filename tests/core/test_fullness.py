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


def test_what_else_is_to_be_told_is_asked_for_only_then():
    asked = []

    def whose() -> dict[str, object]:
        asked.append(1)
        return {"fullest_address": "10.0.0.7"}

    full = Fullness("limits.device_connections", 10, lambda: 0.0)
    with capture_logs() as told:
        for used in (7, 8, 9):
            full.note(used, whose)
    assert [entry["fullest_address"] for entry in told] == ["10.0.0.7"]
    assert asked == [1]
