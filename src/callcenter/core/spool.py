"""The spool: what must not be lost is appended here before anything else, and let go when the database has it.

It lies beside the private database as segments whose room is taken when they are made, so that a disk that fills up later leaves
it what it has. An append is a copy into the page cache; `sync` makes all that was appended durable. At a start `left` gives what an
earlier process has not let go, torn ends left out. Bodies are sealed with the key of the site.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, Protocol

import structlog

from callcenter.core.errors import Invalid
from callcenter.core.private_files import sync_folder
from callcenter.core.spool_frames import HEADER_BYTES, SALT_BYTES, bodies, header, record

log = structlog.get_logger(__name__)

SEGMENT_BYTES: Final = 8 * 1024 * 1024
"""Some ten thousand alarms."""
MOST_SEGMENTS: Final = 64
"""Half a gigabyte: what waits in memory beside it is bounded more tightly."""
_CONTEXT: Final = "spool"
_SUFFIX: Final = ".spool"
_ASIDE: Final = ".kept"


class Sealing(Protocol):
    """What seals the bodies: core.sealed.Seal."""

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt."""

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt. Raises Invalid."""


@dataclass(eq=False, slots=True)
class Segment:
    """One file. `handle` None: of an earlier process, only read."""

    path: Path
    handle: int | None = None
    salt: bytes = b""
    at: int = 0
    held: int = 0
    """Records that nobody has let go yet."""
    dirty: bool = False
    new: bool = True
    """Its name is not known to be on the disk yet."""
    syncing: bool = False
    failed: bool = False
    """The disk did not take all of it: nothing in it is safe from a power cut, whatever later syncs say."""
    aside: bool = False
    """Something in it cannot be read: it is not thrown away."""


class Spool:
    """The spool of one process. Appending and letting go cost no wait; `sync` waits for the disk."""

    def __init__(
        self,
        folder: Path,
        sealing: Sealing,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        most_segments: int = MOST_SEGMENTS,
    ) -> None:
        self._folder = folder
        self._sealing = sealing
        self._segment_bytes = segment_bytes
        self._most = most_segments
        self._current: Segment | None = None
        self._segments: set[Segment] = set()
        self._turn = asyncio.Lock()
        self._appended = 0
        self._synced = 0

    @property
    def held(self) -> int:
        """Records that the database does not have yet."""
        return sum(segment.held for segment in self._segments)

    def append(self, body: bytes) -> Segment:
        """Write one record; what comes back is let go by `release`. Raises OSError when the disk takes nothing."""
        sealed = self._sealing.seal(body, context=_CONTEXT)
        segment = self._with_room(len(sealed))
        written = record(segment.salt, sealed)
        self._write(segment, written, segment.at)
        segment.at += len(written)
        segment.held += 1
        segment.dirty = True
        self._appended += 1
        return segment

    def release(self, segment: Segment) -> None:
        """The database has a record of this segment. A segment with no other is begun anew, or goes."""
        segment.held -= 1
        if segment.held:
            return
        if segment is self._current:
            with suppress(OSError):  # the next append says so
                self._begin(segment)
        else:
            self._remove(segment)

    def begin_another(self) -> None:
        """What comes from now on lies in another file than what was before, which goes when all of it is let go."""
        before, self._current = self._current, None
        if before is not None and before.held == 0:
            self._remove(before)

    def set_aside(self, segment: Segment) -> None:
        """A record of this segment cannot be read. When all others of it are let go the file stays beside as `*.kept`, where no
        later start reads it.
        """
        segment.aside = True
        self.release(segment)

    async def sync(self) -> None:
        """Return when all that was appended before is on the disk, but for segments that have `failed`; many who ask share one
        sync. Raises OSError.
        """
        # Whoever asks may be given up meanwhile: what the others wait for goes on.
        await asyncio.shield(self._sync_up_to(self._appended))

    async def _sync_up_to(self, wanted: int) -> None:
        async with self._turn:
            if self._synced >= wanted:
                return
            reached = self._appended
            for segment in [each for each in self._segments if each.dirty]:
                await self._sync(segment)
            self._synced = reached

    async def _sync(self, segment: Segment) -> None:
        handle = segment.handle
        if handle is None:
            return
        segment.dirty, segment.syncing = False, True
        try:
            await asyncio.to_thread(os.fdatasync, handle)
            if segment.new:
                await asyncio.to_thread(sync_folder, self._folder)
                segment.new = False
        except OSError:
            # The kernel forgets what it could not write: only another file may still be trusted.
            segment.failed = True
            if self._current is segment:
                self._current = None
            raise
        finally:
            segment.syncing = False
            if segment not in self._segments:
                self._close(segment)

    def left(self) -> Iterator[tuple[Segment, bytes]]:
        """What earlier processes have not let go, the oldest first, as it was appended. Call it before the first `append`.

        A file that cannot be read, or opened with the keys that are here, stays where it is.
        """
        for path in sorted(filter(_is_ours, self._folder.glob(f"*{_SUFFIX}"))):
            segment = Segment(path)
            sealed = self._sealed(path)
            if sealed is None or sealed:
                self._segments.add(segment)
            else:
                path.unlink(missing_ok=True)
                continue
            segment.held = len(sealed) if sealed is not None else 1
            yield from (
                (segment, body) for one in sealed or () if (body := self._opened(path, one))
            )

    def close(self) -> None:
        """Files that hold nothing go; the others are read at the next start."""
        for segment in list(self._segments):
            if segment.held == 0:
                self._remove(segment)
            else:
                self._close(segment)

    def _sealed(self, path: Path) -> list[bytes] | None:
        """None: the disk does not give it."""
        try:
            return list(bodies(path.read_bytes()))
        except OSError as error:
            log.error("spool_not_read", file=path.name, error=str(error))  # noqa: TRY400 - the disk says why
            return None

    def _opened(self, path: Path, sealed: bytes) -> bytes | None:
        try:
            return self._sealing.open(sealed, context=_CONTEXT)
        except (
            Invalid
        ) as error:  # written with a key that is gone: the others are read all the same
            log.error("spool_record_not_opened", file=path.name, error=error.message)  # noqa: TRY400
            return None

    def _with_room(self, size: int) -> Segment:
        """The segment in use, or another one."""
        segment = self._current
        if segment is None or segment.at + size + 8 > self._segment_bytes:
            segment = self._current = self._make(max(self._segment_bytes, HEADER_BYTES + size + 8))
        return segment

    def _make(self, size: int) -> Segment:
        if len(self._segments) >= self._most:
            raise OSError(f"the spool holds {self._most} segments already")
        before = self._current
        if before is not None and before.held == 0:
            self._remove(before)
        number = 1 + max((int(each.path.stem, 16) for each in self._segments), default=0)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{number:08x}{_SUFFIX}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        segment = Segment(path, handle)
        self._segments.add(segment)
        try:
            if sys.platform == "linux":
                os.posix_fallocate(handle, 0, size)
            self._begin(segment)
        except OSError:
            self._remove(segment)
            raise
        return segment

    def _begin(self, segment: Segment) -> None:
        segment.salt = os.urandom(SALT_BYTES)
        self._write(segment, header(segment.salt), 0)
        segment.at = HEADER_BYTES

    @staticmethod
    def _write(segment: Segment, data: bytes, at: int) -> None:
        if segment.handle is None or os.pwrite(segment.handle, data, at) != len(data):
            raise OSError(f"{segment.path.name} takes nothing more")

    def _remove(self, segment: Segment) -> None:
        self._segments.discard(segment)
        if segment is self._current:
            self._current = None
        self._close(segment)
        if segment.aside:
            self._keep_aside(segment.path)
            return
        with suppress(OSError):
            segment.path.unlink(missing_ok=True)

    @staticmethod
    def _keep_aside(path: Path) -> None:
        names = (path.with_name(f"{path.stem}-{n}{_ASIDE}") for n in count(1))
        kept = next(name for name in names if not name.exists())
        try:
            path.rename(kept)
        except OSError as error:  # the next start reads it again
            log.error("spool_not_set_aside", file=path.name, error=str(error))  # noqa: TRY400 - the disk says why
            return
        log.error("spool_set_aside", file=kept.name)

    @staticmethod
    def _close(segment: Segment) -> None:
        """Now, or when the sync under way is done with it."""
        if segment.handle is not None and not segment.syncing:
            os.close(segment.handle)
            segment.handle = None


def _is_ours(path: Path) -> bool:
    """And not what somebody has put beside."""
    return re.fullmatch(r"[0-9a-f]{8,}", path.stem) is not None
