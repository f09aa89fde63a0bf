"""Requests cut out of a stream: wherever it is torn, however large it says it is."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.listeners.bounds import USUAL, HeadBounds
from callcenter.listeners.http import MAX_BODY_BYTES
from callcenter.listeners.http_reading import (
    ChunkedBody,
    FixedBody,
    HeadCount,
    HeadTooLarge,
    Malformed,
    drop_blank_lines,
    take_head,
    target_of,
)

MAX_HEAD_BYTES = USUAL.requests.head.most
SMALL = HeadBounds(most=200, lines=4)


def head(*lines: str) -> bytearray:
    return bytearray("\r\n".join(["POST /x HTTP/1.1", *lines, "", ""]).encode())


@pytest.mark.parametrize(
    ("start", "target"),
    [
        (b"POST /x HTTP/1.1\r\n", b"/x"),
        (b"\r\n\r\nPOST /x?y HTTP", b"/x?y"),
        (b"POST /x ", b"/x"),
        (b"POST /x", None),
        (b"", None),
        (b"\r\n", None),
        (b"\x16\x03\x01\x02", b""),
        (b"hello\r\n", b""),
        (b"x" * (MAX_HEAD_BYTES + 1), b""),
    ],
)
def test_what_is_asked_for_shows_early_or_not_at_all(start: bytes, target: bytes | None):
    buffer = bytearray(start)
    drop_blank_lines(buffer)
    assert target_of(buffer) == target


def test_blank_lines_before_a_request_are_dropped_and_a_flood_of_them_is_no_http():
    buffer = bytearray(b"\r\n" * 20 + b"POST")
    drop_blank_lines(buffer)
    assert buffer == b"POST"
    with pytest.raises(Malformed):
        drop_blank_lines(bytearray(b"\r\n" * 500_000))


def test_a_head_is_taken_when_it_is_whole():
    whole = head("Host: x", "X-Key-Id: phones", "Content-Length: 5") + b"hello and more"
    assert take_head(whole[:40]) is None
    taken = take_head(whole)
    assert taken is not None
    assert (taken.method, taken.headers[b"x-key-id"], taken.keep_alive) == (
        b"POST",
        b"phones",
        True,
    )
    assert taken.body.take(whole)
    assert (bytes(taken.body.content), whole) == (b"hello", b" and more")


@pytest.mark.parametrize("line", ["Connection: close", "connection: Close"])
def test_a_sender_may_want_one_answer_only(line: str):
    taken = take_head(head(line))
    assert taken is not None
    assert not taken.keep_alive


def test_an_upgrade_that_somebody_asks_for_is_not_granted_and_costs_no_signal():
    taken = take_head(head("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 2"))
    assert taken is not None
    assert (taken.body.size, taken.keep_alive) == (2, True)


@pytest.mark.parametrize(
    "bad",
    [
        head("Content-Length: 1", "Content-Length: 2"),
        head("Content-Length: -1"),
        head("Content-Length: 1", "Transfer-Encoding: chunked"),
        head("Transfer-Encoding: gzip"),
        head("no colon"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(bad: bytearray):
    with pytest.raises(Malformed):
        take_head(bad)


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 2", "content-length:2", "X-A: 1"),
        ("X-A: 1", "Content-Length:", "  2"),
        ("X-A: b", "\tc", " d", "Content-Length: 2"),
    ],
)
def test_a_length_said_twice_alike_and_a_continued_line_cost_no_signal(lines: tuple[str, ...]):
    taken = take_head(head(*lines))
    assert taken is not None
    assert (taken.body.size, b"x-a" in taken.headers) == (2, True)


@pytest.mark.parametrize(
    "large",
    [
        head("X-A: " + "x" * MAX_HEAD_BYTES),
        head(*(f"X-{n}: 1" for n in range(101))),
        head("X-A: " + "x" * MAX_HEAD_BYTES)[:-4],
    ],
)
def test_a_head_is_bounded_before_it_is_parsed(large: bytearray):
    with pytest.raises(HeadTooLarge):
        take_head(large)
    assert HeadCount().is_too_large(bytes(large))


@pytest.mark.parametrize(
    "large", [head("X-A: " + "x" * 200), head(*(f"X-{n}: 1" for n in range(5)))]
)
def test_a_site_may_bound_heads_otherwise(large: bytearray):
    assert HeadCount(SMALL).is_too_large(bytes(large))
    assert not HeadCount(SMALL).is_too_large(bytes(head("X: 1")))
    assert take_head(head("X: 1"), SMALL) is not None
    with pytest.raises(HeadTooLarge):
        take_head(large, SMALL)


def test_a_hundred_headers_are_taken():
    whole = head(*(f"X-{n}: 1" for n in range(100)))
    assert not HeadCount().is_too_large(bytes(whole) + b"\r\n" * 500)
    assert take_head(whole) is not None


def test_a_body_beside_a_torn_head_counts_for_no_head():
    count = HeadCount()
    assert not count.is_too_large(bytes(head("Content-Length: 60000"))[:-2])
    assert not count.is_too_large(b"\r\n" + b"\n" * 60_000)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 20))
def test_chunks_are_joined_however_they_are_torn(chunks: list[bytes], step: int):
    stream = b"".join(b"%X;x=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    stream += b"0\r\nTrailer: 1\r\n\r\nnext"
    body, buffer, complete = ChunkedBody(), bytearray(), False
    for at in range(0, len(stream), step):
        buffer += stream[at : at + step]
        complete = complete or body.take(buffer)
    assert complete
    assert (bytes(body.content), body.size) == (b"".join(chunks), len(b"".join(chunks)))
    assert bytes(buffer) == b"next"


@pytest.mark.parametrize(
    "stream",
    [b"x\r\n", b"-1\r\n", b"1\r\nab\r\n", b"+1\r\n", b"123456789\r\n", b"1" * 2000, b"\r\n"],
)
def test_chunks_that_are_none(stream: bytes):
    with pytest.raises(Malformed):
        ChunkedBody().take(bytearray(stream))


def test_of_a_large_body_only_its_size_is_kept():
    body = FixedBody(10 * MAX_BODY_BYTES)
    for _ in range(10):
        complete = body.take(bytearray(MAX_BODY_BYTES))
    assert complete
    assert len(body.content) == MAX_BODY_BYTES
