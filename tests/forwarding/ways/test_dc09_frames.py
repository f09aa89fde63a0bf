"""Frames to another centre: our own codec reads them, nothing of a home leaves in clear, and only a whole answer counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callcenter.core.ids import new_id
from callcenter.devices.protocols.dc09.frame import FrameCutter, parse_header, wrap
from callcenter.forwarding.parcel import Detail, Parcel, What
from callcenter.forwarding.way import Line
from callcenter.forwarding.ways.dc09_frames import (
    LONGEST_WORDS,
    Reply,
    alarm_frame,
    poll_frame,
    read_reply,
)

NOW = datetime(2026, 3, 14, 4, 12, 7, tzinfo=UTC)
LINE = Line(1, "区中心", "dc09", ["127.0.0.1:1"], "4321", detail=Detail.CARD)
CONTENT = {
    "number": 4711,
    "kind": "smoke",
    "address": "学院路1号",
    "names": ["王秀英"],
    "lat": -40.5,
    "lng": 104.25,
}
PARCEL = Parcel(new_id(), What.ALARM, 17, CONTENT)


def body(frame: bytes) -> bytes:
    [cut] = FrameCutter().feed(frame)
    assert cut.reason is None
    return cut.body


def test_in_clear_it_has_code_account_and_number_and_nothing_of_the_home():
    said = body(alarm_frame(LINE, PARCEL, NOW))
    assert b'"ADM-CID"0017L0#4321[#4321|1111 00 001][I#4711]' in said
    assert "王秀英".encode() not in said
    assert b"[X" not in said


def test_a_kind_that_nobody_has_mapped_is_a_general_alarm():
    parcel = replace(PARCEL, content={"kind": "of a later release"})
    assert b"|1140 00 001]" in body(alarm_frame(LINE, parcel, NOW))


def test_brackets_of_a_text_break_no_frame_and_a_long_one_ends_at_a_letter():
    line = replace(LINE, key=bytes(16))
    parcel = replace(PARCEL, content={**CONTENT, "address": "[7]|" + "楼" * LONGEST_WORDS})
    assert parse_header(body(alarm_frame(line, parcel, NOW))).encrypted


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b'"ACK"0017L0#4321[]', Reply.ACK),
        (b'"DUH"0017L0#4321[]', Reply.DUH),
        (b'"ACK"0018L0#4321[]', Reply.OTHER),
        (b'"ACK"0017L0#9999[]', Reply.OTHER),
        (b'"*ACK"0017L0#4321[00', Reply.OTHER),
        (b'"NAK"0000R0L0A0[]_04:12:07,03-14-2026', Reply.NAK),
    ],
)
def test_an_answer_is_believed_only_whole(answer: bytes, found: Reply):
    [cut] = FrameCutter().feed(wrap(answer))
    assert read_reply(cut, LINE, 17, "4321").reply is found
    [broken] = FrameCutter().feed(wrap(answer).replace(b"4321", b"4322"))
    if b"4321" in answer:
        assert read_reply(broken, LINE, 17, "4321").reply is Reply.OTHER


def test_a_poll_is_no_alarm():
    assert parse_header(body(poll_frame(LINE, NOW))).token == "NULL"
