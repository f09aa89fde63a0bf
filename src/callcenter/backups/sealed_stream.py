"""A stream that only the backup key opens: AES-256-GCM in chunks of a mebibyte, so that memory is bounded.

Each file has a key of its own (HKDF of the backup key and a random salt), and each chunk a number and a mark of the last one in its
nonce: chunks that were cut off, put elsewhere or taken from another file do not open.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from callcenter.core.errors import Invalid

CHUNK: Final = 1024 * 1024
_MAGIC: Final = b"CCBACKUP"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">8sB8s32s")
_TAG_BYTES: Final = 16
_KEY_BYTES: Final = 32


class SealedWriter:
    """Writes to `file`; complete only after `close`, which leaves the file open."""

    def __init__(self, file: BinaryIO, key: bytes, key_id: bytes) -> None:
        salt = os.urandom(32)
        self._header = _HEADER.pack(_MAGIC, _VERSION, key_id, salt)
        self._cipher = _cipher(key, salt)
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        self._waiting += data
        # One chunk is held back: the last one is marked, and may be a whole one.
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write what is left with the mark of the last chunk. Raises OSError."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


class SealedReader:
    """Reads what `SealedWriter` has written. Raises Invalid with the code `copy_key` for another key, `copy_damaged` for changed,
    cut or mixed bytes.
    """

    def __init__(self, file: BinaryIO, key: bytes, key_id: bytes) -> None:
        self._header = file.read(_HEADER.size)
        salt = _salt(self._header, key_id)
        self._cipher = _cipher(key, salt)
        self._file = file
        self._next: bytes | None = file.read(CHUNK + _TAG_BYTES)
        self._number = 0
        self._plain = b""
        self._at = 0

    def read(self, size: int) -> bytes:
        """Exactly so many bytes, fewer at the end alone."""
        parts: list[bytes] = []
        while size > 0 and self._has_more():
            part = self._plain[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def _has_more(self) -> bool:
        while self._at == len(self._plain) and self._next is not None:
            self._open(self._next)
        return self._at < len(self._plain)

    def _open(self, sealed: bytes) -> None:
        following = self._file.read(CHUNK + _TAG_BYTES)
        last = not following
        try:
            self._plain = self._cipher.decrypt(
                _nonce(self._number, last=last), sealed, self._header
            )
        except InvalidTag:
            raise Invalid(
                f"The archive is damaged or cut off at its chunk {self._number}: use another copy",
                code="copy_damaged",
            ) from None
        self._at, self._number = 0, self._number + 1
        self._next = None if last else following


def _salt(header: bytes, key_id: bytes) -> bytes:
    try:
        magic, version, found, salt = _HEADER.unpack(header)
    except struct.error:
        magic = b""
    if magic != _MAGIC:
        raise Invalid("This is no archive of `callcenter backup`", code="copy_damaged")
    if version != _VERSION:
        raise Invalid(
            f"The archive has form {version}, of a later release; this one reads {_VERSION}",
            code="copy_too_new",
        )
    if found != key_id:
        raise Invalid(
            f"The archive was made with backup key {found.hex()}, and these keys have {key_id.hex()}:"
            " find the keys that were written down for it",
            code="copy_key",
        )
    return bytes(salt)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    made = HKDF(SHA256(), _KEY_BYTES, salt, b"callcenter backup").derive(key)
    return AESGCM(made)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
