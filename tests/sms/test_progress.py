"""What becomes of a text: every pair of states, every answer, and receipts in any order."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms import progress
from callcenter.sms.catalogue import EMERGENCY, NORMAL
from callcenter.sms.gateway import Evidence, Outcome, SendResult
from callcenter.sms.models import SmsState
from callcenter.sms.progress import NextState, Watched

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Q, S, U, SUB, BUF, EXP, F, D = (
    SmsState.QUEUED, SmsState.SUBMITTING, SmsState.UNKNOWN, SmsState.SUBMITTED,
    SmsState.BUFFERED, SmsState.EXPIRED, SmsState.FAILED, SmsState.DELIVERED,
)  # fmt: skip


def test_every_state_has_a_rank_of_its_own():
    assert set(progress.RANK) == set(SmsState)
    assert len(set(progress.RANK.values())) == len(SmsState)


@pytest.mark.parametrize("old", SmsState)
@pytest.mark.parametrize("new", SmsState)
def test_evidence_only_moves_forward(old, new):
    allowed = f"{old}>{new}" in progress.RECEIPT_MOVES
    rises = progress.RANK[new] > progress.RANK[old]
    unsent = new in {SmsState.COMBINED, SmsState.CANCELLED, SmsState.DRILL}
    assert allowed == (rises and not unsent and (old is not Q or new is D))


def test_a_late_receipt_corrects_a_failure_and_nothing_corrects_a_delivery():
    assert "failed>delivered" in progress.RECEIPT_MOVES
    assert not [move for move in progress.RECEIPT_MOVES if move.startswith("delivered>")]


def test_every_kind_of_evidence_proves_a_state():
    assert dict(progress.OF_EVIDENCE) == {
        Evidence.TAKEN: SUB, Evidence.BUFFERED: BUF, Evidence.DELIVERED: D, Evidence.FAILED: F,
        Evidence.REFUSED: F,
    }  # fmt: skip


evidences = st.lists(st.sampled_from(Evidence), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(received=evidences, data=st.data())
def test_any_order_and_repetition_of_receipts_ends_in_the_same_state(received, data):
    shuffled = data.draw(st.permutations(received))
    repeated = shuffled + data.draw(st.lists(st.sampled_from(received), max_size=4))
    assert _fold(received) is _fold(shuffled) is _fold(repeated)


def _fold(received):
    state = SmsState.SUBMITTING
    for evidence in received:
        new = progress.OF_EVIDENCE[evidence]
        if f"{state}>{new}" in progress.RECEIPT_MOVES:
            state = new
    return state


def answer(outcome, error=None, *, priority=EMERGENCY, attempt=1, gateways=1, valid_for_s=600.0):
    return progress.after_answer(
        SendResult(outcome, error), priority=priority, attempt=attempt, gateways=gateways,
        valid_for_s=valid_for_s,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("settled", "expected"),
    [
        (answer(Outcome.DELIVERED), NextState(D)),
        (answer(Outcome.SUBMITTED), NextState(SUB, watch_for_s=660)),
        (answer(Outcome.BUFFERED, "no_link"), NextState(BUF, "no_link", watch_for_s=660)),
        (answer(Outcome.SUBMITTED, valid_for_s=-5), NextState(SUB, watch_for_s=60)),
        (answer(Outcome.UNKNOWN, "no_answer"), NextState(U, "no_answer", watch_for_s=30)),
        (answer(Outcome.UNKNOWN, "no_answer", priority=NORMAL), NextState(U, "no_answer")),
        (answer(Outcome.REFUSED, "queue_full"), NextState(Q, "queue_full", due_in_s=1)),
        (answer(Outcome.REFUSED, "x", attempt=3), NextState(Q, "x", due_in_s=3)),
        (answer(Outcome.REFUSED, "x", attempt=99), NextState(Q, "x", due_in_s=30)),
        (answer(Outcome.REFUSED, "x", priority=NORMAL), NextState(Q, "x", due_in_s=10)),
        # a second gateway is asked at once, then the round starts again after a pause
        (answer(Outcome.REFUSED, "x", gateways=2), NextState(Q, "x", due_in_s=0)),
        (answer(Outcome.REFUSED, "x", gateways=2, attempt=2), NextState(Q, "x", due_in_s=1)),
        (answer(Outcome.REJECTED, "rejected"), NextState(F, "rejected")),
        (answer(Outcome.REJECTED, "rejected", gateways=2), NextState(Q, "rejected", due_in_s=0)),
        (answer(Outcome.REJECTED, "rejected", gateways=2, attempt=2), NextState(F, "rejected")),
    ],
)
def test_each_answer_settles_the_text(settled, expected):
    assert settled == expected


def test_every_outcome_is_answered():
    assert {outcome: answer(outcome).state for outcome in Outcome} == {
        Outcome.SUBMITTED: SUB, Outcome.BUFFERED: BUF, Outcome.DELIVERED: D,
        Outcome.REFUSED: Q, Outcome.REJECTED: F, Outcome.UNKNOWN: U,
    }  # fmt: skip


@pytest.mark.parametrize("outcome", Outcome)
def test_what_an_answer_does_is_an_allowed_move(outcome):
    assert f"submitting>{answer(outcome).state}" in progress.ANSWER_MOVES


@pytest.mark.parametrize(
    ("state", "priority", "attempt", "is_over", "expected"),
    [
        (S, EMERGENCY, 1, False, NextState(U, "lease_over", watch_for_s=4.5)),
        (S, NORMAL, 1, False, NextState(U, "lease_over")),
        (SUB, EMERGENCY, 1, True, NextState(U, "no_receipt")),
        (BUF, NORMAL, 1, True, NextState(U, "no_receipt")),
        (U, EMERGENCY, 1, False, NextState(Q, "repeated", due_in_s=0)),
        (U, EMERGENCY, 3, False, NextState(U, "not_repeated")),
        (U, EMERGENCY, 1, True, NextState(U, "not_repeated")),
        (U, NORMAL, 1, False, NextState(U, "not_repeated")),
        # refused by the network: the second gateway is asked, a third there is not
        (F, EMERGENCY, 1, False, NextState(Q, "as said", due_in_s=0)),
        (F, EMERGENCY, 2, False, NextState(F, "as said")),
        (F, EMERGENCY, 1, True, NextState(F, "as said")),
        (F, NORMAL, 1, False, NextState(F, "as said")),
    ],
)
def test_what_the_clock_decides(state, priority, attempt, is_over, expected):
    watched = Watched(state, attempt, priority, is_over, "as said")
    decided = progress.after_waiting(watched, gateways=2)
    assert decided == expected
    assert f"{state}>{decided.state}" in progress.CLOCK_MOVES


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(attempt=st.integers(1, 1_000), gateways=st.integers(1, 5), emergency=st.booleans())
def test_the_pause_before_a_retry_is_bounded(attempt, gateways, emergency):
    delay = progress.retry_delay_s(attempt, gateways, emergency=emergency)
    assert 0 <= delay <= (30 if emergency else 300)
    assert (delay == 0) == (attempt % gateways != 0)
