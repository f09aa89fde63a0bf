"""Frames, as an implementation of somebody else reads them."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from callcenter.seats.frames import fragments, text_frame


def parsed(data: bytes) -> Frame:
    """As an implementation of somebody else reads it."""
    stream = StreamReader()
    stream.feed_data(data)
    reading = Frame.parse(stream.read_exact, mask=False, max_size=None)
    try:
        next(reading)
    except StopIteration as done:
        found: Frame = done.value
        return found
    raise AssertionError("the frame is not complete")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_frame_of_any_length_is_read_by_others(size: int):
    payload = b"x" * size
    frame = parsed(text_frame(payload))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, payload)


@pytest.mark.parametrize(("size", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_its_head_is_as_short_as_the_standard_wants(size: int, head: int):
    assert len(text_frame(b"x" * size)) == head + size


@pytest.mark.parametrize("parts", [[b"all"], [b"a", b"b"], [b"x" * 70_000, b"", b"y" * 200, b"z"]])
def test_a_message_in_parts_is_read_by_others_as_one(parts: list[bytes]):
    frames = [parsed(made) for made in fragments(parts)]
    assert [bytes(frame.data) for frame in frames] == parts
    assert [frame.opcode for frame in frames] == [Opcode.TEXT] + [Opcode.CONT] * (len(parts) - 1)
    assert [frame.fin for frame in frames] == [False] * (len(parts) - 1) + [True]
