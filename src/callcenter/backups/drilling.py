"""A copy is tried before it is needed: restored into a scratch database, held against its manifest, brought to this release, proved,
and thrown away, whatever happens.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg

from callcenter.backups.keys import Keys
from callcenter.backups.manifest import Manifest
from callcenter.backups.restoring import Copy, check, fill, require_room
from callcenter.core.binaries import find_binaries
from callcenter.core.clock import SystemClock
from callcenter.core.cluster import Cluster
from callcenter.core.cluster_files import Layout, try_lock
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError
from callcenter.core.sealed import Seal
from callcenter.devices.inventory import DEVICE_KEY
from callcenter.devices.registry.reading import HMAC_SECRET
from callcenter.proving.facts import Span
from callcenter.proving.report import Check, Line, Report, Verdict
from callcenter.proving.running import prove_span
from callcenter.residents.people import IDENTITY

PREFIX: Final = "callcenter-drill-"
MUST_HOLD: Final = frozenset({Check.RECEIVED, Check.COMMANDS, Check.CHAINS})
"""What a copy is judged by: rows that belong together, and chains. The rest says how the site was at that moment, which a copy keeps."""
NOT_LINKED: Final = "row_outside"
_SEALED: Final = {
    "SELECT key_sealed FROM device WHERE key_sealed IS NOT NULL LIMIT 1": DEVICE_KEY,
    "SELECT hmac_secret_sealed FROM source WHERE hmac_secret_sealed IS NOT NULL LIMIT 1": HMAC_SECRET,
    "SELECT identity_sealed FROM resident WHERE identity_sealed IS NOT NULL LIMIT 1": IDENTITY,
}
REMOVED_IN_TRIES: Final = 50
REMOVE_AGAIN_S: Final = 0.1
ORDER: Final = ("checked", "restored", "chains", "migrated", "keys", "proved")
"""Of the steps."""
_THROWN_AWAY: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: what was done, whether it went well, what is to be said of it."""

    name: str
    ok: bool
    said: str
    seconds: float = 0.0


class Drill:
    """`steps` grows as it goes on; `ok` once all of them went well."""

    def __init__(self, path: Path, keys: Keys, *, binaries: Path | None, days: int) -> None:
        self._path = path
        self._keys = keys
        self._binaries = binaries
        self._days = days
        self._clock = SystemClock()
        self._began = self._clock.monotonic()
        self.steps: list[Step] = []
        self.manifest: Manifest | None = None

    @property
    def ok(self) -> bool:
        """It came to its end, and nothing failed."""
        return (
            bool(self.steps) and self.steps[-1].name == ORDER[-1] and all(s.ok for s in self.steps)
        )

    def run(self, scratch: Path) -> None:
        """In a folder of its own below `scratch`. What goes wrong is a step that failed; raises nothing but KeyboardInterrupt."""
        try:
            self._run(scratch)
        except (CallCenterError, asyncpg.PostgresError, OSError) as error:
            self._say(_name_after(self.steps), str(error), ok=False)

    def _run(self, scratch: Path) -> None:
        copy = check(self._path, self._keys)
        self.manifest = copy.manifest
        self._say("checked", f"{len(copy.manifest.parts)} parts, {self._path.stat().st_size} bytes")
        with _scratch_cluster(scratch, copy, self._binaries) as cluster:
            migrated = fill(copy, cluster.dsn(), find_binaries(self._binaries, None))
            rows, chains = copy.manifest.state.rows, copy.manifest.state.chains
            self._say("restored", f"{sum(rows.values())} rows in {len(rows)} tables as copied")
            self._say("chains", ", ".join(f"{n} {h.number}" for n, h in chains.items()))
            self._say("migrated", ", ".join(migrated) or "nothing to do")
            self._say("keys", asyncio.run(_opens_what_is_sealed(cluster.dsn(), self._keys)))
            self._judge(asyncio.run(_proved(cluster.dsn(), copy.manifest, self._days)))

    def _judge(self, report: Report) -> None:
        found = [line for line in report.lines if line.verdict is Verdict.FINDINGS]
        broken = [line for line in found if line.check in MUST_HOLD and _is_broken(line)]
        said = [f"{line.check.value}: {len(line.findings)}" for line in found]
        words = ", ".join(said) or f"{self._days} days, nothing found"
        self._say(ORDER[-1], words, ok=not broken)

    def _say(self, name: str, said: str, *, ok: bool = True) -> None:
        before, self._began = self._began, self._clock.monotonic()
        self.steps.append(Step(name, ok, said, self._began - before))


def _name_after(steps: list[Step]) -> str:
    return ORDER[len(steps)]


def _is_broken(line: Line) -> bool:
    """A row that had no link yet when the copy was taken has none in the copy either."""
    return any(not each.noted and each.code != NOT_LINKED for each in line.findings)


@contextmanager
def _scratch_cluster(scratch: Path, copy: Copy, binaries: Path | None) -> Iterator[Cluster]:
    """Gone afterwards; what an earlier one that was killed has left goes first."""
    remove_left_over(scratch)
    require_room(scratch, copy.manifest)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=scratch))
    folder.chmod(0o711)
    try:
        cluster = Cluster.start(folder, binaries=binaries, parameters=_THROWN_AWAY)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Also where the programs of a start that was interrupted still write into it for a moment."""
    for _ in range(REMOVED_IN_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(REMOVE_AGAIN_S)


def remove_left_over(scratch: Path) -> None:
    """Folders of drills whose process is gone."""
    for folder in scratch.glob(f"{PREFIX}*"):
        lock = (
            try_lock(Layout(folder / "postgresql").lock) if (folder / "postgresql").exists() else 0
        )
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)


async def _proved(dsn: str, manifest: Manifest, days: int) -> Report:
    """The days before the copy was taken, as it was then."""
    database = Database(dsn, role=None, pool_size=1)
    span = Span(manifest.at - timedelta(days=days), manifest.at, manifest.at)
    try:
        return await prove_span(database, span, Path("/nonexistent"))
    finally:
        await database.close()


async def _opens_what_is_sealed(dsn: str, keys: Keys) -> str:
    """Whether the keys of the site open a value of each kind that the copy holds. Raises Invalid."""
    seal = Seal.of(keys.site, name="keys of the copy")
    database = Database(dsn, role=None, pool_size=1)
    connection = await database.connect("drill", answer_s=None)
    try:
        tried = 0
        for query, context in _SEALED.items():
            value = await connection.fetchval(query)
            if value is not None:
                seal.open(value, context=context)
                tried += 1
        return f"they open what is sealed ({tried} kinds tried)"
    finally:
        await connection.close()
        await database.close()
