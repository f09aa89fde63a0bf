"""Between codec and intake: what is stored, what is refused, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.devices.codec import DeviceKey
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.frame import wrap
from callcenter.listeners.bounds import USUAL
from callcenter.listeners.delivery import Delivery
from tests.support.intake import MemoryIntake
from tests.support.receiver import SOURCE

NOW = datetime(2026, 11, 22, 4, 12, 30, tzinfo=UTC)
KEY = bytes(range(16))


def late_frame() -> bytes:
    content = b"#1234|NQA7]_" + format_stamp(NOW - timedelta(hours=2))
    return wrap(b'"*SIA-DCS"0001L0#1234[' + seal(content, KEY))


async def settle(intake: MemoryIntake, frame: bytes) -> bytes:
    codec = Dc09Codec()
    [read] = codec.receive(frame, NOW, {"1234": DeviceKey(KEY)})
    return await Delivery(SOURCE, intake).settle(codec, read, NOW, "10.0.0.9")


async def test_an_alarm_with_a_wrong_clock_is_stored_before_it_is_refused():
    intake = MemoryIntake()
    assert b'"NAK"0000R0L0A0[]_04:12:30,11-22-2026' in await settle(intake, late_frame())
    assert [s.flags for s in intake.stored] == [("clock_off",)]
    assert intake.undecodable == []


async def test_it_hears_nothing_while_it_cannot_be_stored():
    intake = MemoryIntake(store_is_away=True)
    assert await settle(intake, late_frame()) == b""


async def test_what_cannot_be_kept_gets_no_answer_that_would_end_the_repeats():
    unknown_type = wrap(b'"SIA-PUL"0001L0#1234[x]')
    assert b"DUH" in await settle(MemoryIntake(), unknown_type)
    assert await settle(MemoryIntake(store_is_away=True), unknown_type) == b""


async def test_a_life_sign_in_clear_of_a_device_that_need_not_encrypt_counts_and_is_shown():
    intake, codec = MemoryIntake(), Dc09Codec()
    delivery = Delivery(SOURCE, intake)
    poll = wrap(b'"NULL"0000R1L0#1234[]')
    for _ in range(USUAL.samples.of_one + 1):
        [read] = codec.receive(poll, NOW, {"1234": DeviceKey(KEY, encrypted_only=False)})
        answer = delivery.settle_at_once(codec, read, NOW, "10.0.0.9")
        if answer is None:
            answer = await delivery.settle(codec, read, NOW, "10.0.0.9")
        assert answer == wrap(b'"ACK"0000R1L0#1234[]')
    assert intake.alive["1234"] == USUAL.samples.of_one + 1
    assert len(intake.undecodable) == USUAL.samples.of_one
