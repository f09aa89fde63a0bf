"""Files of the exchange become one: which of them, how long, how loud."""

from __future__ import annotations

import io
from array import array

import pytest

from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal
from callcenter.hotline.recordings.rewriting import PARTS, chosen, look, rewrite
from callcenter.hotline.recordings.sealed_sound import SealedSoundWriter
from tests.support.recorded import silence, tone, wave


@pytest.fixture
def file(tmp_path):
    def file(samples, name="x", said=None):
        path = tmp_path / name
        path.write_bytes(wave(samples, said=said))
        return look(path)

    return file


@pytest.fixture
def rewritten(tmp_path):
    def rewritten(*sources):
        return rewrite(sources, SealedSoundWriter(io.BytesIO(), Seal.load(tmp_path), "x"))

    return rewritten


def test_both_sides_before_the_mix_the_far_end_first(file):
    found = {
        "": file(tone(700, 1), "m"),
        "-rx": file(tone(1000, 1), "r"),
        "-tx": file(tone(400, 1), "t"),
    }
    assert chosen("pbx-1.2", found) == [found["-rx"], found["-tx"]]
    assert chosen("other-1", found) == [found["-tx"], found["-rx"]]


def test_sides_that_are_shorter_than_the_mix_have_lost_something(file):
    found = {
        "": file(tone(700, 2), "m"),
        "-rx": file(tone(1000, 1), "r"),
        "-tx": file(tone(400, 1), "t"),
    }
    assert chosen("pbx-1.2", found) == [found[""]]


def test_the_only_one_is_better_than_none(file):
    found = {"-tx": file(tone(400, 1), "t")}
    assert chosen("pbx-1.2", found) == [found["-tx"]]


def test_without_a_sample_there_is_nothing_to_keep(file):
    with pytest.raises(Invalid, match="Nothing was recorded"):
        chosen("pbx-1.2", {"": file(silence(0))})
    with pytest.raises(Invalid, match="Nothing was recorded"):
        chosen("pbx-1.2", {})


def test_how_loud_it_is_stands_where_it_was_loud(file, rewritten):
    made = rewritten(file(silence(1) + tone(1000, 1)))
    assert (made.seconds, made.channels, len(made.waveform)) == (2.0, 1, PARTS)
    assert set(made.waveform[: PARTS // 2]) == {0}
    assert set(made.waveform[PARTS // 2 :]) == {128}


def test_the_shorter_side_is_silent_at_its_end(file, rewritten):
    made = rewritten(file(tone(1000, 2), "r"), file(tone(400, 1), "t"))
    assert (made.seconds, made.channels) == (2.0, 2)
    assert made.waveform[-1] == 0


@pytest.mark.parametrize("frames", [1, 7, 499, 501])
def test_few_samples_and_odd_ones_are_all_there(file, rewritten, frames):
    made = rewritten(file(array("h", [20_000] * frames)))
    assert (made.seconds, made.size % 2) == (frames / 8000, 0)
    assert max(made.waveform) == 156


def test_the_loudest_sample_of_all_is_no_louder_than_can_be_shown(file, rewritten):
    assert max(rewritten(file(array("h", [-32768, 0]))).waveform) == 255


def test_it_says_whether_it_was_repaired(file, rewritten):
    assert rewritten(file(tone(1000, 1), said=0)).repaired
    assert not rewritten(file(tone(1000, 1), "r"), file(silence(0), "t")).repaired
