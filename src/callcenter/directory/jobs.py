"""How far the imports of this process are, and what became of the last ones. The reports are files, sealed since they hold
identity numbers: an office that is started again still answers for an import that ended before.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkstemp
from typing import Final
from uuid import UUID

import orjson

from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.sealed import Seal
from callcenter.directory.importing import Stage
from callcenter.directory.report import Report

_KEPT: Final = 20
_CONTEXT: Final = "import.report"


@dataclass(slots=True)
class Job:
    """One import of one user. `report` once it has ended well, `failed` if it ended with an error or with its process."""

    user_id: int | None
    stage: Stage = Stage.READING
    done: int = 0
    total: int = 0
    failed: bool = False
    report: Report | None = None

    @property
    def running(self) -> bool:
        return not self.failed and self.report is None

    def advance(self, stage: Stage, done: int, total: int) -> None:
        """The progress callback of the import; also called from its reading thread."""
        self.stage, self.done, self.total = stage, done, total


class ImportJobs:
    """The last imports by the ids that their clients made. `folder` is private to it."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        self._folder = folder
        self._seal = seal
        self._running: dict[UUID, Job] = {}

    @contextmanager
    def begun(self, job_id: UUID, user_id: int | None) -> Iterator[Job]:
        """A new job, which has failed if the block ends without a report. Raises Conflict for an id that is in use, and
        `import_running` until the one before has ended.
        """
        if self._running:
            raise Conflict(
                "Another import is running at this moment: try again.", code="import_running"
            )
        if self._path(job_id).exists():
            raise Conflict("This import has been sent before.", code="import_repeated")
        job = self._running[job_id] = Job(user_id)
        try:
            self._keep(job_id, job)  # what a killed process leaves of it has failed
            yield job
        finally:
            del self._running[job_id]

    async def end(self, job_id: UUID, job: Job, report: Report) -> None:
        """On disk before anybody is told; a long list of bad rows beside the loop, which others need."""
        await asyncio.to_thread(self._keep, job_id, job, report)
        job.report = report

    async def find(self, job_id: UUID, user_id: int) -> Job:
        """The job, for whoever began it. Raises NotFound."""
        job = self._running.get(job_id) or await asyncio.to_thread(self._kept, job_id)
        if job is None or job.user_id != user_id:
            raise NotFound("no such import, or it is too long ago", what="import")
        return job

    # ---- files

    def _path(self, job_id: UUID) -> Path:
        return self._folder / str(job_id)

    def _keep(self, job_id: UUID, job: Job, report: Report | None = None) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        head = orjson.dumps(
            {"user_id": job.user_id, "stage": job.stage, "done": job.done, "total": job.total}
        )
        content = head + b"\n" + (report.to_bytes() if report else b"")
        handle, aside = mkstemp(prefix=".", dir=self._folder)  # mode 600
        with os.fdopen(handle, "wb") as file:
            file.write(self._seal.seal(content, context=_CONTEXT))
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._path(job_id))
        self._forget_old()

    def _forget_old(self) -> None:
        for old in self._by_age()[:-_KEPT]:
            old.unlink(missing_ok=True)

    def older_than(self, at: datetime) -> tuple[int, datetime | None]:
        """How many were written before, and when the oldest of them."""
        written = [each.stat().st_mtime for each in self._by_age() if _is_before(each, at)]
        return len(written), datetime.fromtimestamp(min(written), UTC) if written else None

    def forget_before(self, at: datetime) -> int:
        """How many went that were written before; never that of an import under way."""
        running = {self._path(job_id) for job_id in self._running}
        old = [each for each in self._by_age() if _is_before(each, at) and each not in running]
        for each in old:
            each.unlink(missing_ok=True)
        return len(old)

    def _by_age(self) -> list[Path]:
        """The oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)

    def _kept(self, job_id: UUID) -> Job | None:
        with suppress(OSError, Invalid):  # gone, or of a key that is gone
            content = self._seal.open(self._path(job_id).read_bytes(), context=_CONTEXT)
            head, _, report = content.partition(b"\n")
            told = orjson.loads(head) | {"stage": Stage(orjson.loads(head)["stage"])}
            ended = Report.from_bytes(report) if report else None
            return Job(**told, failed=ended is None, report=ended)
        return None


def _is_before(file: Path, at: datetime) -> bool:
    return file.stat().st_mtime < at.timestamp()
