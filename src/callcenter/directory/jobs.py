"""How far the imports of this process are, and what became of the last ones. Nothing here is needed for correctness:
an import's own answer says everything; this is for the progress bar and for fetching the bad rows afterwards.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict, NotFound
from callcenter.directory.importing import Report, Stage

_KEPT: Final = 20


@dataclass(slots=True)
class Job:
    """One import of one user. `report` once it has ended well, `failed` if it ended with an error."""

    user_id: int
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
    """The last imports by the ids that their clients made."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[UUID, Job] = OrderedDict()

    def begin(self, job_id: UUID, user_id: int) -> Job:
        """A new job. Raises Conflict for an id that is in use, and `import_running` until the one before has ended."""
        if job_id in self._jobs:
            raise Conflict("This import has been sent before.", code="import_repeated")
        if any(job.running for job in self._jobs.values()):
            raise Conflict(
                "Another import is running at this moment: try again.", code="import_running"
            )
        job = self._jobs[job_id] = Job(user_id)
        while len(self._jobs) > _KEPT:
            self._jobs.popitem(last=False)
        return job

    def find(self, job_id: UUID, user_id: int) -> Job:
        """The job, for whoever began it. Raises NotFound."""
        job = self._jobs.get(job_id)
        if job is None or job.user_id != user_id:
            raise NotFound("no such import, or it is too long ago", what="import")
        return job
