"""HTTP JSON bodies: an alarm is never refused for its trimmings."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.devices.protocols.http_json import (
    NeverAcceptable,
    clock_flags,
    read,
    signature,
    signature_matches,
)
from callcenter.devices.signals import Kind, Position

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def body(**fields: object) -> bytes:
    return orjson.dumps({"id": "1", "device": "EP-0001", "kind": "sos"} | fields)


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


@pytest.mark.parametrize("missing", ["id", "device", "kind"])
def test_only_who_what_and_which_are_needed(missing: str) -> None:
    with pytest.raises(NeverAcceptable) as refused:
        read(body(**{missing: None}), NOW)
    assert refused.value.field == missing


def test_a_body_in_gb18030_or_with_a_cut_character_is_read() -> None:
    chinese = '{"id":"1","device":"EP-1","kind":"sos","text":"厨房"}'
    assert read(chinese.encode("gb18030"), NOW).signal.text == "厨房"
    assert read(chinese.encode("utf-8-sig"), NOW).signal.text == "厨房"
    cut = chinese.encode().replace("房".encode(), "房".encode()[:2])
    assert read(cut, NOW).signal.identifier == "EP-1"


def test_the_same_id_with_other_content_is_another_signal() -> None:
    assert read(body(), NOW).signal.dedup_key != read(body(text="x"), NOW).signal.dedup_key
    assert read(body(), NOW).signal.dedup_key == read(body(), NOW).signal.dedup_key


def test_a_signature_holds_timestamp_and_body() -> None:
    given = signature(b"secret", "1773480413", b"{}")
    assert given.startswith("v1=")
    assert signature_matches(b"secret", "1773480413", b"{}", given)
    assert not signature_matches(b"secret", "1773480414", b"{}", given)
    assert not signature_matches(b"secret", "1773480413", b"{} ", given)
    assert not signature_matches(b"other", "1773480413", b"{}", given)


def test_a_wrong_clock_is_flagged_in_either_form() -> None:
    assert clock_flags(str(int(NOW.timestamp())), NOW) == ()
    assert clock_flags("2026-03-14T09:26:53Z", NOW) == ()
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
