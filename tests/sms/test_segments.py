"""Parts of a text, against the limits of TS 23.040."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms import segments
from callcenter.sms.segments import Encoding


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", Encoding.GSM7, 0, 1),
        ("a" * 160, Encoding.GSM7, 160, 1),
        ("a" * 161, Encoding.GSM7, 161, 2),
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("€" * 80, Encoding.GSM7, 160, 1),
        ("€" * 81, Encoding.GSM7, 162, 2),
        # 153 septets hold 76 extension characters: the 153 to 154 pair is not split
        ("€" * 153, Encoding.GSM7, 306, 3),
        ("a" + "€" * 76, Encoding.GSM7, 153, 1),
        ("救" * 70, Encoding.UCS2, 70, 1),
        ("救" * 71, Encoding.UCS2, 71, 2),
        ("救" * 134, Encoding.UCS2, 134, 2),
        ("救" * 135, Encoding.UCS2, 135, 3),
        ("😀" * 35, Encoding.UCS2, 70, 1),
        ("😀" * 36, Encoding.UCS2, 72, 2),
        # 67 units hold 33 characters of two units
        ("😀" * 67, Encoding.UCS2, 134, 3),
        ("a" * 70 + "ç", Encoding.UCS2, 71, 2),
        ("[Yuyinli Care]", Encoding.GSM7, 16, 1),
    ],
)
def test_a_text_needs_as_many_parts_as_the_network_would_carry(text, encoding, units, parts):
    assert segments.encoding_of(text) is encoding
    assert segments.units(text) == units
    assert segments.count(text) == parts
    assert segments.fits_one(text) == (parts == 1)


def test_the_tables_hold_what_ts_23_038_lists():
    assert len(segments.GSM7_BASIC) == 127  # 128 positions, one of them the escape to the extension
    assert len(segments.GSM7_EXTENSION) == 10
    assert not segments.GSM7_BASIC & segments.GSM7_EXTENSION


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(st.text(max_size=400))
def test_parts_joined_are_the_text_and_each_part_fits(text):
    parts = segments.split(text)
    limits = segments.LIMITS[segments.encoding_of(text)]
    cost = {Encoding.GSM7: _septets, Encoding.UCS2: _utf16}[segments.encoding_of(text)]
    assert "".join(parts) == text
    assert all(cost(part) <= (limits.single if len(parts) == 1 else limits.part) for part in parts)


def _septets(text):
    return sum(2 if c in segments.GSM7_EXTENSION else 1 for c in text)


def _utf16(text):
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def test_septets_are_read_by_the_two_tables():
    basic = bytes(septet for septet in range(128) if septet != 0x1B)
    assert set(segments.from_gsm7(basic)) == segments.GSM7_BASIC
    extension = b"\x1b\x0a\x1b\x14\x1b(\x1b)\x1b/\x1b<\x1b=\x1b>\x1b@\x1be"
    assert segments.from_gsm7(extension) == "\f^{}\\[~]|€"
    assert segments.from_gsm7(b"1\x1bA\x80\x1b") == "1\ufffd\ufffd\ufffd"
