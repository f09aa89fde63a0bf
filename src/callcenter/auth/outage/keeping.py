"""The spool of log-ins and log-outs that the database does not have yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from callcenter.auth.outage.records import Record, read, written
from callcenter.core.spool import Segment, Spool

log = structlog.get_logger(__name__)

SEGMENT_BYTES: Final = 256 * 1024
MOST_SEGMENTS: Final = 32
"""8 MiB, some thirty thousand tries; alarms have a spool of their own."""


class KeptLogIns:
    """In their order. What an earlier process has left is among them from the start."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._kept: list[tuple[Record, Segment | None]] = []
        for segment, body in spool.left():
            try:
                self._kept.append((read(body), segment))
            except (ValueError, KeyError, TypeError) as error:
                log.error("log_in_record_not_read", reason=repr(error))  # noqa: TRY400 - the reason is all there is
                spool.set_aside(segment)
        if self._kept:
            log.warning("log_ins_left", records=len(self._kept))

    @property
    def waiting(self) -> Sequence[Record]:
        """What is not written yet, the oldest first."""
        return [record for record, _ in self._kept]

    async def keep(self, record: Record) -> None:
        """Returns when it is on the disk, or the disk has refused it: then it is in memory alone, and nobody is kept out for that."""
        self.note(record)
        await self.sync()

    def note(self, record: Record) -> None:
        """The same, for what need not be safe from a power cut at once; `sync` follows."""
        try:
            segment: Segment | None = self._spool.append(written(record))
        except OSError as error:
            self._refused(error)
            segment = None
        self._kept.append((record, segment))

    async def sync(self) -> None:
        """All that was kept is on the disk."""
        try:
            await self._spool.sync()
        except OSError as error:
            self._refused(error)

    def entered(self, record: Record) -> None:
        """The database has it."""
        place = next(n for n, (kept, _) in enumerate(self._kept) if kept is record)
        _, segment = self._kept.pop(place)
        if segment is not None:
            self._spool.release(segment)

    def close(self) -> None:
        self._spool.close()

    @staticmethod
    def _refused(error: OSError) -> None:
        log.error("log_in_spool_refuses", error=str(error))
