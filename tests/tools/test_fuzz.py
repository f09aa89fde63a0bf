"""A short run of what `make fuzz` does a million times."""

from __future__ import annotations

import faulthandler
import random

import pytest

from callcenter.devices.signals import Kind, Signal
from tools.fuzz import READERS, Told, fuzz, rings

FEW = {"spreadsheets": 200}
"""Those of which a thousand would take seconds."""


@pytest.mark.parametrize("name", READERS)
def test_mutated_messages_hurt_no_reader(name: str) -> None:
    inputs = FEW.get(name, 1_500)
    assert fuzz(READERS[name](), inputs, seed=7).inputs == inputs


def test_time_ends_it_too() -> None:
    assert fuzz(lambda _: None, 1_000, seed=7, within_s=0.0).inputs < 1_000


def test_it_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[int] = []
    fuzz(lambda _: None, 3, seed=7, tell=lambda inputs, _seconds: told.append(inputs))
    assert told == [1, 2, 3]
    tell = Told("dc09")
    for number, seconds in ((1, 0.0), (200, 9.0), (900, 10.5), (901, 11.0), (2000, 21.0)):
        tell(number, seconds)
    faulthandler.cancel_dump_traceback_later()
    assert capsys.readouterr().out.splitlines() == [
        "dc09: 900 inputs, 10 s",
        "dc09: 2000 inputs, 21 s",
    ]


def test_an_sos_that_does_not_ring_is_noticed() -> None:
    rings([Signal("A101", Kind.SOS, b"", b"")], "A101", "heard")
    rings([Signal("0000", Kind.UNKNOWN, b"", b"", also=("A101",))], "A101", "heard")
    for silent in ([], [Signal("A101", Kind.TEST, b"", b"")], [Signal("B", Kind.SOS, b"", b"")]):
        with pytest.raises(AssertionError, match="the input"):
            rings(silent, "A101", "the input")


def test_what_a_reader_raises_comes_through_with_the_input_s_number() -> None:
    def breaks(chance: random.Random) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        fuzz(breaks, 1, seed=7)
    assert raised.value.__notes__ == ["input 1 of seed 7"]
