"""DC-09 as a transmitter, against a receiver on a real socket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.ids import new_id
from callcenter.devices.codec import DeviceKey
from callcenter.devices.protocols.dc09.frame import parse_header
from callcenter.devices.signals import Kind
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.parcel import Detail, Parcel, What
from callcenter.forwarding.way import Line
from callcenter.forwarding.ways.dc09 import TRIES, Dc09Way
from tests.support.other_centre import (
    OtherCentre,
    ack,
    cut,
    duh,
    nak,
    other_centre,
    receive,
    silence,
    wrong_crc,
    wrong_sequence,
)

KEY = bytes(range(16))
HAPPENED = datetime(2026, 3, 14, 4, 12, 7, tzinfo=UTC)
CONTENT = {
    "number": 4711,
    "kind": "fall",
    "occurred_at": HAPPENED.isoformat(),
    "home_id": 12,
    "lat": 40.0012,
    "lng": 104.0007,
    "address": "学院路[1]号",
    "names": ["王秀英"],
}
PARCEL = Parcel(new_id(), What.ALARM, 17, CONTENT)


def line(*centres: OtherCentre, key: bytes | None = None) -> Line:
    addresses = [each.address for each in centres]
    detail = Detail.CARD
    return Line(1, "区中心", "dc09", addresses, "4321", timeout_s=0.3, detail=detail, key=key)


def sequences(centre: OtherCentre) -> list[str]:
    return [parse_header(frame[9:-1]).seq for frame in centre.frames]


async def test_an_alarm_in_clear_says_its_number_and_nothing_of_who_lives_there():
    async with other_centre() as centre:
        sent = await Dc09Way(SystemClock()).send(line(centre), PARCEL)
    [signal] = centre.signals
    assert (sent.outcome, sent.address) == (Outcome.DELIVERED, 1)
    assert (signal.identifier, signal.kind, signal.text) == ("4321", Kind.FALL, "#4711")
    assert signal.occurred_at == HAPPENED
    assert "王秀英".encode() not in centre.frames[0]


async def test_encrypted_it_carries_name_address_and_position_and_the_answer_is_opened():
    async with other_centre() as centre:
        centre.keys["4321"] = DeviceKey(KEY)
        sent = await Dc09Way(SystemClock()).send(line(centre, key=KEY), PARCEL)
    [signal] = centre.signals
    assert sent.outcome is Outcome.DELIVERED
    assert signal.text == "#4711 学院路 1 号 王秀英"
    assert signal.position is not None
    assert signal.position.lat == pytest.approx(40.0012, abs=1e-5)
    assert signal.position.lng == pytest.approx(104.0007, abs=1e-5)


async def test_with_digits_of_the_home_each_has_an_account_of_its_own():
    async with other_centre() as centre:
        await Dc09Way(SystemClock()).send(replace(line(centre), home_digits=4), PARCEL)
    assert centre.signals[0].identifier == "43210012"


@pytest.mark.parametrize("mute", [silence, wrong_sequence, wrong_crc, cut])
async def test_without_a_right_answer_it_is_tried_three_times_with_one_number_and_stays_unknown(
    mute,
):
    async with other_centre(mute) as centre:
        sent = await Dc09Way(SystemClock()).send(line(centre), PARCEL)
    assert sent.outcome is Outcome.UNKNOWN
    assert sequences(centre) == ["0017"] * TRIES


async def test_the_second_address_takes_what_the_first_does_not():
    async with other_centre(silence) as first, other_centre() as second:
        sent = await Dc09Way(SystemClock()).send(line(first, second), PARCEL)
    assert (sent.outcome, sent.address) == (Outcome.DELIVERED, 2)
    assert sequences(second) == ["0017"]


async def test_a_repeat_is_the_same_alarm_for_our_own_receiver():
    async with other_centre(silence, receive) as centre:
        way = Dc09Way(SystemClock())
        await way.send(line(centre), PARCEL)
        await way.send(line(centre), PARCEL)
    assert len({signal.dedup_key for signal in centre.signals}) == 1
    assert len(centre.signals) > 1


async def test_nobody_there_is_not_sent():
    async with other_centre() as centre:
        pass
    sent = await Dc09Way(SystemClock()).send(line(centre), PARCEL)
    assert (sent.outcome, sent.error) == (Outcome.NOT_SENT, "no_connection")


async def test_a_refusal_is_one_whatever_the_second_address_is():
    async with other_centre(duh) as centre:
        sent = await Dc09Way(SystemClock()).send(line(centre), PARCEL)
        assert (sent.outcome, sent.error) == (Outcome.REFUSED, "duh")
        assert len(centre.frames) == 1
    async with other_centre(duh) as first, other_centre(cut) as second:
        sent = await Dc09Way(SystemClock()).send(line(first, second), PARCEL)
    assert sent.outcome is Outcome.UNKNOWN, "the second may have it"


async def test_after_a_nak_it_speaks_by_their_clock_once():
    async with other_centre() as centre:
        centre.keys["4321"] = DeviceKey(KEY, encrypted_only=True)
        centre.clock = timedelta(minutes=7)
        sent = await Dc09Way(SystemClock()).send(line(centre, key=KEY), PARCEL)
    assert sent.outcome is Outcome.DELIVERED
    assert sequences(centre) == ["0017"] * 2
    async with other_centre(nak) as stubborn:
        sent = await Dc09Way(SystemClock()).send(line(stubborn), PARCEL)
    assert (sent.outcome, sent.error, len(stubborn.frames)) == (Outcome.REFUSED, "nak", 2)


async def test_a_poll_is_acknowledged_and_is_no_alarm():
    async with other_centre() as centre:
        sent = await Dc09Way(SystemClock()).poll(line(centre))
    assert (sent.outcome, centre.signals) == (Outcome.DELIVERED, [])
    assert b'"NULL"0000L0#4321[' in centre.frames[0]


async def test_an_acknowledgement_in_clear_counts_for_an_encrypted_alarm_too():
    async with other_centre(ack) as centre:
        sent = await Dc09Way(SystemClock()).send(line(centre, key=KEY), PARCEL)
    assert sent.outcome is Outcome.DELIVERED
