"""Which fields are a signal's, under whatever name and in whatever envelope."""

from __future__ import annotations

import json

import pytest

from callcenter.devices.protocols.http_json.fields import MAX_WRAPPED, named, signals_in, together

SOS = {"id": "1", "device": "EP-1", "kind": "sos"}


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (
            "device",
            ["device", "Device ", "DEVICE", "deviceId", "device_id", "device.id", "IMEI", "sn"],
        ),
        ("device", ["ｄｅｖｉｃｅ", "\u200bdevice", "\ufeffdevice", "device\0", "设备"]),
        ("kind", ["kind", "KIND", "type", "event", "eventType", "alarm"]),
        (
            "occurred_at",
            ["occurred_at", "occurredAt", "OccurredAt", "occurred-at", "timestamp", "ts"],
        ),
        ("lat", ["lat", "LAT", "latitude"]),
        ("lon", ["lon", "lng", "long", "Longitude"]),
    ],
)
def test_a_field_is_known_by_all_its_names(name: str, spellings: list[str]) -> None:
    assert [dict(named([(each, "x")])) for each in spellings] == [{name: "x"}] * len(spellings)


def test_the_contract_s_own_name_goes_before_any_other() -> None:
    assert named([("type", "pendant"), ("kind", "sos"), ("event", "test")]) == {"kind": "sos"}
    assert named([("kind", None), ("event", "sos")]) == {"kind": "sos"}


def test_a_name_that_is_there_twice_has_both_values() -> None:
    assert together([("kind", "sos"), ("kind", "test"), ("id", 1)]) == {
        "kind": ["sos", "test"],
        "id": 1,
    }
    assert named([("Kind", "sos"), ("kind", "heartbeat")]) == {"kind": ["sos", "heartbeat"]}


@pytest.mark.parametrize(
    "wrapped",
    [
        SOS,
        [SOS],
        [[SOS]],
        {"signal": SOS},
        {"code": 0, "data": SOS},
        {"signals": [SOS]},
        {"a": {"b": {"c": SOS}}},
        {"message": json.dumps(SOS)},
        json.dumps(json.dumps(SOS)),
        [json.dumps(SOS)],
        {"id": "1", "payload": {"device": "EP-1", "kind": "sos"}},
        {"id": "1", "device": "EP-1", "data": {"kind": "sos"}},
        {"type": "push", "device": "gateway", "data": SOS},
        {"0": SOS},
    ],
)
def test_a_signal_is_found_in_its_envelope(wrapped: object) -> None:
    assert signals_in(wrapped) == [SOS]


def test_every_signal_of_an_envelope_is_one() -> None:
    other = {"device": "EP-2", "kind": "fall"}
    assert signals_in({"data": [SOS, other]}) == [SOS, other]


def test_what_stands_beside_a_signal_does_not_change_it() -> None:
    assert signals_in(SOS | {"battery": {"type": "lithium"}}) == [SOS]
    without_kind = {"device": "EP-1", "event": "sos", "battery": {"type": "lithium"}}
    assert signals_in(without_kind) == [{"device": "EP-1", "kind": "sos"}]
    kept = SOS | {"extra": {"device": "other", "kind": "test"}}
    assert signals_in(kept) == [kept]


@pytest.mark.parametrize(
    "nothing", [{}, {"battery": 50}, {"id": 1}, [], [7], 7, None, "x", {"device": None}]
)
def test_what_says_neither_who_nor_what_is_no_signal(nothing: object) -> None:
    assert signals_in(nothing) == []


def test_an_envelope_in_too_many_others_is_not_opened() -> None:
    wrapped: object = SOS
    for _ in range(MAX_WRAPPED + 1):
        wrapped = {"data": wrapped}
    assert signals_in(wrapped) == []
