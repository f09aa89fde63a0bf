"""What becomes of a forwarding that leaves before its row, and what its record says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.forwarding.course import AGAIN_AFTER, ATTEMPTS, ForwardState, Outcome
from callcenter.forwarding.way import Sent
from callcenter.forwarding.without_row import (
    Flight,
    HandedForward,
    centre_row,
    flight_of,
    handed_centre,
    record_of,
)

AT = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
ROW = {"centre_id": 7, "way": "dc09", "key_sealed": b"\x00sealed", "token_sealed": None}
HANDED = HandedForward(
    id=new_id(), content={"number": 1}, expires_at=AT + timedelta(minutes=15), centre=handed_centre(ROW, tuple(ROW))
)  # fmt: skip
FRESH = Flight(HANDED, 42, due_at=AT)


def test_secrets_stay_sealed_on_the_way_and_are_the_same_afterwards():
    assert HANDED.centre["key_sealed"] != ROW["key_sealed"]
    assert centre_row(HandedForward.model_validate_json(HANDED.model_dump_json()).centre) == ROW


def test_a_receipt_is_the_end():
    landed = FRESH.leaves(AT).landed(Sent(Outcome.DELIVERED, address=1), AT)
    assert (landed.state, landed.attempt, landed.settled_at) == (ForwardState.DELIVERED, 1, AT)
    assert not landed.is_due(AT + timedelta(hours=1))
    assert landed.standing().settled


def test_without_an_answer_it_goes_again_with_its_number_three_times_in_all():
    flight, now = FRESH, AT
    for attempt in range(1, ATTEMPTS + 1):
        assert flight.is_due(now)
        flight = flight.leaves(now).landed(Sent(Outcome.UNKNOWN, "no_answer"), now)
        assert (flight.state, flight.attempt, flight.sequence) == (
            ForwardState.UNKNOWN,
            attempt,
            42,
        )
        now += AGAIN_AFTER
    assert flight.settled_at is not None
    assert not flight.is_due(now)


def test_what_was_in_the_air_when_its_sender_died_may_have_arrived():
    lost = FRESH.leaves(AT).lost(AT)
    assert (lost.state, lost.maybe_sent, lost.error) == (ForwardState.UNKNOWN, 1, "sender_lost")
    assert lost.is_due(AT + AGAIN_AFTER)


def test_too_late_it_certainly_has_not_arrived_unless_it_may_have():
    assert FRESH.late(AT).state is ForwardState.EXPIRED
    unknown = FRESH.leaves(AT).landed(Sent(Outcome.UNKNOWN, "no_answer"), AT)
    assert unknown.late(AT).state is ForwardState.UNKNOWN


@pytest.mark.parametrize(
    "flight",
    [FRESH, FRESH.leaves(AT), FRESH.leaves(AT).landed(Sent(Outcome.NOT_SENT, "no_connection"), AT)],
)
def test_a_record_is_read_again_as_it_was(flight: Flight):
    assert flight_of(record_of(flight)) == flight


def test_a_record_of_another_form_is_named_and_not_guessed():
    with pytest.raises(ValueError, match="form 2"):
        flight_of(record_of(FRESH).replace(b'"v":1', b'"v":2'))
