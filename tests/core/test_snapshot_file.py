"""A snapshot is whole or of no use, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.sealed import Seal
from callcenter.core.snapshot_file import FORM_BYTES, SnapshotWriter, Unusable, check, records
from tests.support.away import SEAL

FORM = bytes(FORM_BYTES)
OTHER_SEAL = Seal({1: b"another key".ljust(32)}, 1, bytes(32))
BODIES = [b"regions", b"homes" * 1000, b"devices"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "snapshot" / "board"


@pytest.fixture
def written(path: Path) -> bytes:
    """As it lies on the disk."""
    write(path, BODIES)
    return path.read_bytes()


def write(path: Path, bodies: list[bytes], form: bytes = FORM) -> None:
    with SnapshotWriter(path, SEAL, form) as writer:
        for body in bodies:
            writer.add(body)
        writer.finish()


def test_what_was_written_is_read_in_its_order_and_lies_there_sealed(path: Path, written: bytes):
    assert list(records(path, SEAL, FORM)) == BODIES
    assert b"regions" not in written
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["board"]


def test_one_that_is_not_finished_leaves_the_one_before(path: Path, written: bytes):
    with pytest.raises(OSError, match="full"), SnapshotWriter(path, SEAL, FORM) as writer:
        writer.add(b"half of it")
        raise OSError("the disk is full")
    assert path.read_bytes() == written
    assert [each.name for each in path.parent.iterdir()] == ["board"]


def test_wherever_it_is_torn_it_is_of_no_use(path: Path, written: bytes):
    for length in range(len(written)):
        path.write_bytes(written[:length])
        with pytest.raises(Unusable):
            check(path, SEAL, FORM)


def test_whatever_byte_is_changed_it_is_of_no_use(path: Path, written: bytes):
    for place in range(0, len(written), 7):
        harmed = bytearray(written)
        harmed[place] ^= 1
        path.write_bytes(bytes(harmed))
        with pytest.raises(Unusable):
            check(path, SEAL, FORM)


def test_parts_of_two_make_no_third(path: Path, written: bytes):
    write(path, BODIES)
    another = path.read_bytes()
    assert len(another) == len(written)
    path.write_bytes(written[: len(written) // 2] + another[len(written) // 2 :])
    with pytest.raises(Unusable, match="changed"):
        check(path, SEAL, FORM)


def test_another_release_another_key_and_no_file_are_told_apart(path: Path, written: bytes):
    with pytest.raises(Unusable, match="another release"):
        check(path, SEAL, b"another form".ljust(FORM_BYTES))
    with pytest.raises(Unusable, match="a key that is not here"):
        check(path, OTHER_SEAL, FORM)
    path.write_bytes(b"what somebody has put there" * 10)
    with pytest.raises(Unusable, match="no snapshot"):
        check(path, SEAL, FORM)
    path.unlink()
    with pytest.raises(Unusable, match="there is none"):
        check(path, SEAL, FORM)
