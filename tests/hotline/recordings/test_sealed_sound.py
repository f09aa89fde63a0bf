"""A sealed file opens anywhere in it, and does not where anything of it was changed, cut off or put elsewhere."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal
from callcenter.hotline.recordings.sealed_sound import PIECE, SealedSound, SealedSoundWriter

NAME = "pbx-1.2"


@pytest.fixture(scope="module")
def seal(tmp_path_factory):
    return Seal.load(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sealed")


def sealed(path, seal, content, name=NAME):
    with path.open("wb") as file:
        writer = SealedSoundWriter(file, seal, name)
        for at in range(0, len(content), 50_000):
            writer.write(content[at : at + 50_000])
        writer.close()
    return path


@settings(max_examples=40)
@given(
    size=st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7]),
    first=st.integers(0, 4 * PIECE),
    count=st.integers(0, 4 * PIECE),
)
def test_any_part_of_it_is_read(seal, folder, size, first, count):
    content = os.urandom(size)
    with SealedSound(sealed(folder / "x", seal, content), seal, NAME) as sound:
        assert sound.size == size
        assert sound.read(first, count) == content[first : first + count]


def test_nothing_of_it_can_be_read_without_the_keys(seal, folder, tmp_path):
    path = sealed(folder / "y", seal, b"what was said" * 1000)
    assert b"what was said" not in path.read_bytes()
    with pytest.raises(Invalid):
        SealedSound(path, Seal.load(tmp_path), NAME)


def test_under_another_name_it_does_not_open(seal, folder):
    with pytest.raises(Invalid):
        SealedSound(sealed(folder / "z", seal, b"x"), seal, "pbx-1.3")


@pytest.mark.parametrize("left", [0, 5, 9, 60, 100, 100 + PIECE, 2 * PIECE])
def test_one_that_was_cut_off_is_not_heard_as_if_it_were_whole(seal, folder, left):
    path = sealed(folder / "cut", seal, os.urandom(2 * PIECE + 10))
    os.truncate(path, left)
    with pytest.raises(Invalid):
        SealedSound(path, seal, NAME)


def test_a_whole_piece_that_is_cut_off_is_noticed(seal, folder):
    path = sealed(folder / "cut", seal, os.urandom(2 * PIECE))
    os.truncate(path, path.stat().st_size - PIECE - 16)
    with pytest.raises(Invalid):
        SealedSound(path, seal, NAME)


def test_a_changed_byte_in_the_middle_is_noticed_when_it_is_read(seal, folder):
    path = sealed(folder / "bit", seal, os.urandom(3 * PIECE))
    content = bytearray(path.read_bytes())
    content[PIECE + PIECE // 2] ^= 1
    path.write_bytes(content)
    with SealedSound(path, seal, NAME) as sound, pytest.raises(Invalid):
        sound.read(0, 3 * PIECE)
