"""The daily copy: a processor of the office that starts `callcenter backup` as a process of its own when its hour has come."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from callcenter.backups.schedule import is_due
from callcenter.core.last_copy import Kind, LastCopy, last_of, note
from callcenter.core.supervisor import Supervisor

log = structlog.get_logger(__name__)

LOOKS_EVERY_S: Final = 30.0


class DailyCopy:
    """Starts it and waits for it beside the other work; a copy goes with the office that has started it."""

    name = "daily_copy"
    interval_s = LOOKS_EVERY_S

    def __init__(
        self,
        supervisor: Supervisor,
        command: Sequence[str],
        *,
        at: time,
        zone: ZoneInfo,
        data_dir: Path,
        place: Path,
    ) -> None:
        self._supervisor = supervisor
        self._data_dir = data_dir
        self._command = command
        self._at = at
        self._zone = zone
        self._place = place
        self._running: asyncio.Task[None] | None = None

    async def run_once(self, now: datetime) -> int:
        """Nothing is ever left at once: a copy takes as long as it takes."""
        last = await asyncio.to_thread(last_of, self._data_dir, Kind.BACKUP)
        idle = self._running is None or self._running.done()
        if idle and is_due(now, self._at, self._zone, last):
            self._running = self._supervisor.start_short(self._copy(now), name="copy")
        return 0

    async def _copy(self, now: datetime) -> None:
        log.info("backup_begun", place=str(self._place))
        code, said = await run(self._command)
        if code == 0:
            log.info("backup_taken", place=str(self._place), said=said)
            return
        log.error("backup_failed", place=str(self._place), code=code, said=said)
        await asyncio.to_thread(self._note_failure, now)

    def _note_failure(self, now: datetime) -> None:
        """Where it was killed before it could say so itself."""
        last = last_of(self._data_dir, Kind.BACKUP)
        if last is None or last.at < now:
            with suppress(OSError):  # the log has said it
                note(self._data_dir, LastCopy(now, Kind.BACKUP, False, str(self._place)))


def command_of(python: str, data_dir: Path) -> list[str]:
    """The copy, with the settings that this process has from its environment, behind others for the disk as well where the system
    can do that.
    """
    stepping = ["ionice", "-c", "3"] if shutil.which("ionice") else []
    own = ["-m", "callcenter", "backup", "--scheduled", "--data-dir", str(data_dir.absolute())]
    return [*stepping, python, *own]


async def run(command: Sequence[str]) -> tuple[int, str]:
    """Its exit code and its last words; ended with whoever waits for it."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        raise
    return process.returncode or 0, said.decode(errors="replace").strip()[-1000:]
