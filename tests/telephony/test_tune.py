"""The tune for whoever waits is half a minute of quiet telephone sound that runs into its own beginning, and no key of a telephone."""

from __future__ import annotations

import io
import wave
from itertools import pairwise
from struct import unpack

import pytest

from callcenter.telephony.tune import LOUDEST, tune
from callcenter.telephony.wav import for_telephone
from tests.support.asterisk import power_of

HIGH_KEYS = (1209, 1336, 1477, 1633)


@pytest.fixture(scope="module")
def samples() -> tuple[int, ...]:
    with wave.open(io.BytesIO(tune())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        raw = file.readframes(file.getnframes())
    return unpack(f"<{len(raw) // 2}h", raw)


def test_it_is_what_a_telephone_carries_as_it_is():
    told = for_telephone(tune())
    assert (told.converted, told.seconds) == (False, 30.0)


def test_it_is_quiet_and_never_silent(samples: tuple[int, ...]):
    assert max(abs(each) for each in samples) == LOUDEST
    seconds = [samples[each : each + 8000] for each in range(0, len(samples), 8000)]
    assert min(sum(x * x for x in each) / 8000 for each in seconds) > 150**2


def test_its_end_runs_into_its_beginning(samples: tuple[int, ...]):
    """No step that is larger than those within: it would be a click, every half minute."""
    steps = [abs(b - a) for a, b in pairwise(samples)]
    assert abs(samples[0] - samples[-1]) <= max(steps)


def test_no_part_of_it_is_a_key(samples: tuple[int, ...]):
    for begin in range(0, len(samples), 4000):
        part = samples[begin : begin + 4000]
        low = max(power_of(part, hertz) for hertz in (349, 392, 440, 523, 587))
        assert all(power_of(part, hertz) < low / 1000 for hertz in HIGH_KEYS), begin
