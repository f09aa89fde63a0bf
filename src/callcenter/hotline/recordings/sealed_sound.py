"""A file that can be opened in the middle: AES-256-GCM in pieces of 64 KiB under a key of its own, which the site's keys seal.

Each piece has its number, and a mark of the last one, in its nonce: pieces that were cut off, put elsewhere or taken from another file do
not open, and a file under another name does not either.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal

PIECE: Final = 64 * 1024
_MAGIC: Final = b"CCSOUND1"
_HEAD: Final = struct.Struct(">8sH")
_TAG: Final = 16
_KEY: Final = 32


class SealedSoundWriter:
    """Writes to `file`; complete only after `close`, which leaves the file open. `name`: what it is opened with again."""

    def __init__(self, file: BinaryIO, seal: Seal, name: str) -> None:
        key = os.urandom(_KEY)
        sealed_key = seal.seal(key, context=_context(name))
        self._head = _HEAD.pack(_MAGIC, len(sealed_key)) + sealed_key
        self._cipher = AESGCM(key)
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        self._waiting += data
        # One piece is held back: the last one is marked, and may be a whole one.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Write what is left with the mark of the last piece. Raises OSError."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._head))
        self._number += 1


class SealedSound:
    """One that is read, from anywhere in it. `size` is that of what was sealed. Raises Invalid `seal_broken`, OSError."""

    def __init__(self, path: Path, seal: Seal, name: str) -> None:
        self._file = path.open("rb")
        try:
            self._begin(seal, name)
        except BaseException:  # Whatever is wrong with it, it does not stay open.
            self._file.close()
            raise

    def _begin(self, seal: Seal, name: str) -> None:
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size or head[:8] != _MAGIC:
            raise _broken()
        length = _HEAD.unpack(head)[1]
        sealed_key = self._file.read(length)
        self._head = head + sealed_key
        self._cipher = AESGCM(seal.open(sealed_key, context=_context(name)))
        body = os.fstat(self._file.fileno()).st_size - len(self._head)
        self._pieces = -(-body // (PIECE + _TAG))
        self.size = body - self._pieces * _TAG
        if self._pieces < 1 or self.size < 0:
            raise _broken()
        self._piece(self._pieces - 1)  # one that was cut off is not heard as if it were whole

    def read(self, first: int, count: int) -> bytes:
        """At most `count` bytes from `first`; fewer at the end alone."""
        end = min(first + count, self.size)
        if first >= end:
            return b""
        numbers = range(first // PIECE, (end - 1) // PIECE + 1)
        joined = b"".join(self._piece(number) for number in numbers)
        start = first - numbers[0] * PIECE
        return joined[start : start + end - first]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _piece(self, number: int) -> bytes:
        self._file.seek(len(self._head) + number * (PIECE + _TAG))
        sealed = self._file.read(PIECE + _TAG)
        nonce = _nonce(number, last=number == self._pieces - 1)
        try:
            return self._cipher.decrypt(nonce, sealed, self._head)
        except (InvalidTag, ValueError):
            raise _broken() from None


def _broken() -> Invalid:
    return Invalid(
        "A recording is damaged or was cut off: use a copy of its file.", code="seal_broken"
    )


def _context(name: str) -> str:
    return f"recording.{name}"


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
