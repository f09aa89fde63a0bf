"""A sealed file that is whole or of no use: what a process needs that starts while the database is away.

It begins with a mark, the form of what is in it, and a salt. Each record is its length (4 bytes, big-endian) and its sealed body;
the place of a record and the form are part of what the seal proves, and the last one says that it is the last. So a torn, changed,
mixed-up or foreign file is told from a whole one, and one of another release before it is read.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, Protocol, Self

from callcenter.core.errors import Invalid
from callcenter.core.private_files import sync_folder

MARK: Final = b"CCSNAPS1"
FORM_BYTES: Final = 16
_SALT_BYTES: Final = 16
_LENGTH: Final = struct.Struct(">I")
_LONGEST: Final = 64 * 1024 * 1024


class Sealing(Protocol):
    """What seals the records: core.sealed.Seal."""

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt."""

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt. Raises Invalid."""


class Unusable(Exception):
    """Why a file is not used."""


class SnapshotWriter:
    """Writes beside the file's place; `finish` puts it there in one step. A block that is left without it leaves what was there."""

    def __init__(self, path: Path, sealing: Sealing, form: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._sealing = sealing
        self._salt = os.urandom(_SALT_BYTES)
        self._form = form
        self._number = 0
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
        self._aside = Path(aside)
        self._file: IO[bytes] = os.fdopen(handle, "wb")
        self._file.write(MARK + form + self._salt)

    def add(self, body: bytes) -> None:
        """One more record. Raises OSError."""
        self._put(body, _context(self._form, self._salt, self._number))
        self._number += 1

    def finish(self) -> int:
        """It is on the disk, in its place; how many bytes. Raises OSError."""
        self._put(b"", _context(self._form, self._salt, self._number, is_last=True))
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
            size = self._file.tell()
        os.replace(self._aside, self._path)
        sync_folder(self._path.parent)
        return size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        with suppress(OSError):
            self._aside.unlink(missing_ok=True)

    def _put(self, body: bytes, context: str) -> None:
        sealed = self._sealing.seal(body, context=context)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)


def records(path: Path, sealing: Sealing, form: bytes) -> Iterator[bytes]:
    """The bodies in their order. Raises Unusable, also after some were read: what was read then is of no use either."""
    try:
        with path.open("rb") as file:
            yield from _read(file, sealing, form)
    except FileNotFoundError:
        raise Unusable("there is none") from None
    except OSError as error:
        raise Unusable(f"the disk does not give it: {error}") from error


def check(path: Path, sealing: Sealing, form: bytes) -> None:
    """Read it to its end and keep nothing. Raises Unusable."""
    for _ in records(path, sealing, form):
        pass


def _read(file: IO[bytes], sealing: Sealing, form: bytes) -> Iterator[bytes]:
    head = file.read(len(MARK) + FORM_BYTES + _SALT_BYTES)
    if len(head) < len(MARK) + FORM_BYTES + _SALT_BYTES or not head.startswith(MARK):
        raise Unusable("it is no snapshot that this release can read")
    if head[len(MARK) :][:FORM_BYTES] != form:
        raise Unusable("it was written by another release")
    salt = head[-_SALT_BYTES:]
    number = 0
    while (body := _opened(sealing, _next(file), form, salt, number)) is not None:
        yield body
        number += 1


def _next(file: IO[bytes]) -> bytes:
    packed = file.read(_LENGTH.size)
    length = _LENGTH.unpack(packed)[0] if len(packed) == _LENGTH.size else 0
    sealed = file.read(length) if length <= _LONGEST else b""
    if not length or len(sealed) < length:
        raise Unusable("it ends in the middle")
    return sealed


def _opened(sealing: Sealing, sealed: bytes, form: bytes, salt: bytes, number: int) -> bytes | None:
    """The body; None: it was the last one's end."""
    try:
        return sealing.open(sealed, context=_context(form, salt, number))
    except Invalid:
        pass
    try:
        sealing.open(sealed, context=_context(form, salt, number, is_last=True))
    except Invalid:
        raise Unusable("it was changed, or sealed with a key that is not here") from None
    return None


def _context(form: bytes, salt: bytes, number: int, *, is_last: bool = False) -> str:
    return f"snapshot {form.hex()} {salt.hex()} {number}{' end' if is_last else ''}"
