"""An archive opens with its key alone, and not when a byte of it is another, missing or elsewhere."""

from __future__ import annotations

from io import BytesIO

import pytest

from callcenter.backups.sealed_stream import CHUNK, SealedReader, SealedWriter
from callcenter.core.errors import Invalid

KEY, KEY_ID = bytes(range(32)), b"12345678"
SEALED_CHUNK = CHUNK + 16
HEAD = 49


def written(plain: bytes) -> bytes:
    file = BytesIO()
    writer = SealedWriter(file, KEY, KEY_ID)
    for at in range(0, len(plain), 300_000):
        writer.write(plain[at : at + 300_000])
    writer.close()
    return file.getvalue()


def read(sealed: bytes, key_id: bytes = KEY_ID) -> bytes:
    return SealedReader(BytesIO(sealed), KEY, key_id).read(10 * CHUNK)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_was_written_is_read(size):
    plain = bytes(i % 251 for i in range(size))
    assert read(written(plain)) == plain


def test_it_is_read_in_pieces_of_any_size():
    plain = bytes(i % 249 for i in range(2 * CHUNK + 5))
    reader = SealedReader(BytesIO(written(plain)), KEY, KEY_ID)
    pieces = [reader.read(700_001) for _ in range(4)]
    assert b"".join(pieces) == plain
    assert reader.read(1) == b""


def _flipped(sealed: bytes) -> bytes:
    at = HEAD + SEALED_CHUNK + 10
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _cut_at_a_chunk(sealed: bytes) -> bytes:
    return sealed[: HEAD + SEALED_CHUNK]


def _changed_places(sealed: bytes) -> bytes:
    first, second = HEAD + SEALED_CHUNK, HEAD + 2 * SEALED_CHUNK
    return sealed[:HEAD] + sealed[first:second] + sealed[HEAD:first] + sealed[second:]


def _head_changed(sealed: bytes) -> bytes:
    return sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]


@pytest.mark.parametrize(
    "spoil",
    [
        _flipped,
        _cut_at_a_chunk,
        _changed_places,
        _head_changed,
        lambda s: s + b"x",
        lambda s: s[:9],
    ],
)
def test_whatever_is_done_to_it_is_found(spoil):
    sealed = written(bytes(3 * CHUNK))
    with pytest.raises(Invalid) as refused:
        read(spoil(sealed))
    assert refused.value.code == "copy_damaged"


def test_other_keys_are_told_from_damage():
    with pytest.raises(Invalid, match=KEY_ID.hex()) as refused:
        read(written(b"a"), b"87654321")
    assert refused.value.code == "copy_key"


def test_nothing_of_it_can_be_read_without_the_key():
    assert b"grandmother" not in written(b"grandmother" * 1000)
