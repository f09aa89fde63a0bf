"""DC-09 as panels really send it: each frame is whole and its CRC right, so somebody hears of it, as `unknown` at worst."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

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
        '"SIA-DCS"0001RL#A101',
        '"SIA-DCS"0001L0R0#A101',
        '"SIA-DCS"0001R0xL0x#A101',
        '"SIA-DCS"00-01L0#A101',
        '"SIA-DCS"0001L-1#A101',
        '"SIA-DCS"0001\tL0#A101',
        '"SIA-DCS",0001,L0,#A101',
        '"SIA-DCS"0001R123456789L0#A101',
        '"SIA-DCS"0001L0#A101-',
        '"SIA-DCS"0001L0#A101,',
        '" SIA-DCS "0001L0#A101',
        '"SIA DCS"0001L0#A101',
        '"DCS"0001L0#A101',
        '"CID"0001L0#A101',
        '""0001L0#A101',
    ],
)
def test_whatever_the_header_an_sos_rings_at_its_account_and_is_acknowledged(header: str):
    assert heard(f"{header}[#A101|NQA1]") == [("A101", Kind.SOS)]


@pytest.mark.parametrize(
    "content",
    [
        *(
            "#A101|NQA1]",
            "(#A101|NQA1)",
            "{#A101|NQA1}",
            "<#A101|NQA1>",
            "[[#A101|NQA1]]",
            "[#A101|NQA1",
        ),
        *(
            "[#A101|NQA1]]",
            "[][#A101|NQA1]",
            "[#A101|NQA1][",
            "[#A101|NQA1]]]_x",
            "[\t#A101|NQA1 ]",
            "[#A101|NQA1];",
        ),
    ],
)
def test_whatever_the_brackets_an_sos_rings_at_its_account(content: str):
    assert heard(f'"SIA-DCS"0001L0#A101{content}') == [("A101", Kind.SOS)]


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
@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "[#1997]",
        "[1997]",
        "[#1997|]",
        "[0]",
        "[][V1.2]",
        "",
        "[100]",
        "[101]",
        "[RSSI=23]",
        "[OK]",
        "[0123456789ABCDEF0123456789ABCDEF]",
    ],
)
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
        SOS.replace(b"0020", b"020"),
        SOS.replace(b"0020", b"20"),
        SOS.replace(b"0020", b"00020"),
        SOS.replace(b"0020", b""),
        SOS.replace(b"0020", b"0000"),
        SOS.replace(b"0020", b"002A"),
        SOS.replace(b"0020", b"0020 "),
        SOS.replace(b"0020", b" 0020"),
        b"\n0x" + SOS[1:],
        SOS.lower()
        .replace(b"a101", b"A101")
        .replace(b"sia-dcs", b"SIA-DCS")
        .replace(b"l0", b"L0")
        .replace(b"nqa", b"NQA"),
        b"\x02" + SOS[:-1] + b"\x03",
        b"   " + SOS[1:],
        b"\xef\xbb\xbf" + SOS,
        SOS[:-1] + b"\x04\r",
    ],
    ids=repr,
)
def test_a_frame_without_its_end_or_with_something_behind_it_is_read(sent: bytes):
    codec = Dc09Codec()
    frames = codec.receive(sent, NOW, {}) + codec.finish(NOW, {})
    assert [(s.identifier, s.kind) for f in frames for s in f.signals] == [("A101", Kind.SOS)]


@pytest.mark.parametrize(
    "form", [Form(swapped=True), Form(start=0xFFFF), Form(True, swapped=True)], ids=str
)
def test_other_ways_to_write_a_crc_are_read_and_answered_in_kind(form: Form):
    codec = Dc09Codec()
    frame = read(wrap(b'"SIA-DCS"0001L0#A101[#A101|NQA1]', form=form), codec)
    assert [s.kind for s in frame.signals] == [Kind.SOS]
    assert "crc_span" in frame.signals[0].flags
    assert codec.commit(frame.token) == wrap(b'"ACK"0001L0#A101[]', form=form)


@pytest.mark.parametrize(
    "body",
    [
        "'SIA-DCS'0001L0#A101[#A101|NQA1]",
        ' "SIA-DCS"0001L0#A101[#A101|NQA1]',
        "SIA-DCS 1#A101[NQA1]",
    ],
)
def test_a_body_without_its_quotes_is_heard(body: str):
    [signal] = read(wrap(body.encode())).signals
    assert signal.identifier == "A101"


@pytest.mark.parametrize("text", ["one\ntwo", "one\r\ntwo", "one\rtwo", "\n"])
@pytest.mark.parametrize("step", [1, 7, 256])
def test_line_ends_within_a_text_do_not_end_its_frame(text: str, step: int):
    codec = Dc09Codec()
    stream = wrap(f'"SIA-DCS"0001L0#A101[#A101|NQA1^{text}^]'.encode()) + SOS
    frames = [
        f
        for at in range(0, len(stream), step)
        for f in codec.receive(stream[at : at + step], NOW, {})
    ]
    assert [[s.kind for s in f.signals] for f in frames] == [[Kind.SOS], [Kind.SOS]]


def test_a_torn_frame_keeps_no_whole_one_waiting():
    codec = Dc09Codec()
    torn, *rest = codec.receive(SOS[:-10] + b"\r" + SOS[:-12] + SOS, NOW, {})
    assert torn.error is not None
    assert [s.kind for f in rest for s in f.signals] == [Kind.SOS]


def test_neighbouring_rubbish_is_one_piece():
    rubbish, sos = Dc09Codec().receive(b"\nX" * 120 + SOS, NOW, {})
    assert rubbish.raw == b"\nX" * 120
    assert sos.signals[0].kind is Kind.SOS


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
        *(
            (block, Kind.SOS)
            for block in ("1101_00_007", "E 101 00 007", "1,101,00,007", "1101 000 0007", "1101007")
        ),
        *(
            (block, Kind.SOS)
            for block in (
                "1101 00 007.",
                "1101 00 U007",
                "E101 G01 C007",
                "1101 P01 Z007",
                "1101(00)(007)",
            )
        ),
        *(
            (block, Kind.SOS)
            for block in (
                "1101 00 007 Kitchen",
                "1101 AREA 1 ZONE 7",
                '"1101 00 007"',
                "CID 1101 00 007",
            )
        ),
        *(
            (block, Kind.SOS)
            for block in (
                "01101 00 007",
                "A101 1101 00 007",
                "１１０１ 00 007",
                "E1101 00 007",
                "1101 -- ---",
            )
        ),
        ("3401 01 057 by user", Kind.INFORMATION),
        ("1602 00 000 ^daily^", Kind.TEST),
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
        *(
            (block, Kind.SOS)
            for block in (
                "N QA1",
                "N,QA1",
                "N/QA1",
                "N-QA1",
                "/NQA1",
                "NNQA1",
                "New QA1",
                "*NQA1",
                '"NQA1"',
            )
        ),
        *(
            (block, Kind.SOS)
            for block in (
                "Nri1,QA7",
                "N ri1 QA7",
                "Nri1//QA7",
                "Nph+86138/QA7",
                "qa",
                "Nqa1",
                "厨房NQA1",
                "ＮＱＡ１",
            )
        ),
        ('"NRP"', Kind.TEST),
    ],
)
def test_sia_blocks_of_other_makers(block: str, kind: Kind):
    assert [k for _, k in heard(f'"SIA-DCS"0001L0#A101[#A101|{block}]')] == [kind]


@pytest.mark.parametrize(
    "stray",
    [
        *(
            "0",
            "00",
            "abc",
            "-",
            "?",
            "TEST",
            "V1.2",
            "0000",
            "1234",
            "NEWS",
            "ABC",
            "OK",
            "END",
            "100",
            "110",
            "123",
            "101",
        ),
        *(
            "1602",
            "12345",
            "A103",
            "#A103",
            "[]",
            "AABBCCDDEEFF",
            "2026-11-22",
            "04:12:30,11-22-2026",
            "RSSI=23",
            "12.6V",
        ),
        *(
            "S/N 123456",
            "860000000000017",
            "T25.5",
            "AT+CSQ",
            "SOS?",
            "测试",
            "NaN",
            "N/A",
            "192.168.1.1",
        ),
    ],
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


@pytest.mark.parametrize("inside", ["NQA1", "New QA1", "厨房NQA1", "(NQA1)"])
@pytest.mark.parametrize("first", [True, False])
def test_an_sos_in_an_odd_block_beside_a_test_still_rings(inside: str, first: bool):
    blocks = f"{inside}|NRP" if first else f"NRP|{inside}"
    assert ("A103", Kind.SOS) in heard(f'"SIA-DCS"0014L0#A103[#A103|{blocks}]')


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


@pytest.mark.parametrize(
    "data",
    [
        "#A101NQA1",
        "A101NQA1",
        "A101 NQA1",
        "A101,NQA1",
        "#A101=NQA1",
        "0000NQA1",
        "0000 NQA1",
        "#0000NQA1",
    ],
)
def test_an_account_inside_that_runs_into_its_event_hides_neither(data: str):
    assert heard(f'"SIA-DCS"0097L0#A101[{data}]') == [("A101", Kind.SOS)]


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


@pytest.mark.parametrize(
    ("xdata", "place"),
    [
        ("[X104E00.042][Y40N00.072]", (40.0012, 104.0007)),
        ("[x104E00.042][y40N00.072]", (40.0012, 104.0007)),
        ("[X104.0007E][Y40.0012N]", (40.0012, 104.0007)),
        ("[XE104.0007][YN40.0012]", (40.0012, 104.0007)),
        ("[X+104.0007][Y+40.0012]", (40.0012, 104.0007)),
        ("[X104,0007][Y40,0012]", (40.0012, 104.0007)),
        ("[X 104E00.042 ][Y 40N00.072 ]", (40.0012, 104.0007)),
        ("[X10400.042E][Y4000.072N]", (40.0012, 104.0007)),
        ("[X104°00'02.52\"E][Y40°00'04.32\"N]", (40.0012, 104.0007)),
        ("[Y104E00.042][X40N00.072]", (40.0012, 104.0007)),
        ("[X104W00.042][Y40S00.072]", (-40.0012, -104.0007)),
    ],
)
def test_a_position_is_read_however_it_is_written(xdata: str, place: tuple[float, float]):
    [signal] = read(wrap(f'"SIA-DCS"0001L0#A101[#A101|NQA1]{xdata}'.encode())).signals
    assert signal.position is not None
    assert (signal.position.lat, signal.position.lng) == pytest.approx(place)


@pytest.mark.parametrize(
    "stamp",
    [
        *(
            "04:12:30,11-22-2026",
            "04:12:30,22-11-2026",
            "4:12:30,11-22-2026",
            "04:12:30, 11-22-2026",
            "04:12:30 11/22/2026",
        ),
        *(
            "04:12:30,11-22-26",
            "04:12:30.5,11-22-2026",
            "2026-11-22T04:12:30Z",
            "2026-11-22 04:12:30",
            "04:12:30,2026-11-22",
        ),
    ],
)
def test_an_encrypted_sos_is_acknowledged_however_its_time_is_written(stamp: str):
    codec = Dc09Codec()
    sent = seal(b"#A101|NQA1]_" + stamp.encode(), KEY.secret, lambda n: b"p" * n)
    [frame] = codec.receive(wrap(b'"*SIA-DCS"0001L0#A101[' + sent), NOW, {"A101": KEY})
    assert (frame.error, [s.kind for s in frame.signals]) == (None, [Kind.SOS])


def test_a_panel_that_writes_local_time_is_understood_where_its_listener_says_so():
    codec = Dc09Codec(zone=ZoneInfo("Asia/Shanghai"))
    sent = seal(
        b"#A101|NQA1][H12:12:01,11-22-2026]_12:12:30,11-22-2026", KEY.secret, lambda n: b"p" * n
    )
    [frame] = codec.receive(wrap(b'"*SIA-DCS"0001L0#A101[' + sent), NOW, {"A101": KEY})
    assert frame.error is None
    assert frame.signals[0].occurred_at == datetime(2026, 11, 22, 4, 12, 1, tzinfo=UTC)


def test_a_time_that_is_none_is_left_out_and_said():
    [signal] = read(wrap(b'"SIA-DCS"0001L0#A101[#A101|NQA1][Hyesterday]')).signals
    assert (signal.kind, signal.occurred_at) == (Kind.SOS, None)
    assert "time_not_read" in signal.flags


@pytest.mark.parametrize(
    "head",
    [
        '"SIA-DCS*"0001L0#A101[',
        '"SIA-DCS"0001L0#A101[',
        '"*SIA-DCS"0001L#a101[ ',
        '"*SIA-DCS"1R#A101[',
    ],
)
def test_an_encrypted_message_is_known_by_its_looks(head: str):
    sent = head.encode() + seal(b"#A101|NQA1]_" + format_stamp(NOW), KEY.secret, lambda n: b"p" * n)
    codec = Dc09Codec()
    [frame] = codec.receive(wrap(sent + b" "), NOW, {"A101": KEY})
    assert (frame.error, [(s.identifier, s.kind) for s in frame.signals]) == (
        None,
        [("A101", Kind.SOS)],
    )
    [unopened] = codec.receive(wrap(sent), NOW, {})
    assert [s.kind for s in unopened.signals] == [Kind.UNKNOWN]


def test_a_message_that_says_it_is_encrypted_and_is_not_is_read():
    assert heard('"*SIA-DCS"0001L0#A101[#A101|NQA1]_04:12:30,11-22-2026') == [("A101", Kind.SOS)]


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
