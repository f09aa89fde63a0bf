"""The exchange's own log is read back: each call once, however it is cut into portions."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, strategies as st

from callcenter.telephony.own_log import Logged, follow
from callcenter.telephony.pbxs.asterisk.calls_log import read

LOG = """"CHAN_START","1795870720.25","pbx-1.0","pbx-1.0","13912345678","95009","from-outside",""
"CHAN_START","1795870720.35","pbx-1.1","pbx-1.0","","95009","to-server",""
"ANSWER","1795870721.5","pbx-1.1","pbx-1.0","95009","95009","to-server",""
"CHAN_START","1795870722","pbx-1.3","pbx-1.3","<b>王"",x","95001","from-outside",""
"ANSWER","1795870721.5","pbx-1.0","pbx-1.0","13912345678","95009","from-outside",""
"HANGUP","1795870726.25","pbx-1.0","pbx-1.0","13912345678","95009","from-outside","{""hangupcause"":16,""dialstatus"":""ANSWER""}"
"CHAN_END","1795870726.25","pbx-1.0","pbx-1.0","13912345678","95009","from-outside",""
nonsense
"CHAN_START","never","pbx-9.0","pbx-9.0","1","2","from-outside",""
"""
FIRST = Logged(
    "pbx-1.0",
    "95009",
    "13912345678",
    datetime(2026, 11, 28, 12, 58, 40, 250_000, tzinfo=UTC),
    datetime(2026, 11, 28, 12, 58, 41, 500_000, tzinfo=UTC),
    datetime(2026, 11, 28, 12, 58, 46, 250_000, tzinfo=UTC),
    16,
)
SECOND = Logged("pbx-1.3", "95001", '<b>王",x', datetime(2026, 11, 28, 12, 58, 42, tzinfo=UTC))


def test_each_call_from_outside_is_told_once():
    calls, whole = read(LOG)
    assert list(calls) == [FIRST, SECOND]
    assert whole == len(LOG)


@given(st.integers(0, len(LOG)))
def test_where_the_file_is_cut_changes_nothing(at: int):
    first, whole = read(LOG[:at])
    later, _ = read(LOG[whole:])
    found = follow(follow({}, first), later)
    assert found == {each.call: each for each in (FIRST, SECOND)}


ALONE = """"CHAN_START","1795883350.5","pbx-2.0","pbx-2.0","13912345678","95001","from-outside",""
"ANSWER","1795883351","pbx-2.0","pbx-2.0","13912345678","s","alone",""
"CHAN_START","1795883352","pbx-2.5","pbx-2.0","","s","from-outside",""
"HANGUP","1795883390","pbx-2.0","pbx-2.0","13912345678","s","alone","{""hangupcause"":16}"
"""


@given(st.integers(0, len(ALONE)))
def test_what_went_on_without_a_server_is_still_the_call_that_came(at: int):
    """A duty phone that is rung for them is none."""
    first, whole = read(ALONE[:at])
    later, _ = read(ALONE[whole:])
    [found] = follow(follow({}, first), later).values()
    assert (found.line, found.caller, found.cause) == ("95001", "13912345678", 16)
    assert found.answered_at is not None
    assert found.ended_at is not None
