"""HTTP JSON bodies: an alarm is never refused for its trimmings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.devices.codec import STANDARD, Habits
from callcenter.devices.protocols.http_json import NeverAcceptable, Reading, clock_flags
from callcenter.devices.protocols.http_json.reading import (
    NO_DEVICE,
    canonical_device,
    read as read_all,
)
from callcenter.devices.signals import Datum, Kind, Position, Signal

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def body(**fields: object) -> bytes:
    return json.dumps({"id": "1", "device": "EP-0001", "kind": "sos"} | fields).encode()


def read(raw: bytes, now: datetime, habits: Habits = STANDARD) -> Reading:
    [reading] = read_all(raw, now, habits)
    return reading


def taken(**fields: object) -> Signal:
    return read(body(**fields), NOW).signal


def test_a_whole_signal_is_read() -> None:
    signal = read(
        body(occurred_at="2026-03-14T09:26:50Z", lat=40.0, lon=104.0, text="厨房", extra={"a": 1}),
        NOW,
    ).signal
    assert (signal.identifier, signal.kind, signal.text) == ("EP-0001", Kind.SOS, "厨房")
    assert signal.position == Position(40.0, 104.0)
    assert signal.occurred_at == datetime(2026, 3, 14, 9, 26, 50, tzinfo=UTC)
    assert signal.flags == ()


@pytest.mark.parametrize(
    ("fields", "flag"),
    [
        ({"kind": "panic-button"}, "kind_not_known:panicbutton"),
        ({"lat": 95, "lon": 104}, "position_not_read"),
        ({"lat": "here", "lon": None}, "position_not_read"),
        ({"lat": 40, "lon": 104, "datum": "mars"}, "datum_not_known"),
        ({"occurred_at": "yesterday"}, "time_not_read"),
        ({"occurred_at": 1e300}, "time_not_read"),
        ({"occurred_at": "2031-01-01T00:00:00Z"}, "time_odd"),
    ],
)
def test_what_cannot_be_read_is_flagged_and_the_rest_taken(
    fields: dict[str, object], flag: str
) -> None:
    assert flag in read(body(**fields), NOW).signal.flags


def test_an_unknown_kind_rings_as_unknown() -> None:
    assert read(body(kind="earthquake"), NOW).signal.kind is Kind.UNKNOWN


def test_odd_trimmings_are_kept_as_they_are() -> None:
    signal = read(body(text=17, extra=[1, 2]), NOW).signal
    assert signal.text == "17"
    assert signal.extra == {"value": [1, 2]}


def test_g3_what_is_missing_is_said_and_the_rest_rings() -> None:
    without_id = taken(id=None)
    assert (without_id.identifier, without_id.kind) == ("EP-0001", Kind.SOS)
    assert without_id.flags == ("id_missing",)
    without_device = taken(device=None)
    assert (without_device.identifier, without_device.kind) == (NO_DEVICE, Kind.SOS)
    assert without_device.flags == ("device_missing",)
    without_kind = taken(kind=None)
    assert (without_kind.identifier, without_kind.kind) == ("EP-0001", Kind.UNKNOWN)
    assert without_kind.flags == ("kind_missing",)


@pytest.mark.parametrize("nothing", [b"{}", b'{"id": "1"}', b'{"battery": 50}', b"[]", b"{", b""])
def test_what_says_neither_who_nor_what_is_no_signal(nothing: bytes) -> None:
    with pytest.raises(NeverAcceptable) as refused:
        read(nothing, NOW)
    assert refused.value.field in ("body", "device")


@pytest.mark.parametrize(
    ("device", "named"),
    [
        (860000000000017, "860000000000017"),
        (860000000000017.0, "860000000000017"),
        ("860000000000017.0", "860000000000017"),
        (["860000000000017"], "860000000000017"),
        ({"imei": "860000000000017"}, "860000000000017"),
        ({"serial": 860000000000017}, "860000000000017"),
        (" 860000000000017\n", "860000000000017"),
        ("860000000000017\0", "860000000000017"),
        ("\u200b860000000000017\ufeff", "860000000000017"),
        ("".join(chr(ord(c) + 0xFEE0) for c in "860000000000017"), "860000000000017"),
        (True, NO_DEVICE),
        ([], NO_DEVICE),
        ("\0", NO_DEVICE),
    ],
)
def test_a_device_is_known_however_its_name_is_sent(device: object, named: str) -> None:
    signal = taken(device=device)
    assert (signal.identifier, signal.kind) == (named, Kind.SOS)
    assert canonical_device(named) == named


@pytest.mark.parametrize(
    ("kind", "read_as"),
    [
        (["sos"], Kind.SOS),
        ({"type": "sos"}, Kind.SOS),
        (["test", "fall"], Kind.FALL),
        (["test", "sos"], Kind.SOS),
        ({"name": "SOS", "level": 1}, Kind.SOS),
        ({"sos": True}, Kind.SOS),
        (" SOS ", Kind.SOS),
        ("S.O.S.", Kind.SOS),
        ("\u200bsos\u202e", Kind.SOS),
        ("sos1", Kind.SOS),
        ("sosPressed", Kind.SOS),
        ("Kind.SOS", Kind.SOS),
        ("SOS_ALARM", Kind.SOS),
        ("ＳＯＳ", Kind.SOS),
        ("SOS!", Kind.SOS),
        ("sos alarm", Kind.SOS),
        ("Low Battery", Kind.LOW_BATTERY),
        ("low-battery", Kind.LOW_BATTERY),
        ("lowBattery", Kind.LOW_BATTERY),
        (7, Kind.UNKNOWN),
        ("", Kind.UNKNOWN),
        ([], Kind.UNKNOWN),
        ("求救", Kind.UNKNOWN),
    ],
)
def test_a_kind_is_read_however_it_is_sent(kind: object, read_as: Kind) -> None:
    assert taken(kind=kind).kind is read_as


IMEI = "860000000000017"


@pytest.mark.parametrize(
    "device",
    [
        *(f"imei:{IMEI}", f"IMEI {IMEI}", f"urn:imei:{IMEI}", f"#{IMEI}", f"{IMEI};", f"[{IMEI}]"),
        *(
            "86-000000-000001-7",
            "86 000000 000001 7",
            f'"{IMEI}"',
            f"{IMEI}%20",
            "8.60000000000017E+14",
        ),
        [IMEI, "other"],
        ["other", IMEI],
        {"model": "X1", "serial": IMEI},
        {"type": "pendant", "id": IMEI},
    ],
)
def test_a_device_that_is_registered_is_found_whatever_stands_around_its_name(
    device: object,
) -> None:
    signal = taken(device=device)
    assert IMEI in (*signal.also, signal.identifier)


def test_a_part_of_a_name_that_may_be_another_device_s_is_no_name() -> None:
    assert taken(device="EP-0001").also == ("EP-0001", "EP0001")
    assert taken(device="EP0001").also == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 40.0012, "longitude": 104.0007},
        {"lat": "40.0012N", "lng": "104.0007E"},
        {"lat": "40°0'4.32\"N", "long": "104°0'2.52\"E"},
        {"location": {"lat": 40.0012, "lon": 104.0007}},
        {"gps": {"latitude": "40,0012", "longitude": "104,0007"}},
        {"location": {"type": "Point", "coordinates": [104.0007, 40.0012]}},
        {"lat": {"value": 40.0012}, "lon": {"value": 104.0007}},
    ],
)
def test_a_position_is_read_however_it_is_written(fields: dict[str, object]) -> None:
    position = taken(**fields).position
    assert position is not None
    assert (round(position.lat, 4), round(position.lng, 4)) == (40.0012, 104.0007)


@pytest.mark.parametrize("message_id", [1773461527.5, True, [7], {"n": 1}, "", " ", None, 2**70])
def test_no_id_costs_an_alarm(message_id: object) -> None:
    assert taken(id=message_id).kind is Kind.SOS


def test_names_of_fields_may_be_written_in_capitals() -> None:
    [reading] = read_all(b'{"ID": "1", "Device ": "EP-0001", "KIND": "sos", "Text": "x"}', NOW)
    assert (reading.signal.identifier, reading.signal.kind) == ("EP-0001", Kind.SOS)
    assert (reading.signal.text, reading.message_id) == ("x", "1")


def test_several_signals_in_one_body_are_as_many() -> None:
    several = read_all(b'[{"device": "a", "kind": "sos"}, {"device": "a", "kind": "sos"}, 7]', NOW)
    assert [each.signal.kind for each in several] == [Kind.SOS, Kind.SOS]
    assert len({each.signal.dedup_key for each in several}) == 2


@pytest.mark.parametrize(
    ("fields", "flag"),
    [
        ({"lat": 0, "lon": 0}, "position_zero"),
        ({"lat": "0.0", "lon": "0.0", "datum": "gcj02"}, "position_zero"),
        ({"lat": 40, "lon": 104, "datum": [["x"] * 3]}, "datum_not_known"),
        ({"lat": [40], "lon": 104}, "position_not_read"),
        ({"lat": True, "lon": 104}, "position_not_read"),
        ({"lat": 2**1100, "lon": 104}, "position_not_read"),
    ],
)
def test_what_is_no_position_is_left_out(fields: dict[str, object], flag: str) -> None:
    raw = json.dumps({"id": "1", "device": "d", "kind": "sos"} | fields).encode()
    signal = read(raw, NOW).signal
    assert (signal.kind, signal.position) == (Kind.SOS, None)
    assert flag in signal.flags


@pytest.mark.parametrize(("lat", "lon"), [(90, 180), (-90, 0), (10, -180), (37.566, 126.978)])
@pytest.mark.parametrize(
    "datum", ["gcj02", "GCJ-02", "bd09", "bd09ll", "wgs84", "WGS_84", "", None]
)
def test_the_ends_of_the_earth_are_positions(lat: float, lon: float, datum: str | None) -> None:
    assert taken(lat=lat, lon=lon, datum=datum).position == Position(lat, lon)


def test_a_source_says_what_its_times_and_positions_mean() -> None:
    habits = Habits(ZoneInfo("Asia/Shanghai"), Datum.GCJ02)
    raw = body(occurred_at="2026-03-14T17:26:50", lat=39.915, lon=116.404)
    signal = read(raw, NOW, habits).signal
    assert signal.occurred_at == datetime(2026, 3, 14, 9, 26, 50, tzinfo=UTC)
    assert signal.position is not None
    assert signal.position.lng != 116.404


def test_g3_an_extra_nested_ever_so_deeply_is_left_out() -> None:
    for levels in (60, 500, 1_100, 30_000):
        nest = b"[" * levels + b"]" * levels
        raw = b'{"extra": ' + nest + b', "id": "1", "device": "EP-1", "kind": "sos", "text": "x"}'
        signal = read(raw, NOW).signal
        assert (signal.identifier, signal.kind, signal.text) == ("EP-1", Kind.SOS, "x")
        assert signal.extra in ({}, {"value": "\0"})


def test_g3_a_number_of_thousands_of_digits_is_left_out() -> None:
    for name in ("lat", "text", "extra", "occurred_at", "id", "battery"):
        raw = b'{"device": "EP-1", "kind": "sos", "%s": %s}' % (name.encode(), b"9" * 5_000)
        signal = read(raw, NOW).signal
        assert (signal.identifier, signal.kind) == ("EP-1", Kind.SOS)


def test_errors_have_fixed_words() -> None:
    for raw in (b"{", b"\xff", b'{"a": 1e999999}', b"nul"):
        with pytest.raises(
            NeverAcceptable, match=r"^(The body is no JSON|Neither device nor kind)"
        ):
            read(raw, NOW)


def test_a_body_in_gb18030_or_with_a_cut_character_is_read() -> None:
    chinese = '{"id":"1","device":"EP-1","kind":"sos","text":"厨房"}'
    assert read(chinese.encode("gb18030"), NOW).signal.text == "厨房"
    assert read(chinese.encode("utf-8-sig"), NOW).signal.text == "厨房"
    cut = chinese.encode().replace("房".encode(), "房".encode()[:2])
    assert read(cut, NOW).signal.identifier == "EP-1"


def test_the_same_id_with_other_content_is_another_signal() -> None:
    assert read(body(), NOW).signal.dedup_key != read(body(text="x"), NOW).signal.dedup_key
    assert read(body(), NOW).signal.dedup_key == read(body(), NOW).signal.dedup_key


def test_a_wrong_clock_is_flagged_in_either_form() -> None:
    assert clock_flags(str(int(NOW.timestamp())), NOW) == ()
    assert clock_flags("2026-03-14T09:26:53Z", NOW) == ()
    assert clock_flags(str(int(NOW.timestamp()) * 1000), NOW) == ()
    assert clock_flags("1", NOW) == ("clock_off",)
    assert clock_flags("noon", NOW) == ("clock_off",)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_never_raise_anything_else(noise: bytes) -> None:
    with pytest.raises(NeverAcceptable):
        read(noise, NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(
    st.dictionaries(
        st.sampled_from(["lat", "lon", "datum", "text", "extra", "occurred_at"]), json_values
    )
)
def test_no_trimming_whatever_it_is_costs_an_sos(trimmings: dict[str, object]) -> None:
    raw = json.dumps({"id": "1", "device": "d", "kind": "sos"} | trimmings).encode(
        "utf-8", "surrogatepass"
    )
    assert read(raw, NOW).signal.kind is Kind.SOS


def test_g3_a_text_that_is_a_deep_nest_of_lists_loses_no_alarm():
    nest = b"[" * 990 + b"]" * 990
    reading = read(b'{"id": "1", "device": "d", "kind": "sos", "text": ' + nest + b"}", NOW)
    assert reading.signal.kind is Kind.SOS
