"""What a browser asks for, and what it is given (RFC 9110, section 14)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.hotline.recordings.ranges import MOST_AT_ONCE, Span, span_of


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-1,3-4", None),
        ("bytes=0-", Span(0, 1000)),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=990-2000", Span(990, 10)),
        ("bytes=-10", Span(990, 10)),
        ("bytes=-5000", Span(0, 1000)),
    ],
)
def test_of_a_thousand_bytes(asked, span):
    assert span_of(asked, 1000) == span


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5-4", "bytes=-0"])
def test_beyond_its_end_is_nothing(asked):
    with pytest.raises(ValueError, match="bytes"):
        span_of(asked, 1000)


def test_a_long_one_is_given_in_parts():
    size = 10 * MOST_AT_ONCE
    span = span_of("bytes=5-", size)
    assert span == Span(5, MOST_AT_ONCE)
    assert span.content_range(size) == f"bytes 5-{MOST_AT_ONCE + 4}/{size}"


@given(st.text(alphabet="bytes=0123456789-, ", max_size=30), st.integers(1, 1 << 40))
def test_whatever_is_asked_it_is_within_the_file(asked, size):
    try:
        span = span_of(asked, size)
    except ValueError:
        return
    if span is not None:
        assert 0 <= span.first < span.first + span.count <= size
