"""When somebody is rung once more, and how many lines may be rung at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.hotline.announcement import Outcome
from callcenter.hotline.ringing_again import ALARMS, OVER, Channels, Pauses, Quiet, again_at
from callcenter.hotline.spoken import VoiceKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(time(20, 30), time(8, 30))
PAUSES = Pauses((timedelta(seconds=30), timedelta(seconds=60)), (timedelta(minutes=20),), NIGHT)
NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
TEN_AT_NIGHT = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
TRIED_AGAIN = sorted(set(Outcome) - OVER)


@pytest.mark.parametrize("outcome", TRIED_AGAIN)
def test_whatever_is_no_answer_is_tried_again_until_there_is_no_pause_left(outcome: Outcome):
    kind = VoiceKind.CONTACT_ALARM
    due = [again_at(PAUSES, kind, n, outcome, NOON, SHANGHAI) for n in (1, 2, 3)]
    assert due == [NOON + timedelta(seconds=30), NOON + timedelta(seconds=60), None]


@pytest.mark.parametrize("outcome", sorted(OVER))
def test_an_answer_and_what_is_not_needed_are_the_end(outcome: Outcome):
    assert again_at(PAUSES, VoiceKind.CONTACT_ALARM, 1, outcome, NOON, SHANGHAI) is None


def test_at_night_a_list_waits_for_the_morning_and_an_alarm_does_not():
    at = (1, Outcome.BUSY, TEN_AT_NIGHT, SHANGHAI)
    morning = datetime(2026, 11, 13, 0, 30, tzinfo=UTC)
    assert again_at(PAUSES, VoiceKind.NOTICE, *at) == morning
    assert again_at(PAUSES, VoiceKind.CONTACT_ALARM, *at) == TEN_AT_NIGHT + timedelta(seconds=30)


@given(
    st.integers(0, 366 * 1440).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.times(),
    st.times(),
)
def test_whoever_is_rung_is_rung_outside_of_the_quiet_and_no_later_than_its_end(
    at: datetime, from_: time, until: time
):
    quiet = Quiet(from_.replace(microsecond=0), until.replace(microsecond=0))
    ends = quiet.ends_after(at, SHANGHAI)
    assert at <= ends <= at + timedelta(days=1)
    assert quiet.ends_after(ends, SHANGHAI) == ends
    assert ends == at or ends.astimezone(SHANGHAI).time() == quiet.until


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_no_more_lines_are_rung_than_may_be(all_: int, for_lists: int, alarms: int, lists: int):
    free, free_for_lists = Channels(all_, for_lists).free(alarms, lists)
    assert 0 <= free_for_lists <= free
    assert free == 0 or alarms + lists + free <= all_
    assert free_for_lists == 0 or lists + free_for_lists <= for_lists


def test_only_alarms_are_alarms():
    assert {VoiceKind.CONTACT_ALARM} == ALARMS
