"""Time to write down what there was: it ends by itself, by hand, or with the next call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from callcenter.hotline.wrap_up import WrapUps
from tests.hotline.test_call import CALL, NOW

LI, ZHANG = 1, 2
LASTS = timedelta(seconds=10)
OTHER = replace(CALL, id=UUID(int=2))


def test_it_ends_by_itself_once():
    ups = WrapUps(LASTS)
    ups.begin(LI, CALL, NOW)
    assert (LI in ups, ZHANG in ups) == (True, False)
    assert ups.over(NOW + timedelta(seconds=9.9)) == []
    [over] = ups.over(NOW + LASTS)
    assert (over.id, over.wrapped_up_at, over.version) == (CALL.id, NOW + LASTS, CALL.version + 1)
    assert LI not in ups
    assert ups.over(NOW + LASTS) == []


def test_a_clock_that_was_put_back_keeps_nobody_for_hours():
    ups = WrapUps(LASTS)
    ups.begin(LI, CALL, NOW)
    assert [each.id for each in ups.over(NOW - timedelta(hours=1))] == [CALL.id]


def test_whoever_says_so_is_ready_but_for_that_call_alone():
    ups = WrapUps(LASTS)
    ups.begin(LI, CALL, NOW)
    assert ups.end(LI, OTHER.id, NOW) is None
    assert ups.end(ZHANG, CALL.id, NOW) is None
    assert LI in ups
    ended = ups.end(LI, CALL.id, NOW)
    assert ended is not None
    assert ended.wrapped_up_at == NOW
    assert ups.end(LI, CALL.id, NOW) is None


def test_the_next_call_is_what_is_written_down_then():
    ups = WrapUps(LASTS)
    ups.begin(LI, CALL, NOW)
    left = ups.leave(LI, NOW)
    assert left is not None
    assert left.id == CALL.id
    assert ups.leave(LI, NOW) is None
    ups.begin(LI, OTHER, NOW)
    assert [each.id for each in ups.over(NOW + LASTS)] == [OTHER.id]
