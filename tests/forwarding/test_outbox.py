"""Forwardings as they enter their outbox: under one id however often they are worked out, and with time for whoever sent them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.core.ids import new_id
from callcenter.forwarding.course import VALID_FOR
from callcenter.forwarding.outbox import LET_ADOPT, Order, forwarding_id, order_rows

AT = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
ORDER = Order(7, "always", "x:7", {"number": 1})


def test_the_same_alarm_to_the_same_centre_has_one_id_and_another_has_another():
    one, other = new_id(), new_id()
    assert forwarding_id(one, 7) == forwarding_id(one, 7)
    assert len({forwarding_id(one, 7), forwarding_id(one, 8), forwarding_id(other, 7)}) == 3
    made = forwarding_id(one, 7)
    assert (made.version, made.bytes[:6]) == (7, one.bytes[:6])


def test_one_is_due_at_once_and_one_of_an_outage_a_moment_after_it_is_written():
    [now] = order_rows([ORDER], AT)
    assert (now["due_at"], now["expires_at"]) == (AT, AT + VALID_FOR)
    [late] = order_rows([ORDER], AT, timedelta(minutes=1))
    assert late["due_at"] == AT + timedelta(minutes=1) + LET_ADOPT
    assert late["expires_at"] == AT + VALID_FOR


def test_one_of_a_long_outage_can_be_adopted_and_is_sent_by_nobody_any_more():
    [late] = order_rows([ORDER], AT, timedelta(hours=1))
    assert late["due_at"] == late["expires_at"] == AT + timedelta(hours=1) + LET_ADOPT
