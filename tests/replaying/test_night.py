"""The file of a night: whole, or refused with the number of the line."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.replaying.night import Night, What, first_difference, read, written

NIGHT = Night(
    {"since": "2026-03-14T00:00:00+00:00", "until": "2026-03-15T00:00:00+00:00"},
    {
        What.WORLD: [["region", {"id": 1, "name": "榆荫里"}]],
        What.SIGNAL: [{"id": "a", "raw": "\\x00"}, {"id": "b", "raw": "\\x01"}],
        What.SAID: ["incident {}", "entry {}"],
    },
)
"""Seven lines with its first and its last."""


def refused(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as error:
        read(content)
    return error.value


def changed(content: bytes, line: int, before: bytes, after: bytes) -> bytes:
    lines = gzip.decompress(content).splitlines(keepends=True)
    assert before in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(before, after)
    return gzip.compress(b"".join(lines))


def test_what_was_written_is_read():
    night = read(written(NIGHT))
    assert night.header == {"form": 1, **NIGHT.header}
    assert night.lines[What.SIGNAL] == NIGHT.lines[What.SIGNAL]
    assert night.said == NIGHT.said
    assert night.lines[What.SEAT] == []


def test_the_same_night_is_the_same_bytes():
    assert written(NIGHT) == written(NIGHT)
    assert written(read(written(NIGHT))) == written(NIGHT)


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        (1, b"-03-14T", b"-03-13T"),
        (2, b'"id":1', b'"id":2'),
        (4, b'"b"', b'"c"'),
        (5, b"inc", b"ink"),
    ],
)
def test_an_altered_line_is_named(line: int, before: bytes, after: bytes):
    error = refused(changed(written(NIGHT), line, before, after))
    assert (error.code, error.params["line"]) == ("night_torn", line)
    assert f"line {line}: it is not as it was written" in str(error)


def test_a_line_that_is_missing_is_named():
    lines = gzip.decompress(written(NIGHT)).splitlines(keepends=True)
    del lines[3]
    assert refused(gzip.compress(b"".join(lines))).params["line"] == 4


def test_a_file_without_its_end_is_refused_behind_its_last_line():
    lines = gzip.decompress(written(NIGHT)).splitlines(keepends=True)
    error = refused(gzip.compress(b"".join(lines[:-1])))
    assert (error.params["line"], "ends before it is whole" in str(error)) == (7, True)


def test_a_line_behind_the_end_is_refused():
    text = gzip.decompress(written(NIGHT))
    error = refused(gzip.compress(text + text.splitlines(keepends=True)[-1]))
    assert error.params["line"] == 8


@given(st.integers(0, len(written(NIGHT)) - 1))
def test_a_torn_file_is_refused_wherever_it_ends(end: int):
    error = refused(written(NIGHT)[:end])
    assert error.code == "night_torn"
    assert 1 <= error.params["line"] <= 8


@given(st.integers(10, len(written(NIGHT)) - 9), st.integers(1, 255))
def test_a_damaged_byte_never_passes(place: int, bits: int):
    content = bytearray(written(NIGHT))
    content[place] ^= bits
    try:
        text = gzip.decompress(bytes(content))
    except (OSError, EOFError, zlib.error):
        text = None
    if text == gzip.decompress(written(NIGHT)):
        return  # a bit that says nothing: deflate leaves some of its last byte unused
    assert text is None
    assert refused(bytes(content)).code in ("night_torn", "night_of_other_form")


def test_a_form_of_another_release_is_refused():
    later = Night({**NIGHT.header, "form": 2}, NIGHT.lines)
    assert refused(written(later)).code == "night_of_other_form"


def test_the_first_difference_is_found():
    assert first_difference(["a", "b"], ["a", "b"]) is None
    assert first_difference(["a", "b"], ["a", "c"]) == 2
    assert first_difference(["a"], ["a", "b"]) == 2
    assert first_difference(["a", "b"], []) == 1
