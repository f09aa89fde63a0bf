"""What lies in a segment is read back whole, and nothing else is: no torn record, none of an earlier use, none that has changed."""

from __future__ import annotations

from hypothesis import assume, given, strategies as st

from callcenter.core.spool_frames import HEADER_BYTES, MARK, OVERHEAD, bodies, header, record

SALTS = st.binary(min_size=8, max_size=8)
BODIES = st.lists(st.binary(min_size=1, max_size=40), max_size=6)


def segment(salt: bytes, written: list[bytes]) -> bytes:
    return header(salt) + b"".join(record(salt, body) for body in written)


@given(SALTS, BODIES, st.integers(0, 40))
def test_what_is_written_is_read_in_its_order_and_the_room_behind_it_is_no_record(
    salt: bytes, written: list[bytes], room: int
):
    assert list(bodies(segment(salt, written) + bytes(room))) == written


@given(SALTS, BODIES, st.data())
def test_a_segment_that_is_cut_off_anywhere_gives_the_records_before_the_cut(
    salt: bytes, written: list[bytes], data: st.DataObject
):
    whole = segment(salt, written)
    cut = data.draw(st.integers(0, len(whole)))
    ends = [
        HEADER_BYTES + sum(OVERHEAD + len(b) for b in written[: n + 1]) for n in range(len(written))
    ]
    expected = [body for body, end in zip(written, ends, strict=True) if end <= cut]
    assert list(bodies(whole[:cut])) == expected


@given(SALTS, SALTS, BODIES, st.lists(st.integers(1, 40), max_size=6))
def test_a_segment_that_is_used_again_yields_nothing_of_its_earlier_use(
    first: bytes, second: bytes, old: list[bytes], sizes: list[int]
):
    """Even where new records end exactly where old ones begin."""
    assume(first != second)
    before = segment(first, old)
    new = [b"n" * size for size in sizes]
    aligned = [b"n" * len(body) for body in old[:-1]]
    for written in (new, aligned):
        again = segment(second, written)
        assert list(bodies(again + before[len(again) :])) == written


@given(SALTS, st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4), st.data())
def test_a_bit_that_has_flipped_ends_the_segment_before_its_record(
    salt: bytes, written: list[bytes], data: st.DataObject
):
    whole = bytearray(segment(salt, written))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    found = list(bodies(bytes(whole)))
    ends = [
        HEADER_BYTES + sum(OVERHEAD + len(b) for b in written[: n + 1]) for n in range(len(written))
    ]
    assert found == [body for body, end in zip(written, ends, strict=True) if end <= bit // 8]


@given(st.binary(max_size=80))
def test_whatever_else_lies_there_is_read_without_harm(noise: bytes):
    assert list(bodies(noise)) == []
    assert all(body in noise for body in bodies(MARK + noise))
