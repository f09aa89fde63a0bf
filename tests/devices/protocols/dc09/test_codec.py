"""DC-09: what is read, what is answered, and that nothing a dialler sends can hurt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from siadc09 import account as independent_account, message as independent
from siadc09.xdata import Data

from callcenter.devices.codec import DeviceKey, Frame, Refusal
from callcenter.devices.protocols.dc09 import ClockRule, Dc09Codec
from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.frame import MAX_FRAME_BYTES, wrap
from callcenter.devices.signals import Kind

NOW = datetime(2026, 11, 22, 4, 12, 30, tzinfo=UTC)
KEY = bytes(range(16))
SAMPLES = Path(__file__).parent.parent / "samples" / "dc09"


COUNTED_WITHOUT_TIME = (4,)
"""Their CRC is right over what their length says."""


def samples(name: str) -> list[dict]:
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def key_of(row: dict) -> dict[str, DeviceKey]:
    key = row.get("key")
    if key is None:
        return {}
    secret = bytes.fromhex(key["hex"]) if "hex" in key else key["ascii"].encode()
    return {"1234": DeviceKey(secret), "0AAA": DeviceKey(secret), "AAAB": DeviceKey(secret)}


def read_one(
    frame: bytes, keys: Mapping[str, DeviceKey] | None = None, codec: Dc09Codec | None = None
) -> Frame:
    codec = codec or Dc09Codec()
    frames = codec.receive(frame, NOW, keys or {}) + codec.finish(NOW, keys or {})
    assert len(frames) == 1
    return frames[0]


def encrypted(
    content: bytes, *, key: bytes = KEY, token: bytes = b"SIA-DCS", seq: bytes = b"0007"
) -> bytes:
    return wrap(b'"*' + token + b'"' + seq + b"R1L0#1234[" + seal(content, key))


def event(data: bytes, *, header: bytes = b'"SIA-DCS"0001L0#1234') -> bytes:
    return wrap(header + b"[" + data + b"]")


@pytest.mark.parametrize(
    "row", samples("dc09_samples.jsonl"), ids=lambda r: f"{r['group']}-{r['seq']}"
)
def test_published_frames_read_as_their_projects_say(row):
    frame = read_one(bytes.fromhex(row["message"]), key_of(row))
    expected = row["expectation"]
    if not expected["crc_ok"] and row["seq"] not in COUNTED_WITHOUT_TIME:
        assert frame.error is not None
        assert frame.error.refusal is Refusal.UNDECODABLE
        assert frame.signals == ()
        return
    account = canonical_account(expected["account"])
    assert frame.identifier == account
    for signal in frame.signals:
        assert signal.identifier == account
        if expected["crc_ok"]:
            assert ("length_off" in signal.flags) is not expected["length_ok"]
    if expected["crc_ok"] and "code" in expected:
        assert [s.extra["code"] for s in frame.signals] == [expected["code"]]
    assert frame.liveness is (b"NULL" in frame.raw)


@pytest.mark.parametrize(
    "row", samples("dc09_dialler_captures.jsonl"), ids=lambda r: f"{r['group']}-{r['seq']}"
)
def test_diallers_get_the_reply_they_accepted_before(row):
    codec = Dc09Codec(ClockRule(accept_wrong=True))
    frame = read_one(bytes.fromhex(row["message"]), key_of(row), codec)
    assert frame.error is None
    reply = codec.commit(frame.token)
    accepted = bytes.fromhex(row["replies"][0]["hex"])
    if not row["time_dependent"]:
        assert reply == accepted
        return
    assert (len(reply), reply[5:29]) == (len(accepted), accepted[5:29])
    read = independent.parse_frame(reply, bytes.fromhex(row["key"]["hex"]))
    assert (read.idtoken, read.encrypted, read.timestamp) == ("ACK", True, NOW)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"#1234|1101 00 007", Kind.SOS, "101"),
        (b"#1234|1100 00 001", Kind.MEDICAL, "100"),
        (b"#1234|1103 01 002", Kind.FALL, "103"),
        (b"#1234|1641 00 000", Kind.INACTIVITY, "641"),
        (b"#1234|1111 00 003", Kind.SMOKE, "111"),
        (b"#1234|1162 00 003", Kind.GAS, "162"),
        (b"#1234|3101 00 007", Kind.RESTORE, "101"),
        (b"#1234|6101 00 007", Kind.SOS, "101"),
        (b"#1234|1384 00 007", Kind.LOW_BATTERY, "384"),
        (b"#1234|1301 00 000", Kind.POWER_FAIL, "301"),
        (b"#1234|3301 00 000", Kind.POWER_RESTORE, "301"),
        (b"#1234|1602 00 000", Kind.TEST, "602"),
        (b"#1234|3602 00 000", Kind.TEST, "602"),
        (b"#1234|11A1 0A 007", Kind.SOS, "101"),
        (b"#1234|110100007", Kind.SOS, "101"),
        (b"1101 00 007", Kind.SOS, "101"),
        (b"#1234|1777 00 007", Kind.UNKNOWN, "777"),
        (b"#1234|help me", Kind.UNKNOWN, "help"),
        (b"", Kind.UNKNOWN, ""),
    ],
)
def test_contact_id_codes(data, kind, code):
    frame = read_one(event(data, header=b'"ADM-CID"0001R1L0#1234'))
    assert [(s.kind, s.extra["code"]) for s in frame.signals] == [(kind, code)]


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (b"#1234|Nri1QA7|APendant", Kind.SOS, "Pendant"),
        (b"#1234|NPA", Kind.SOS, None),
        (b"#1234|NMA3^Bathroom^", Kind.MEDICAL, "Bathroom"),
        (b"#1234|Nti04:12:30id7/FA12", Kind.SMOKE, None),
        (b'#1234|NQA7*"my text"NM', Kind.SOS, "my text"),
        (b"#1234|NNA", Kind.INACTIVITY, None),
        (b"#1234|NA", Kind.INACTIVITY, None),
        (b"#1234|QA7", Kind.SOS, None),
        (b"#1234|OQA7", Kind.SOS, None),
        (b"#1234|NQR7", Kind.RESTORE, None),
        (b"#1234|NXT7", Kind.LOW_BATTERY, None),
        (b"#1234|NRP", Kind.TEST, None),
        (b"#1234|NUA3", Kind.UNKNOWN, None),
        (b"#1234|NYJ9", Kind.RESTORE, None),
        (b"#1234|NQQ9", Kind.UNKNOWN, None),
        (b"#1234|Afree text", Kind.UNKNOWN, "Afree text"),
    ],
)
def test_sia_codes(data, kind, text):
    frame = read_one(event(data))
    assert [(s.kind, s.text) for s in frame.signals] == [(kind, text)]


def test_an_unknown_code_is_acknowledged_not_sent_away_with_duh():
    codec = Dc09Codec()
    frame = read_one(event(b"#1234|NQQ9"), codec=codec)
    assert frame.error is None
    assert "unknown_code" in frame.signals[0].flags
    assert b'"ACK"0001L0#1234[]' in codec.commit(frame.token)


def test_several_blocks_are_several_signals():
    frame = read_one(event(b"#1234|Nri1QA7|ABedroom|Nri1/XT7/YT"))
    assert [s.kind for s in frame.signals] == [Kind.SOS, Kind.LOW_BATTERY, Kind.LOW_BATTERY]
    assert frame.signals[0].text == "Bedroom"
    assert frame.signals[0].extra["ri"] == "1"
    assert len({s.dedup_key for s in frame.signals}) == 3


def test_the_inner_account_is_who_calls_where_it_is_registered():
    [signal] = read_one(event(b"#77aa|NQA")).signals
    assert (signal.also, signal.identifier) == (("77AA", "1234"), "1234")
    assert signal.extra["transmitter"] == "1234"


@pytest.mark.parametrize(
    ("header", "account"),
    [
        (b'"SIA-DCS"0001#1234', "1234"),
        (b'"SIA-DCS"0001L01234', "1234"),
        (b'"SIA-DCS"0001R1L01234', "1234"),
        (b'"SIA-DCS"00011234', "1234"),
        (b'"SIA-DCS"0001RF3L77#abc', "0ABC"),
        (b'"SIA-DCS"000AL0#1234', "1234"),
    ],
)
def test_left_out_fields_are_echoed_as_they_came(header, account):
    codec = Dc09Codec()
    frame = read_one(event(b"NQA", header=header), codec=codec)
    assert (frame.identifier, frame.signals[0].identifier) == (account, account)
    assert codec.commit(frame.token) == wrap(b'"ACK"' + header.removeprefix(b'"SIA-DCS"') + b"[]")


def test_a_binary_crc_is_answered_in_the_same_form():
    codec = Dc09Codec()
    body = b'"ADM-CID"0001L0#1234[#1234|1101 00 007]'
    frame = read_one(wrap(body, binary_crc=True), codec=codec)
    assert frame.signals[0].kind is Kind.SOS
    assert codec.commit(frame.token) == wrap(b'"ACK"0001L0#1234[]', binary_crc=True)


def test_binary_crcs_that_look_like_line_ends_are_no_line_ends():
    seen = set()
    for number in range(20_000):
        frame = wrap(b'"ADM-CID"0001L0#1234[#1234|1101 00 007][I%d]' % number, binary_crc=True)
        special = frame[1:3] if set(frame[1:3]) & {0x0A, 0x0D} else b""
        if special and special not in seen:
            seen.add(special)
            assert read_one(b"\0\n" + frame).error is None, special
    assert len(seen) > 100


def test_extended_data_tell_place_and_time():
    frame = read_one(
        event(b"#1234|NQA][X104W30.5][Y40N00.06][H04:12:01,11-22-2026][LKitchen][qraw][Kabcd")
    )
    signal = frame.signals[0]
    assert (signal.position.lat, signal.position.lng) == pytest.approx((40.001, -104.508333))
    assert signal.occurred_at == datetime(2026, 11, 22, 4, 12, 1, tzinfo=UTC)
    assert signal.text == "Kitchen"
    assert signal.extra["xdata"]["q"] == "raw"
    assert "K" not in signal.extra["xdata"]


@pytest.mark.parametrize(
    "xdata",
    [b"[X999][Y]", b"[H99:99:99,99-99-2026]", b"[", b"[Hnonsense]", b"[X\xff\xfe][J{]", b"]]]"],
)
def test_bad_extended_data_cost_no_alarm(xdata):
    frame = read_one(wrap(b'"SIA-DCS"0001L0#1234[#1234|NQA]' + xdata))
    assert [(s.kind, s.position) for s in frame.signals] == [(Kind.SOS, None)]


def test_day_before_month_is_understood():
    frame = read_one(event(b"#1234|NQA][H04:12:01,22-11-2026"))
    assert frame.signals[0].occurred_at == datetime(2026, 11, 22, 4, 12, 1, tzinfo=UTC)
    frame = read_one(wrap(b'"SIA-DCS"0001L0#1234[NQA][H04:12:01,12-11-2026]_04:12:30,11-12-2026'))
    assert frame.signals[0].occurred_at == datetime(2026, 11, 12, 4, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("stamp", [b"[H04:12:01,02-11-2026]", b"]_04:12:01,02-11-2026"])
def test_month_before_day_is_not_turned_round_because_that_would_be_nearer(stamp):
    [signal] = read_one(
        wrap(b'"SIA-DCS"0001L0#1234[NQA' + b"]"[: stamp[0] == 0x5B] + stamp)
    ).signals
    assert signal.occurred_at == datetime(2026, 2, 11, 4, 12, 1, tzinfo=UTC)


def test_an_old_message_is_not_taken_for_todays_by_turning_its_date_round():
    # Recorded on 2 January and played back on 1 February, when 01-02 could be read as today.
    now = datetime(2026, 2, 1, 4, 12, 30, tzinfo=UTC)
    old = encrypted(b"#1234|NQA]_04:12:30,01-02-2026")
    [frame] = Dc09Codec().receive(old, now, {"1234": DeviceKey(KEY)})
    assert frame.error.refusal is Refusal.CLOCK


def test_a_broken_frame_between_two_good_ones_is_reported_and_not_answered():
    codec = Dc09Codec()
    good = event(b"#1234|NQA")
    broken = good.replace(b"NQA", b"NQB")
    first, bad, last = codec.receive(good + b"\0" + broken + b"\0\0" + good, NOW, {})
    assert codec.refuse(bad.token, bad.error.refusal) == b""
    assert codec.commit(last.token) == b""
    assert codec.commit(first.token).count(b"ACK") == 2
    assert bad.error.detail == "the CRC is wrong"


def test_replies_leave_in_frame_order():
    codec = Dc09Codec()
    stream = b"".join(event(b"NQA", header=b'"SIA-DCS"%04dL0#1234' % n) for n in range(1, 5))
    one, two, three, four = codec.receive(stream, NOW, {})
    assert codec.commit(three.token) == b""
    assert codec.commit(two.token) == b""
    assert codec.refuse(one.token, Refusal.NOT_STORED).count(b"ACK") == 2
    assert codec.commit(two.token) == b""
    assert codec.commit(four.token).count(b"ACK") == 1


def test_an_unknown_type_gets_duh_and_a_reply_gets_none():
    codec = Dc09Codec()
    frame = read_one(wrap(b'"ADM-41E"0003R1L0#1234[x]'), codec=codec)
    assert frame.error.refusal is Refusal.UNSUPPORTED
    assert codec.refuse(frame.token, Refusal.UNSUPPORTED) == wrap(b'"DUH"0003R1L0#1234[]')
    frame = read_one(wrap(b'"ACK"0003R1L0#1234[]'), codec=codec)
    assert codec.refuse(frame.token, frame.error.refusal) == b""


@pytest.mark.parametrize("size", [16, 24, 32])
def test_encrypted_with_each_key_size(size):
    key = bytes(range(size))
    codec = Dc09Codec()
    content = b"#1234|Nri1QA7]_" + format_stamp(NOW)
    frame = read_one(encrypted(content, key=key), {"1234": DeviceKey(key)}, codec)
    assert frame.error is None
    assert (frame.signals[0].kind, frame.signals[0].occurred_at) == (Kind.SOS, NOW)
    answer = independent.parse_frame(codec.commit(frame.token), key)
    assert (answer.idtoken, answer.seq, answer.encrypted) == ("ACK", 7, True)


@pytest.mark.parametrize(
    ("off", "accepted"), [(-41, False), (-40, True), (0, True), (20, True), (21, False)]
)
def test_an_encrypted_alarm_out_of_the_window_is_kept_and_told_the_time(off, accepted):
    codec = Dc09Codec()
    stamp = format_stamp(NOW + timedelta(seconds=off))
    frame = read_one(encrypted(b"#1234|NQA]_" + stamp), {"1234": DeviceKey(KEY)}, codec)
    assert frame.signals[0].kind is Kind.SOS
    assert (frame.error is None) is accepted
    assert ("clock_off" in frame.signals[0].flags) is not accepted
    if not accepted:
        nak = codec.refuse(frame.token, frame.error.refusal)
        assert nak == wrap(b'"NAK"0000R0L0A0[]_04:12:30,11-22-2026')


def test_the_repeat_after_a_nak_is_a_repeat():
    keys = {"1234": DeviceKey(KEY)}
    late = read_one(encrypted(b"#1234|NQA]_" + format_stamp(NOW - timedelta(hours=1))), keys)
    again = read_one(encrypted(b"#1234|NQA]_" + format_stamp(NOW)), keys)
    other = read_one(encrypted(b"#1234|NQA]_" + format_stamp(NOW), seq=b"0008"), keys)
    assert late.signals[0].dedup_key == again.signals[0].dedup_key
    assert other.signals[0].dedup_key != again.signals[0].dedup_key


def test_a_wrong_clock_may_be_accepted_and_flagged():
    codec = Dc09Codec(ClockRule(accept_wrong=True))
    frame = read_one(encrypted(b"#1234|NQA]"), {"1234": DeviceKey(KEY)}, codec)
    assert frame.error is None
    assert "clock_off" in frame.signals[0].flags
    assert b'"*ACK"' in codec.commit(frame.token)


@pytest.mark.parametrize("keys", [{}, {"1234": DeviceKey(b"another key 1234")}])
def test_what_no_key_opens_rings_as_unknown_and_gets_a_nak(keys):
    codec = Dc09Codec()
    frame = read_one(encrypted(b"#1234|NQA]_" + format_stamp(NOW)), keys, codec)
    assert frame.error.refusal is Refusal.UNDECODABLE
    assert [(s.kind, s.flags) for s in frame.signals] == [(Kind.UNKNOWN, ("unreadable",))]
    assert b'"NAK"0000' in codec.refuse(frame.token, frame.error.refusal)
    repeat = read_one(encrypted(b"#1234|NQA]_" + format_stamp(NOW)), keys)
    assert repeat.signals[0].dedup_key == frame.signals[0].dedup_key


def test_a_poll_that_no_key_opens_rings_nobody():
    frame = read_one(encrypted(b"]_" + format_stamp(NOW), token=b"NULL"))
    assert frame.signals == ()
    assert frame.error is not None


def test_in_clear_from_a_device_that_has_a_key_is_flagged():
    frame = read_one(event(b"#1234|NQA"), {"1234": DeviceKey(KEY)})
    assert frame.error is None
    assert "not_encrypted" in frame.signals[0].flags


def test_a_poll_in_clear_proves_no_life_of_a_device_that_has_a_key():
    poll, keys = wrap(b'"NULL"0000L0#1234[]'), {"1234": DeviceKey(KEY)}
    codec = Dc09Codec()
    frame = read_one(poll, keys, codec)
    assert frame.error.detail == "a poll in clear of account 1234, which has a key"
    assert b'"NAK"' in codec.refuse(frame.token, frame.error.refusal)
    assert read_one(poll, {"9999": DeviceKey(KEY)}).error is None
    assert read_one(poll, keys, Dc09Codec(accept_clear_polls=True)).error is None
    assert read_one(wrap(b'"NULL"0000L0#1234[NQA1]'), keys).signals[0].kind is Kind.SOS


@pytest.mark.parametrize(
    ("listener_accepts", "own", "accepted"),
    [(False, None, False), (True, None, True), (False, False, True), (True, True, False)],
)
def test_the_device_s_own_setting_goes_before_its_listener_s(
    listener_accepts: bool, own: bool | None, accepted: bool
):
    keys = {"1234": DeviceKey(bytes(16), own)}
    codec = Dc09Codec(accept_clear_polls=listener_accepts)
    poll = read_one(wrap(b'"NULL"0000R1L0#1234[]'), keys, codec)
    assert (poll.error is None) is accepted
    assert poll.remark == ("a poll in clear of account 1234, which has a key" if accepted else None)
    alarm = read_one(event(b"#1234|NQA7"), keys, codec)
    assert (alarm.error, [s.kind for s in alarm.signals]) == (None, [Kind.SOS])


def test_frames_of_an_independent_encoder():
    key = bytes(range(32))
    keys = {"123ABC": DeviceKey(key)}
    for secret in (None, key):
        account = independent_account.Account(acct=0x123ABC, pref=0x77, rcvr=0xF3, key=secret)
        null = independent.NullMessage(account, timestamp=NOW).encode()
        assert read_one(null, keys).liveness
        assert (read_one(null, keys).error is None) is (secret is not None)
        sent = independent.EventMessage(
            account, {"idtoken": "ADM-CID", "seqno": 42, "data": Data(b"#123ABC|1101 00 007")}
        ).encode(timestamp=NOW)
        codec = Dc09Codec()
        frame = read_one(sent, keys, codec)
        assert (frame.error, frame.signals[0].kind) == (None, Kind.SOS)
        answer = independent.parse_frame(codec.commit(frame.token), secret)
        assert (answer.idtoken, answer.seq) == ("ACK", 42)
        assert answer.account.get_id() == "123ABC:77:F3"


def test_our_duh_is_read_by_an_independent_decoder():
    codec = Dc09Codec()
    frame = read_one(wrap(b'"SIA-PUL"0003R1L0#1234[]'), codec=codec)
    assert independent.parse_frame(codec.refuse(frame.token, Refusal.UNSUPPORTED)).idtoken == "DUH"


def test_an_endless_frame_is_cut_off():
    codec = Dc09Codec()
    frames = codec.receive(b'\n00000000"' + b"x" * 3 * MAX_FRAME_BYTES, NOW, {})
    assert [len(f.raw) for f in frames] == [MAX_FRAME_BYTES] * 3
    assert all(f.error for f in frames)
    assert codec.receive(event(b"NQA"), NOW, {})[-1].error is None


def test_a_torn_frame_waits_for_its_end():
    codec = Dc09Codec()
    frame = event(b"NQA")
    assert codec.receive(frame[:-5], NOW, {}) == []
    assert codec.unfinished() == frame[:-5]
    assert len(codec.receive(frame[-5:] + b"\0\0", NOW, {})) == 1
    assert codec.unfinished() == b""


PADDING = b"\0\r\n\t "
PIECES = st.sampled_from(
    [
        event(b"#1234|NQA7"),
        wrap(b'"NULL"0000R1L0#1234[]'),
        wrap(b'"ADM-CID"0001L0#1234[#1234|1101 00 007]', binary_crc=True),
        encrypted(b"#1234|NQA]_" + format_stamp(NOW)),
        event(b"#1234|NQA7")[:-4],
        event(b"#1234|NQA7^one\ntwo\r\nthree^"),
        b"\0\0",
        b"\r\n",
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_any_chunking_gives_the_same_frames(pieces, data):
    stream = b"".join(pieces)
    codec, torn, at = Dc09Codec(), [], 0
    while at < len(stream):
        step = data.draw(st.integers(1, len(stream) - at))
        torn += codec.receive(stream[at : at + step], NOW, {})
        at += step
    at_once = Dc09Codec()
    whole = at_once.receive(stream, NOW, {})
    assert pieces_of(torn, codec) == pieces_of(whole, at_once)


def pieces_of(frames: Sequence[Frame], codec: Dc09Codec) -> list[object]:
    """The frames, and all that lies between two of them as one piece, without padding."""
    pieces: list[object] = [b""]
    for frame in frames:
        is_rubbish = frame.error is not None and frame.identifier is None
        if is_rubbish:
            pieces[-1] += frame.raw.translate(None, PADDING)
        else:
            pieces += [(frame.raw, frame.error, frame.signals), b""]
    pieces[-1] += codec.unfinished().translate(None, PADDING)
    return pieces


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_never_raise(noise):
    codec = Dc09Codec()
    for frame in codec.receive(
        b"\n" + noise + b"\r" + wrap(b'"SIA-DCS"0001L0#1234[' + noise), NOW, {}
    ):
        codec.refuse(frame.token, frame.error.refusal) if frame.error else codec.commit(frame.token)


@given(st.binary(max_size=100))
@settings(max_examples=200, deadline=None)
def test_any_sealed_content_gives_signals_or_a_reason(content):
    frame = read_one(encrypted(content.replace(b"\n", b"")), {"1234": DeviceKey(KEY)})
    assert frame.signals
    assert all(signal.identifier for signal in frame.signals)
