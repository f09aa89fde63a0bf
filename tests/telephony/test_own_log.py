"""What an exchange wrote, put together from its portions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from callcenter.telephony.own_log import Logged, follow

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ANSWERED, ENDED = NOON + timedelta(seconds=4), NOON + timedelta(seconds=60)
WHOLE = Logged("a", "95009", "13912345678", NOON, ANSWERED, ENDED, 16)
PARTS = (
    Logged("a", "95009", "13912345678", NOON),
    Logged("a", "", "13912345678", ANSWERED, answered_at=ANSWERED),
    Logged("a", "", "13912345678", ENDED, ended_at=ENDED, cause=16),
)


def test_what_came_later_is_put_to_what_stood():
    assert follow({}, PARTS) == {"a": WHOLE}


@given(st.permutations(PARTS), st.integers(0, 3))
def test_in_whatever_order_and_portions_it_is_read(parts: list[Logged], cut: int):
    assert follow(follow({}, parts[:cut]), parts[cut:]) == {"a": WHOLE}


def test_what_is_told_twice_is_one_call_and_another_stays_another():
    other = Logged("b", "95001", "", NOON)
    assert follow({"a": WHOLE}, [*PARTS, other]) == {"a": WHOLE, "b": other}


def test_the_first_answer_is_the_answer():
    later = Logged("a", "", "", ENDED, answered_at=ENDED, cause=0)
    assert follow({"a": WHOLE}, [later])["a"].answered_at == ANSWERED


def test_the_cause_zero_is_a_cause():
    zero = Logged("a", "95009", "", NOON, cause=0)
    assert follow({"a": zero}, [WHOLE])["a"].cause == 0
