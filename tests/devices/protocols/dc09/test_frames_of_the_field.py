"""DC-09 as panels really send it: each frame is whole and its CRC right, so somebody hears of it, as `unknown` at worst."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.devices.codec import DeviceKey, Frame, Refusal
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.events import MAX_SEPARATE
from callcenter.devices.protocols.dc09.frame import Form, Span, crc16, wrap
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass

NOW = datetime(2026, 11, 22, 4, 12, 30, tzinfo=UTC)
KEY = DeviceKey(bytes(range(16)))


def read(frame: bytes, codec: Dc09Codec | None = None) -> Frame:
    codec = codec or Dc09Codec()
    frames = codec.receive(frame, NOW, {}) + codec.finish(NOW, {})
    assert len(frames) == 1, frames
    assert codec.unfinished() == b""
    return frames[0]


def heard(body: str) -> list[tuple[str, Kind]]:
    """Who and what, of a frame that must be acknowledged."""
    codec = Dc09Codec()
    frame = read(wrap(body.encode()), codec)
    assert frame.error is None, frame.error
    assert b'"ACK"' in codec.commit(frame.token)
    return [(signal.identifier, signal.kind) for signal in frame.signals]


@pytest.mark.parametrize(
    "header",
    [
        '"SIA-DCS"0001L#A101',
        '"SIA-DCS"0001R#A101',
        '"SIA-DCS"0001R0L#A101',
        '"SIA-DCS"0001r1l0#A101',
        '"SIA-DCS" 0001L0#A101',
        '"SIA-DCS"0001 L0 #A101',
        '"SIA-DCS"0001L0##A101',
        '"SIA-DCS"0001L0# A101',
        '"SIA-DCS"1L0#A101',
        '"SIA-DCS"001L0#A101',
        '"SIA-DCS"00001L0#A101',
        '"SIA-DCS"L0#A101',
        '"SIA-DCS"0001#A101',
        '"SIA-DCS"0001L000000#A101',
        '"SIA_DCS"0001L0#A101',
        '"sia-dcs"0001L0#a101',
        '"SIADCS"0001L0#A101',
        '"SIA-DCS"0001L',
        '"SIA-DCS"0001L0#',
        '"SIA-DCS"',
        '"SIA-DCS"x?y#A101',
        '"SIA-DCS0001L0#A101',
    ],
)
def test_whatever_the_header_an_sos_rings_at_its_account_and_is_acknowledged(header: str):
    assert heard(f"{header}[#A101|NQA1]") == [("A101", Kind.SOS)]


@pytest.mark.parametrize(
    ("account", "named"),
    [
        ("12345678901234567", "12345678901234567"),
        ("A1-01", "A1-01"),
        ("foc7688", "FOC7688"),
        ("7303658550", "7303658550"),
        ("B12345", "B12345"),
    ],
)
def test_an_account_may_be_written_in_any_way(account: str, named: str):
    assert heard(f'"ADM-CID"0001L0#{account}[#{account}|1101 00 007]') == [(named, Kind.SOS)]


@pytest.mark.parametrize("body", ['"', '"]"', '"?"', '"SIA-DCS"', "\"'[", '"SIA-DCS"0001L0#A101'])
def test_a_right_crc_around_nothing_readable_rings_as_unknown(body: str):
    frame = read(wrap(body.encode()))
    assert [signal.kind for signal in frame.signals] == [Kind.UNKNOWN]


def test_a_type_that_nobody_knows_rings_with_what_can_be_read_of_it():
    codec = Dc09Codec()
    frame = read(wrap(b'"ADM-41E"0003R1L0#1234[x]'), codec)
    assert [(s.identifier, s.kind) for s in frame.signals] == [("1234", Kind.UNKNOWN)]
    assert frame.error is not None
    assert b'"DUH"' in codec.refuse(frame.token, frame.error.refusal)
    assert heard('"SIA-PUL"0003L0#A101[#A101|NQA1]') == [("A101", Kind.SOS)]


@pytest.mark.parametrize("poll", ["NULL", "null", "XNM"])
@pytest.mark.parametrize("content", ["[]", "[#1997]", "[1997]", "[#1997|]", "[0]", "[][V1.2]", ""])
def test_a_poll_rings_nobody_whatever_its_header(poll: str, content: str):
    assert heard(f'"{poll}"0001L#1997{content}') == []


def test_a_poll_that_carries_an_event_is_one():
    assert heard('"NULL"0000L0#A101[#A101|NQA1]') == [("A101", Kind.SOS)]
    assert heard('"NULL"0000L0#A101[#A101|1101 00 007]') == [("A101", Kind.SOS)]
    assert heard('"NULL"0000L0#A101[#A101|NZZ1]') == [("A101", Kind.UNKNOWN)]


# ---- CRC, length and end


@pytest.mark.parametrize(
    "line",
    [
        'AA1A0047"ADM-CID"0227R4F39L4F39#4F39[#4F39|3401 01 057]',
        '155A0047"ADM-CID"0228R4F39L4F39#4F39[#4F39|3401 01 057]',
        'F19A002B"ADM-CID"0056L9999#9999[#9999|1900 00 001]',
        '58DE002B"ADM-CID"0061L9999#9999[#9999|1602 00 001]',
    ],
)
def test_a_crc_that_counts_the_carriage_return_is_right_and_answered_alike(line: str):
    # As users of two other receivers report them from their panels.
    codec = Dc09Codec()
    frame = read(b"\n" + line.encode() + b"\r", codec)
    assert frame.error is None
    assert "crc_span" in frame.signals[0].flags
    answer = codec.commit(frame.token)
    assert b'"ACK"' in answer
    assert int(answer[1:5], 16) == crc16(answer[9:])


@pytest.mark.parametrize("span", list(Span))
@pytest.mark.parametrize("binary", [False, True])
def test_each_known_span_of_the_crc_is_read_and_answered_in_kind(span: Span, binary: bool):
    form = Form(binary, span)
    codec = Dc09Codec()
    frame = read(wrap(b'"SIA-DCS"0001L0#A101[#A101|NQA1]', form=form), codec)
    assert [s.kind for s in frame.signals] == [Kind.SOS]
    assert codec.commit(frame.token) == wrap(b'"ACK"0001L0#A101[]', form=form)


SOS = wrap(b'"SIA-DCS"0001L0#A101[#A101|NQA1]')


@pytest.mark.parametrize(
    "sent",
    [
        SOS[:-1],
        SOS[:-1] + b"\0",
        SOS[:-1] + b"\0\r",
        SOS[:-1] + b" \r",
        SOS[:-1] + b"\0\0\0\0",
        SOS[:-1] + b"\n",
        SOS + b"\0",
        SOS + b"\r\n\0",
        SOS[1:],
        SOS[1:-1],
        b"\0\0" + SOS,
        b"\r\n" + SOS,
        SOS.replace(b"0020", b"0032"),
        SOS[:-1].replace(b"0020", b"0032"),
        SOS[:-1] + b"_04:12:30,11-22-2026\r",
    ],
    ids=repr,
)
def test_a_frame_without_its_end_or_with_something_behind_it_is_read(sent: bytes):
    assert [(s.identifier, s.kind) for s in read(sent).signals] == [("A101", Kind.SOS)]


def test_a_frame_without_its_end_is_answered_while_the_connection_stays_open():
    codec = Dc09Codec()
    [first] = codec.receive(SOS[:-1], NOW, {})
    assert codec.commit(first.token) == wrap(b'"ACK"0001L0#A101[]')
    [second] = codec.receive(SOS[:-1], NOW, {})
    assert second.signals[0].kind is Kind.SOS


def test_a_wrong_crc_is_still_wrong():
    codec = Dc09Codec()
    [frame] = codec.receive(SOS.replace(b"NQA1", b"NQB1"), NOW, {})
    assert frame.error is not None
    assert frame.error.refusal is Refusal.UNDECODABLE


# ---- codes and blocks


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("R101", Kind.RESTORE),
        ("E101", Kind.SOS),
        ("E101 00 007", Kind.SOS),
        ("101 00 007", Kind.SOS),
        ("1101 1 001", Kind.SOS),
        ("1101 001", Kind.SOS),
        ("1101 00 0001", Kind.SOS),
        ("1101 00 00001", Kind.SOS),
        ("1101-00-001", Kind.SOS),
        ("1101,00,001", Kind.SOS),
        ("1001181101000011", Kind.SOS),
        ("100118110100001", Kind.SOS),
        ("1001 18 1101 00 001 1", Kind.SOS),
        ("31001181101000011", Kind.SOS),
        ("18 1101 01 001", Kind.SOS),
        ("98 1101 01 001", Kind.SOS),
        ("181101 01 001", Kind.SOS),
        ("18110101001", Kind.SOS),
        ("3301 00 000", Kind.POWER_RESTORE),
        ("1130 00 007", Kind.INTRUSION),
        ("NQA1", Kind.SOS),
    ],
)
def test_contact_id_is_read_however_it_is_spaced(block: str, kind: Kind):
    assert [k for _, k in heard(f'"ADM-CID"0001L0#A101[#A101|{block}]')] == [kind]


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("Npi0/AT", Kind.POWER_FAIL),
        ("Nri2/id15/OP", Kind.INFORMATION),
        ("Nri0/QA1", Kind.SOS),
        ("NRI1/QA1", Kind.SOS),
        ("nri1/qa1", Kind.SOS),
        ("nqa1", Kind.SOS),
        ("1101 00 007", Kind.SOS),
        ("Nri1HA1", Kind.SOS),
    ],
)
def test_sia_blocks_of_other_makers(block: str, kind: Kind):
    assert [k for _, k in heard(f'"SIA-DCS"0001L0#A101[#A101|{block}]')] == [kind]


@pytest.mark.parametrize(
    "stray", ["0", "00", "abc", "-", "?", "TEST", "V1.2", "0000", "1234", "NEWS"]
)
@pytest.mark.parametrize(
    ("token", "test"), [("SIA-DCS", "NRP"), ("ADM-CID", "1602 00 000")], ids=["sia", "cid"]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_stray_block_beside_the_daily_test_rings_nobody(
    token: str, test: str, stray: str, first: bool
):
    blocks = f"{stray}|{test}" if first else f"{test}|{stray}"
    assert heard(f'"{token}"0014L0#A103[#A103|{blocks}]') == [("A103", Kind.TEST)]


def test_stray_blocks_alone_ring_once():
    assert heard('"SIA-DCS"0014L0#A103[#A103|0|abc]') == [("A103", Kind.UNKNOWN)]


@pytest.mark.parametrize(
    "inner",
    ["#0000|", "0000|", "# 0000|", "#00000000|", "##0000|", "#0000 ", "#0000,", "L0#0000|", "#|"],
)
def test_an_account_inside_that_is_nobodys_does_not_hide_the_header_s(inner: str):
    frame = read(wrap(f'"SIA-DCS"0097L0#A103[{inner}Nri0/QA1]'.encode()))
    [signal] = frame.signals
    assert (signal.identifier, signal.kind) == ("A103", Kind.SOS)
    assert signal.also in ((), ("0000", "A103"))


@pytest.mark.parametrize("inner", ["#77aa|", "77aa|", "# 77AA |", "#0077AA|", "L0#77aa|", "#77AA "])
def test_an_account_inside_is_the_first_to_be_looked_for_however_it_is_written(inner: str):
    [signal] = read(wrap(f'"ADM-CID"0097L0#A103[{inner}1101 00 007]'.encode())).signals
    assert (signal.also, signal.kind) == (("77AA", "A103"), Kind.SOS)


def test_behind_a_receiver_on_the_factory_account_the_inner_account_tells_homes_apart():
    [signal] = read(wrap(b'"SIA-DCS"0097L0#0000[#A107|NQA1]')).signals
    assert (signal.identifier, signal.also) == ("A107", ("A107", "0000"))


def test_a_frame_of_hundreds_of_events_is_few_signals_and_loses_no_kind():
    blocks = "|".join([f"NXT{n}" for n in range(200)] + ["NQA7"])
    frame = read(wrap(f'"SIA-DCS"0001L0#A101[#A101|{blocks}]'.encode()))
    assert [s.kind for s in frame.signals] == [Kind.LOW_BATTERY, Kind.SOS]
    assert len(frame.signals[0].extra["also"]) == 199
    few = "|".join([f"NXT{n}" for n in range(MAX_SEPARATE)])
    assert len(heard(f'"SIA-DCS"0001L0#A101[#A101|{few}]')) == MAX_SEPARATE


# ---- text, time and place


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("厨房".encode(), "厨房"),
        ("厨房".encode("gb18030"), "厨房"),
        ("张喆".encode("gb18030"), "张喆"),
        ("Küche".encode("cp1252"), "Küche"),
        ("Küche".encode(), "Küche"),
    ],
)
def test_text_is_read_in_the_encoding_of_its_panel(sent: bytes, text: str):
    [signal] = read(wrap(b'"SIA-DCS"0001L0#A101[#A101|NQA1^' + sent + b"^]")).signals
    assert (signal.kind, signal.text) == (Kind.SOS, text)


@pytest.mark.parametrize(
    ("xdata", "flag"),
    [
        ("[X000E00.0][Y00N00.0]", "position_zero"),
        ("[X0][Y0]", "position_zero"),
        ("[X999][Y10]", "position_not_read"),
        ("[Xnan][Ynan]", "position_not_read"),
        ("[X104E00.06]", "position_not_read"),
        ("[X104E75.0][Y40N00.0]", "position_not_read"),
    ],
)
def test_what_is_no_position_is_left_out_and_said(xdata: str, flag: str):
    [signal] = read(wrap(f'"SIA-DCS"0001L0#A101[#A101|NQA1]{xdata}'.encode())).signals
    assert (signal.kind, signal.position) == (Kind.SOS, None)
    assert flag in signal.flags


@pytest.mark.parametrize("pad", [b"ab]cdefghijklmno", b"ab[cdefghijklmno", b"]]]]]]]]", b"a|b|c]d"])
def test_a_pad_with_signs_that_should_not_be_there_hides_no_alarm(pad: bytes):
    content = b"#A101|NQA1]_" + format_stamp(NOW)

    def given(length: int) -> bytes:
        return (pad * length)[:length]

    sent = wrap(b'"*SIA-DCS"0001L0#A101[' + seal(content, KEY.secret, given))
    [frame] = Dc09Codec().receive(sent, NOW, {"A101": KEY})
    assert frame.error is None
    assert [(s.identifier, s.kind) for s in frame.signals] == [("A101", Kind.SOS)]


# ---- no optional part matters

OPTIONAL = st.text(st.characters(codec="latin-1", exclude_characters='\n\r\0[]|"'), max_size=20)


@settings(max_examples=300, deadline=None)
@given(line=OPTIONAL, tail=OPTIONAL, stray=OPTIONAL, xdata=st.lists(OPTIONAL, max_size=3))
def test_no_optional_part_whatever_it_is_costs_an_sos(
    line: str, tail: str, stray: str, xdata: list[str]
):
    blocks = "".join(f"[{block}]" for block in xdata)
    body = f'"SIA-DCS"0001L{line.replace("#", "")}#A101[#A101|NQA1|{stray}]{blocks}{tail}'
    frame = read(wrap(body.encode("latin-1")))
    assert any(s.kind is Kind.SOS and s.identifier == "A101" for s in frame.signals), frame
    assert all(CLASS_OF[s.kind] is not SignalClass.RECORD for s in frame.signals[:1])
