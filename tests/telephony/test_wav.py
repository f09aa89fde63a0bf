"""What people record with whatever they have: it becomes what a telephone carries, or is refused with the reason."""

from __future__ import annotations

import io
import wave
from array import array
from contextlib import suppress
from math import cos, hypot, pi, sin

import pytest
from hypothesis import given, strategies as st

from callcenter.telephony.wav import LONGEST_S, RATE, SoundRefused, for_telephone


def recorded(
    rate: int = 8000,
    channels: int = 1,
    width: int = 2,
    hertz: float = 1000,
    seconds: float = 0.5,
    loud: float = 0.5,
) -> bytes:
    """A tone."""
    most = 2 ** (8 * width - 1) - 1
    samples = [
        round(loud * most * sin(2 * pi * hertz * n / rate)) for n in range(round(seconds * rate))
    ]
    if width == 1:
        raw = b"".join(bytes([each + 128]) * channels for each in samples)
    else:
        raw = b"".join(each.to_bytes(width, "little", signed=True) * channels for each in samples)
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(raw)
    return written.getvalue()


def read(content: bytes) -> list[int]:
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return array("h", file.readframes(file.getnframes())).tolist()


def tone(samples: list[int], hertz: float) -> float:
    """How loud it is at this pitch, of 1."""
    turn = [2 * pi * hertz * n / RATE for n in range(len(samples))]
    real = sum(each * cos(at) for each, at in zip(samples, turn, strict=True))
    imaginary = sum(each * sin(at) for each, at in zip(samples, turn, strict=True))
    return 2 * hypot(real, imaginary) / len(samples) / 32767


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize(("channels", "width"), [(1, 2), (2, 2), (1, 1), (2, 3), (1, 4)])
def test_a_tone_stays_the_tone_that_it_was(rate, channels, width):
    sound = for_telephone(recorded(rate, channels, width))
    samples = read(sound.content)
    assert abs(len(samples) - RATE // 2) <= 1
    assert tone(samples, 1000) == pytest.approx(0.5, abs=0.02)
    assert sound.seconds == pytest.approx(0.5, abs=0.01)
    assert sound.converted == ((rate, channels, width) != (8000, 1, 2))


def test_what_is_as_it_should_be_stays_byte_for_byte():
    as_it_should_be = recorded()
    assert for_telephone(as_it_should_be).content == as_it_should_be


def test_a_hiss_becomes_no_whistle():
    """6 kHz cannot be carried; left in, it would come out as 2 kHz."""
    both = [
        round(8000 * sin(2 * pi * 6000 * n / 16000) + 8000 * sin(2 * pi * 500 * n / 16000))
        for n in range(8000)
    ]
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(array("h", both).tobytes())
    samples = read(for_telephone(written.getvalue()).content)
    assert tone(samples, 500) > 0.2
    assert tone(samples, 2000) < 0.005


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_wav"),
        (b"ID3\x03 an MP3 file", "no_wav"),
        (recorded()[:20], "no_wav"),
        (recorded(rate=4000, hertz=100), "form"),
        (recorded(channels=3), "form"),
        (recorded(seconds=0), "length"),
        (recorded(seconds=LONGEST_S + 1, hertz=1), "length"),
        (recorded(loud=0.001), "silent"),
        (bytes(25 * 1024 * 1024), "size"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(content, reason):
    with pytest.raises(SoundRefused) as refused:
        for_telephone(content)
    assert (refused.value.code, refused.value.params["reason"]) == ("sound_refused", reason)


def test_a_header_that_promises_more_than_there_is_gives_what_there_is():
    whole = recorded(seconds=1)
    samples = read(for_telephone(whole[: len(whole) // 2]).content)
    assert 0.4 * RATE < len(samples) < 0.6 * RATE


@pytest.mark.parametrize("length", [0x7FFFF000, 0xFFFFFFFF])
def test_what_was_written_to_a_pipe_does_not_know_its_length_and_is_heard_whole(length: int):
    """As espeak-ng and sox write it, and ffmpeg."""
    streamed = bytearray(recorded(22050, seconds=1))
    streamed[4:8] = min(length + 36, 0xFFFFFFFF).to_bytes(4, "little")
    streamed[40:44] = length.to_bytes(4, "little")
    sound = for_telephone(bytes(streamed))
    assert sound.seconds == 1
    assert tone(read(sound.content), 1000) == pytest.approx(0.5, abs=0.02)


@given(st.binary(max_size=200), st.integers(0, 43), st.binary(min_size=1, max_size=4))
def test_nothing_else_comes_out_of_bytes_of_strangers(tail, at, wrong):
    header = bytearray(recorded(seconds=0.01))
    header[at : at + len(wrong)] = wrong
    with suppress(SoundRefused):
        for_telephone(bytes(header) + tail)
