"""The frames of the virtual dialler, read by our codec and by somebody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from siadc09 import message as independent

from callcenter.demo.devices import dialler
from callcenter.demo.devices.device_state import KEYS, Device, Key, Press
from callcenter.devices.codec import DeviceKey, Refusal
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.signals import Kind

NOW = datetime(2026, 11, 22, 4, 12, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
AES = bytes(range(24))
KINDS = {
    Key.RED: {Kind.SOS},
    Key.FALL: {Kind.FALL, Kind.MEDICAL},
    Key.SMOKE: {Kind.SMOKE},
    Key.CANCEL: {Kind.CANCEL},
    Key.BATTERY: {Kind.LOW_BATTERY},
    Key.TEST: {Kind.TEST},
    Key.GREEN: {Kind.TECHNICAL},
    Key.POWER: {Kind.POWER_FAIL},
}


@pytest.mark.parametrize("key", list(Key))
@pytest.mark.parametrize("secret", [None, AES], ids=["clear", "aes"])
@pytest.mark.parametrize("kind", sorted(KEYS))
def test_every_key_is_read_as_what_it_is(kind: str, secret: bytes | None, key: Key):
    device = Device("A101", "dc09", kind, secret)
    frame = dialler.encode(device, Press("x", key, 7, NOW), NOW)
    keys = {"A101": DeviceKey(secret)} if secret else {}
    [read] = Dc09Codec().receive(frame, NOW, keys)
    assert read.error is None
    assert [(s.identifier, s.occurred_at) for s in read.signals] == [("A101", NOW)]
    assert read.signals[0].kind in KINDS[key]
    assert independent.parse_frame(frame, secret).seq == 7


def test_a_repeat_has_the_same_bytes_in_clear_and_is_recognised_under_aes():
    press = Press("x", Key.RED, 7, NOW)
    plain = Device("A101", "dc09", "pendant")
    assert dialler.encode(plain, press, NOW) == dialler.encode(plain, press, LATER)
    sealed = Device("A101", "dc09", "pendant", AES)
    keys = {"A101": DeviceKey(AES)}
    [one] = Dc09Codec().receive(dialler.encode(sealed, press, NOW), NOW, keys)
    [two] = Dc09Codec().receive(dialler.encode(sealed, press, LATER), LATER, keys)
    assert one.signals[0].dedup_key == two.signals[0].dedup_key


def test_answers():
    press = Press("x", Key.RED, 7, NOW)
    for refusal, word, server_time in (
        (None, "ACK", None),
        (Refusal.CLOCK, "NAK", LATER),
        (Refusal.UNSUPPORTED, "DUH", None),
    ):
        codec = Dc09Codec()
        [frame] = codec.receive(dialler.encode(Device("A1", "dc09", "hub"), press, NOW), LATER, {})
        reply = codec.refuse(frame.token, refusal) if refusal else codec.commit(frame.token)
        answer = dialler.read_answer(reply, press)
        assert answer == dialler.Answer(word, server_time)
    other = Press("y", Key.RED, 8, NOW)
    assert dialler.read_answer(reply, other) is None
    assert dialler.read_answer(b"\nnonsense nonsense\r", press) is None
