"""Each console may say so much, and one that nears it is told of."""

from __future__ import annotations

from structlog.testing import capture_logs

from callcenter.seats.talk import Talk, TalkBounds


def test_each_console_has_allowances_of_its_own_and_the_log_hears_before_one_is_empty():
    talk = Talk(TalkBounds(frames_at_once=10, claims_at_once=5), lambda: 0.0)
    one, other, claims = talk.frames(), talk.frames(), talk.claims()
    with capture_logs() as told:
        assert one.takes(7, 0.0)
        assert told == []
        assert one.takes(1, 0.0)
        assert not one.takes(3, 0.0)
        assert other.takes(10, 0.0)
        assert claims.takes(5, 0.0)
    assert [(line["limit"], line["used"]) for line in told] == [
        ("seats.frames_at_once", 8),
        ("seats.claims_at_once", 5),
    ]
