"""The file in which the exchange writes its calls, read on from where it was read last: it grows, is moved aside, or is begun anew.

A place is the file by its number (inode), how far it was read, and the bytes before that: a file that was cut off and has grown again, or
another one that has got the same number, is told by them. A line that is not whole yet is left for the next time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callcenter.telephony.own_log import Place, Portion
from callcenter.telephony.pbxs.asterisk.calls_log import read

PORTION: Final = 2**20
"""Bytes at once: some thousand calls."""
MARK: Final = 64
"""Of the bytes before a place so many are remembered."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """Fulfils own_log.OwnLog."""

    path: Path

    def read_on(self, place: Place) -> Portion:
        return read_on(self.path, place)


def read_on(path: Path, place: Place) -> Portion:
    """The next portion, of the file that was moved aside first. Where there is no log there are no calls. Raises OSError."""
    for each in _files(path, place):
        portion = _read(each, place)
        if portion.calls or portion.more or each == path:
            return portion
        place = Place()  # the one that was moved aside has been read to its end
    return Portion((), place, more=False)


def _files(path: Path, place: Place) -> Iterator[Path]:
    """The one that was read last, under whatever name it lies now, and then the one that is written."""
    moved = _moved(path, place.inode) if place.inode else None
    if moved is not None and moved != path:
        yield moved
    if path.exists():
        yield path


def _moved(path: Path, inode: int) -> Path | None:
    folder = path.parent
    if not folder.is_dir():
        return None
    named = sorted(folder.glob(f"{path.name}*"))
    return next((each for each in named if each.stat().st_ino == inode), None)


def _read(path: Path, place: Place) -> Portion:
    with path.open("rb") as file:
        inode = os.fstat(file.fileno()).st_ino
        if inode != place.inode or not _is_there(file.fileno(), place):
            place = Place(inode)
        raw = os.pread(file.fileno(), PORTION, place.offset)
        whole = _whole(raw)
        calls, _ = read(raw[:whole].decode("utf-8", "replace"))
        offset = place.offset + whole
        start = max(0, offset - MARK)
        mark = os.pread(file.fileno(), offset - start, start).hex()
        return Portion(
            list(calls), Place(inode, offset, mark), more=whole > 0 and len(raw) == PORTION
        )


def _is_there(descriptor: int, place: Place) -> bool:
    """Whether what was read is still before the place."""
    mark = bytes.fromhex(place.mark)
    return os.pread(descriptor, len(mark), max(0, place.offset - len(mark))) == mark


def _whole(raw: bytes) -> int:
    """Up to the end of the last line; a line longer than a portion is none of the exchange's, and passed over."""
    end = raw.rfind(b"\n") + 1
    return len(raw) if end == 0 and len(raw) == PORTION else end
