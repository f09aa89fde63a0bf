"""The tune for whoever waits: made by this function, of this project's own and under its licence, so that no site needs a right to play it. Pure.

A slow air on five notes (F, G, A, C, D) over a drone of fifths, half a minute that runs into its own beginning: what still sounds at the end
sounds on at the start. It is quiet, as voices on a telephone are louder, and made of sines below 1.2 kHz alone: no two of them are a key of
a telephone (ITU-T Q.23), which needs one above 1,209 Hz.
"""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from math import exp, pi, sin
from sys import byteorder
from typing import Final

from callcenter.telephony.wav import RATE

TUNE: Final = "cc-music"
"""Its name among prompts: a site puts its own music under it, for all lines alike."""
LANGUAGE: Final = "zh"
"""Under which it is put there: music has none."""
BEAT_S: Final = 0.625
BEATS: Final = 48
"""Twelve bars of four: 30 s."""
LOUDEST: Final = 4_000
"""Of 32,767: 18 dB below full scale."""
_SWELLS_S: Final = 0.04
_FADES_S: Final = 0.9
_RINGS_S: Final = 3.0
"""Longer than it is heard."""
_HERTZ: Final = {"F": 349.23, "G": 392.00, "A": 440.00, "c": 523.25, "d": 587.33}
_AIR: Final = (
    "F.A.c...|d.c.A...|G.A.c.A.|G.......|"
    "A.c.d...|c.A.G...|A.G.F.G.|A......."
    "|c.d.c.A.|G.A.F...|G.A.G.F.|F......."
)
"""Two letters or points a beat."""
_DRONE: Final = (("F", "c"), ("F", "d"), ("G", "c"), ("G", "d"), ("F", "A"), ("F", "c"))
"""Each for two bars, softly."""


def tune() -> bytes:
    """A WAV file as a telephone carries it: 8 kHz, 16 bits, one channel."""
    sound = [0.0] * round(BEATS * BEAT_S * RATE)
    notes = {letter: _note(hertz) for letter, hertz in _HERTZ.items()}
    for n, letter in enumerate(_AIR.replace("|", "")):
        if letter != ".":
            _add(sound, n * BEAT_S / 2, notes[letter], 1.0)
    for n, pair in enumerate(_DRONE):
        for letter in pair:
            _add(sound, n * 8 * BEAT_S, notes[letter], 0.25)
    return _written(sound)


def _note(hertz: float) -> Sequence[float]:
    """It swells and fades: its sine and, softer, the octave."""
    step, swells, fades = 2 * pi * hertz / RATE, _SWELLS_S * RATE, _FADES_S * RATE
    return [
        min(1.0, n / swells) * exp(-n / fades) * (sin(step * n) + 0.2 * sin(2 * step * n))
        for n in range(round(_RINGS_S * RATE))
    ]


def _add(sound: list[float], at_s: float, note: Sequence[float], loud: float) -> None:
    """What goes beyond the end goes to the beginning."""
    begin = round(at_s * RATE)
    until_end = len(sound) - begin
    for at, part in ((begin, note[:until_end]), (0, note[until_end:])):
        heard = zip(sound[at : at + len(part)], part, strict=True)
        sound[at : at + len(part)] = [there + loud * each for there, each in heard]


def _written(sound: Sequence[float]) -> bytes:
    highest = max(abs(each) for each in sound)
    samples = array("h", (round(LOUDEST * each / highest) for each in sound))
    if byteorder == "big":
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return out.getvalue()
