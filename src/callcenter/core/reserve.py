"""Room on the disk that is kept for alarms: a file beside the private database, given up piece by piece when the disk is full.

Whoever fills the disk meets its end while there still is some, and stops; then a piece is given up, and another where that one is
taken, too. The parent process keeps the file; the others look whether it is whole: while it is not, what writes much is refused,
so that what is left goes to alarms.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from callcenter.core.errors import NoRoom

log = structlog.get_logger(__name__)

MIB: Final = 1024 * 1024
PIECE: Final = 16 * MIB
"""PostgreSQL takes room for its log in pieces of this size: with less it stops."""
ROOM_BESIDE: Final = 4 * PIECE
"""What must be free beside the file before it is made again, so that it does not come and go."""


def kept(*, size: int, held: int, free: int) -> int:
    """How long the file is to be (bytes): `size` is wanted, `held` is there, `free` is left for others."""
    if held > size:
        return size
    if free < PIECE:
        return max(held - PIECE, 0)
    return size if free >= size - held + ROOM_BESIDE else held


class Reserve:
    """The file of `size` bytes in `folder`; no folder: none is kept, and nobody is refused for it."""

    def __init__(self, folder: Path | None, size: int) -> None:
        self._file = folder / "reserve" if folder is not None else None
        self.size = size if folder is not None else 0
        self._told: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the disk has room for what is not an alarm."""
        return self._file is None or _length(self._file) >= self.size

    def require(self) -> None:
        """For whoever is about to write much. Raises NoRoom."""
        if not self.is_whole:
            raise NoRoom(
                "The disk is nearly full; what is left is kept for alarms. Make room on it."
            )

    def look(self) -> None:
        """Keep the file, as there is room for it. For the parent, a few times a second."""
        if self._file is None:
            return
        with suppress(OSError):  # somebody was faster with the room; it is looked at again
            held = _length(self._file)
            wanted = kept(size=self.size, held=held, free=_free(self._file))
            if wanted != held:
                _resize(self._file, held, wanted)
        if self.is_whole is not self._told:
            self._tell(self.is_whole)

    def _tell(self, is_whole: bool) -> None:
        if not is_whole:
            log.error("disk_reserve_in_use", reserve=self.size)
        elif self._told is not None:
            log.warning("disk_reserve_whole", reserve=self.size)
        self._told = is_whole


def _length(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _free(file: Path) -> int:
    """Bytes that the account of the database may still take."""
    found = os.statvfs(file.parent)
    return found.f_bavail * found.f_frsize


def _resize(file: Path, held: int, wanted: int) -> None:
    """Raises OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        if wanted < held:
            os.ftruncate(handle, wanted)
        elif sys.platform == "linux":
            os.posix_fallocate(handle, held, wanted - held)
        else:
            os.lseek(handle, held, os.SEEK_SET)
            for _ in range(held, wanted, MIB):
                os.write(handle, bytes(MIB))
    finally:
        os.close(handle)
