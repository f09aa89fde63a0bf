"""Each check over facts: what holds, what is found, and what explains it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from callcenter.audit.chain import Broken, Fault
from callcenter.calls.outage import Window
from callcenter.proving.checks import CHECKS, prove
from callcenter.proving.facts import (
    About,
    Alarm,
    ChainFacts,
    Commands,
    Facts,
    Forwards,
    Gap,
    Numbers,
    Open,
    Overdue,
    Received,
    Span,
    Texts,
    WaitingForward,
    WaitingText,
)
from callcenter.proving.report import Check, Line, Verdict
from callcenter.proving.wording import CHECKS as TITLES, FINDINGS
from callcenter.sms.models import SmsState

NOW = datetime(2026, 3, 14, 22, tzinfo=UTC)
ABOUT = About(incident_id="i", number=7, region_id=3, region_path=(1, 3))
EMPTY = Facts(
    span=Span(NOW - timedelta(days=1), NOW, NOW),
    received=Received({}, {}, 0),
    alarms=(),
    texts=Texts({}, (), NOW),
    commands=Commands(0),
    overdue=(),
    numbers=Numbers(0),
    open=(),
    outages=(),
    chains=(),
)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def line(check: Check, **facts: Any) -> Line:
    report = prove(replace(EMPTY, **facts))
    [found] = [each for each in report.lines if each.check is check]
    return found


def codes(check: Check, **facts: Any) -> list[str]:
    return [each.code for each in line(check, **facts).findings]


def test_where_nothing_happened_everything_holds():
    report = prove(EMPTY)
    assert report.clean
    assert [each.check for each in report.lines] == list(Check)
    assert len(CHECKS) == len(Check)


# ---- received


def test_what_was_received_is_the_sum_of_its_outcomes_and_of_what_is_only_counted():
    counted = {"settled": 5, "liveness": 100, "refused": 2, "garbage": 1}
    said = Received({"opened": 3, "joined": 2}, counted, rows_beside=5)
    found = line(Check.RECEIVED, received=said)
    assert found.figures["received"] == 108
    assert found.verdict is Verdict.CLEAN


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Received({}, {"settled": 5}, rows_beside=4), "journal_rows_missing"),
        (Received({}, {}, 0, astray=[("j", NOW)]), "opened_without_incident"),
        (Received({}, {}, 0, unsignalled=[(ABOUT, NOW)]), "incident_without_signal"),
    ],
)
def test_a_signal_that_has_no_good_outcome_is_named(said, code):
    assert codes(Check.RECEIVED, received=said) == [code]


def test_more_rows_than_were_counted_are_those_of_a_process_that_was_killed():
    assert codes(Check.RECEIVED, received=Received({}, {"settled": 5}, rows_beside=6)) == []


# ---- alarms


@pytest.mark.parametrize(
    ("course", "code"),
    [
        ({"seen": ago(9), "sounding": ago(9), "taken": ago(8)}, None),
        ({"duty": ago(9)}, None),
        ({"answered": ago(9)}, None),
        ({}, "reached_nobody"),
        ({"seen": ago(9), "sounding": ago(9)}, "reached_nobody"),
        ({"taken": ago(8)}, "taken_unseen"),
        ({"seen": ago(9), "taken": ago(8)}, "taken_unheard"),
        ({"taken": ago(8), "by_hand": True}, None),
        ({"taken": ago(8), "answered": ago(9)}, None),
        ({"part_of_other": True}, None),
        ({"stored": ago(1)}, None),
    ],
)
def test_every_alarm_reached_a_human(course, code):
    alarm = Alarm(**{"about": ABOUT, "stored": ago(10), **course})
    assert codes(Check.ALARMS, alarms=[alarm]) == ([code] if code else [])


def test_it_says_how_long_each_took():
    own = [
        Alarm(about=ABOUT, stored=ago(10), taken=ago(10) + timedelta(seconds=n), duty=ago(9))
        for n in range(1, 101)
    ]
    figures = line(Check.ALARMS, alarms=own).figures
    assert (figures["taken_p50_s"], figures["taken_p99_s"], figures["taken_worst_s"]) == (
        50,
        99,
        100,
    )
    assert figures["seen_worst_s"] is None


# ---- texts


@pytest.mark.parametrize(
    ("state", "more", "code"),
    [
        (SmsState.QUEUED, {"due_at": ago(-5)}, None),
        (SmsState.QUEUED, {"due_at": ago(5)}, "text_overdue"),
        (SmsState.SUBMITTING, {"awaited_until": ago(-1)}, None),
        (SmsState.SUBMITTING, {"awaited_until": ago(5)}, "text_without_end"),
        (SmsState.SUBMITTED, {"awaited_until": ago(-60)}, None),
        (SmsState.SUBMITTED, {}, "text_without_end"),
        (SmsState.BUFFERED, {}, "text_without_end"),
        (SmsState.UNKNOWN, {}, "text_unknown"),
        (SmsState.UNKNOWN, {"awaited_until": ago(-1)}, None),
        (SmsState.UNKNOWN, {"created_at": ago(5)}, None),
        (SmsState.UNKNOWN, {"withdrawn": True}, None),
    ],
)
def test_every_text_has_an_end_or_a_reason(state, more, code):
    given: dict[str, Any] = {"created_at": ago(30), "due_at": ago(30), **more}
    one = WaitingText(about=ABOUT, id="t", kind="alarm_raised", state=state, **given)
    said = Texts({"delivered": 2}, [one], NOW)
    assert codes(Check.TEXTS, texts=said) == ([code] if code else [])
    assert line(Check.TEXTS, texts=said).figures["texts"] == 3


# ---- forwardings


@pytest.mark.parametrize(
    ("waits", "code"), [(timedelta(), None), (timedelta(minutes=-2), "forward_without_end")]
)
def test_a_forwarding_that_nothing_awaits_any_more_is_named(waits, code):
    one = WaitingForward(ABOUT, "f", "sending", NOW + waits)
    said = Forwards({"delivered": 2}, accepted=1, waiting=[one])
    assert codes(Check.FORWARDS, forwards=said) == ([code] if code else [])
    figures = line(Check.FORWARDS, forwards=said).figures
    assert (figures["forwards"], figures["delivered"], figures["accepted"]) == (3, 2, 1)


def test_an_end_that_no_timeline_tells_is_named():
    assert codes(Check.FORWARDS, forwards=Forwards(untold=[(ABOUT, NOW)])) == ["forward_untold"]


# ---- commands, timers


def test_a_command_without_its_entry_and_a_torn_timeline_are_named():
    said = Commands(2, lost=[(ABOUT, "take", NOW)], torn=[(ABOUT, NOW)])
    assert codes(Check.COMMANDS, commands=said) == ["command_without_entry", "timeline_torn"]


def test_a_timer_that_was_looked_past_is_named():
    assert codes(Check.DUE, overdue=[Overdue(ABOUT, "follow_up", ago(5))]) == ["overdue"]


# ---- numbers

HOLE = Gap(12, 13, ago(30), ago(20))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"drawn": [ago(25), ago(24)]}, "joined"),
        ({"drawn": [ago(25)]}, None),
        ({"drawn": [ago(50), ago(51)]}, None),
        ({"recorded": [(10, 20, "block")]}, "given_up"),
        ({"recorded": [(13, 20, "block")]}, None),
        ({"started": [ago(22)]}, "started_anew"),
        ({"started": [ago(60)]}, None),
        ({}, None),
    ],
)
def test_a_hole_in_the_numbers_has_a_reason_or_is_named(more, reason):
    found = line(Check.NUMBERS, numbers=Numbers(9, [HOLE], **more))
    assert [each.code for each in found.findings] == ([] if reason else ["numbers_missing"])
    assert found.figures[reason or "unexplained"] == 2


def test_a_signal_that_joined_explains_one_number_and_no_second_one():
    holes = [Gap(12, 12, ago(30), ago(20)), Gap(14, 14, ago(30), ago(20))]
    said = Numbers(9, holes, drawn=[ago(25)])
    assert codes(Check.NUMBERS, numbers=said) == ["numbers_missing"]


def test_an_outage_explains_a_hole_and_a_hole_of_this_minute_is_not_judged():
    outage = Window(ago(28), ago(26))
    assert codes(Check.NUMBERS, numbers=Numbers(9, [HOLE]), outages=[outage]) == []
    young = Gap(12, 12, ago(3), ago(1))
    assert codes(Check.NUMBERS, numbers=Numbers(9, [young])) == []


# ---- open incidents


@pytest.mark.parametrize(
    ("one", "code"),
    [
        ({"state": "waiting", "timers": ["untaken"]}, None),
        ({"state": "waiting"}, "forgotten"),
        ({"state": "waiting", "timers": ["contact_silent"]}, "forgotten"),
        ({"state": "waiting", "marks": ["escalation_over"]}, "escalation_over"),
        ({"state": "waiting", "signal_class": "service", "marks": ["request_late"]}, "request_late"),
        ({"state": "waiting", "signal_class": "service", "timers": ["request"]}, None),
        ({"state": "waiting", "signal_class": "technical"}, None),
        ({"state": "taken", "there": True}, None),
        ({"state": "taken", "timers": ["taker_gone"]}, None),
        ({"state": "taken"}, "forgotten"),
        ({"state": "following", "timers": ["follow_up"]}, None),
        ({"state": "following", "timers": ["untaken"]}, "forgotten"),
    ],
)  # fmt: skip
def test_nobody_is_forgotten(one, code):
    incident = Open(**{"about": ABOUT, "signal_class": "alarm", "opened_at": ago(60), **one})
    assert codes(Check.OPEN, open=[incident]) == ([code] if code else [])


# ---- outages, chains, spool


def test_outages_are_listed_and_are_no_fault_of_a_row():
    found = line(Check.OUTAGES, outages=[Window(ago(30), ago(20))])
    assert (found.verdict, found.figures["seconds"]) == (Verdict.NOTED, 600)
    assert prove(replace(EMPTY, outages=[Window(ago(30), ago(20))])).clean


def chain(**more: Any) -> ChainFacts:
    return ChainFacts("journal", "journal", 1, 9, 9, "ab", **more)


@pytest.mark.parametrize("fault", Fault)
def test_a_row_that_was_tampered_with_is_named_by_table_and_key(fault):
    broken = Broken(4, fault, (UUID(int=4), 2), ago(30))
    [found] = line(Check.CHAINS, chains=[chain(broken=[broken])]).findings
    assert found.code == f"row_{fault.value}"
    assert found.figures == {"table": "journal", "row": f"{UUID(int=4)}/2", "link": 4}


def test_a_row_without_a_link_is_named():
    assert codes(Check.CHAINS, chains=[chain(outside=[("j", ago(30))])]) == ["row_outside"]


@pytest.mark.parametrize(
    ("at", "linked_at", "verdict"),
    [
        (ago(25), ago(15), Verdict.NOTED),
        (ago(40), ago(15), Verdict.FINDINGS),
        (ago(25), ago(-100), Verdict.FINDINGS),
    ],
)
def test_what_waited_for_the_database_is_written_late_without_being_slipped_in(
    at, linked_at, verdict
):
    late = Broken(4, Fault.LATE, (1,), at, linked_at)
    facts = {"chains": [chain(broken=[late])], "outages": [Window(ago(30), ago(20))]}
    assert line(Check.CHAINS, **facts).verdict is verdict


@pytest.mark.parametrize(("left", "found"), [(None, []), (0, []), (2, ["spool_not_empty"])])
def test_the_spool_is_empty_or_not_there(left, found):
    assert codes(Check.SPOOL, spool=left) == found
    assert codes(Check.SPOOL, office_spool=left) == [f"office_{code}" for code in found]


def test_both_spools_are_named_and_counted_together():
    assert codes(Check.SPOOL, spool=2, office_spool=3) == [
        "spool_not_empty",
        "office_spool_not_empty",
    ]
    assert line(Check.SPOOL, spool=2, office_spool=3).figures["waiting"] == 5


# ---- words


def test_whatever_is_checked_and_found_has_words():
    assert set(TITLES) == {each.value for each in Check}
    for fault in Fault:
        assert f"row_{fault.value}" in FINDINGS
