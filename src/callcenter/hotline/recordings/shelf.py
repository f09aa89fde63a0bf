"""The folder of the recordings: where a file lies, whether the folder is there at all, and how a file comes into it and goes.

A mounted folder that is away looks like an empty one. The shelf has a mark of its own, and without it nothing is put there, nothing is
called missing, and nothing is called removed.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from callcenter.core.errors import NoRoom, NotFound, Unavailable
from callcenter.core.private_files import sync_folder
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.hotline.recordings.rewriting import Rewritten, Source, rewrite
from callcenter.hotline.recordings.sealed_sound import SealedSound, SealedSoundWriter

MARK: Final = "callcenter-recordings"
LEFT_FREE: Final = 512 * 1024 * 1024
"""What recordings leave free on their disk."""
_UNFINISHED: Final = ".unfinished"
_SUFFIX: Final = ".sealed"


def place_of(pbx: str, name: str, at: datetime) -> str:
    """Below the folder: a folder a day, so that none grows without end and copies of a day are easily taken."""
    day = at.astimezone(UTC)
    return f"{pbx}/{day:%Y/%m/%d}/{name}{_SUFFIX}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """`reserve` is what is kept for alarms; a disk that has no room beside it gets no recordings."""

    folder: Path
    seal: Seal
    reserve: Reserve
    left_free: int = LEFT_FREE

    @property
    def is_there(self) -> bool:
        return (self.folder / MARK).is_file()

    def begin(self) -> None:
        """For a site that has no recordings yet. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / MARK).touch(mode=0o600)
        sync_folder(self.folder)

    def require(self) -> None:
        """Raises Unavailable `recordings_away`."""
        if not self.is_there:
            raise Unavailable(
                "The folder of the recordings is not there: is it mounted? They may lie at another server.",
                code="recordings_away",
            )

    def put(self, name: str, place: str, sources: Sequence[Source]) -> Rewritten:
        """Under its place when it is complete and on the disk. Raises NoRoom, Unavailable, OSError."""
        self.require()
        self._require_room(sum(each.wave.frames for each in sources))
        path = self.folder / place
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}{_UNFINISHED}")
        try:
            with open(aside, "xb", opener=_private) as file:
                made = rewrite(sources, SealedSoundWriter(file, self.seal, name))
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
            sync_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)
        return made

    def open(self, name: str, place: str) -> SealedSound:
        """Raises Unavailable `recordings_away`, NotFound `recording_file_gone`, Invalid `seal_broken`, OSError."""
        self.require()
        try:
            return SealedSound(self.folder / place, self.seal, name)
        except FileNotFoundError:
            raise NotFound(
                "The file of this recording is not where it was put: look in the copies.",
                code="recording_file_gone",
            ) from None

    def remove(self, place: str) -> None:
        """For good; it may be gone already. Raises Unavailable, OSError."""
        self.require()
        path = self.folder / place
        path.unlink(missing_ok=True)
        with suppress(OSError):  # others of its day are there still
            path.parent.rmdir()

    def _require_room(self, wanted: int) -> None:
        self.reserve.require()
        free = shutil.disk_usage(self.folder).free
        if free < wanted + self.left_free:
            raise NoRoom(
                f"{self.folder}: {free >> 20} MiB are free, and {self.left_free >> 20} MiB are left free: make room. "
                "Recordings wait at the exchange meanwhile."
            )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
