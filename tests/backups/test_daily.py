"""The daily copy is a process of its own; the office notes its end, also where it could not."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from callcenter.backups.daily import DailyCopy, command_of
from callcenter.core.last_copy import Kind, LastCopy, last_of, note
from callcenter.core.supervisor import Supervisor
from tests.support.waiting import until

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def copying(supervisor: Supervisor, folder: Path, program: str) -> DailyCopy:
    return DailyCopy(
        supervisor,
        [sys.executable, "-c", program, str(folder)],
        at=time(3, 10),
        zone=ZoneInfo("Asia/Shanghai"),
        data_dir=folder,
        place=folder / "copies",
    )


COUNTS = "import sys, pathlib; (pathlib.Path(sys.argv[1]) / 'runs').open('a').write('x')"


async def test_it_is_started_when_due_and_once(tmp_path):
    note(tmp_path, LastCopy(NOW - timedelta(days=2), Kind.BACKUP, True, "before"))
    async with Supervisor() as supervisor:
        daily = copying(supervisor, tmp_path, COUNTS + "; sys.stdin.read(); input()")
        await daily.run_once(NOW)
        await daily.run_once(NOW)
        await until(
            lambda: (said := last_of(tmp_path, Kind.BACKUP)) is not None and not said.ok, "an end"
        )
    assert (tmp_path / "runs").read_text() == "x"


async def test_one_that_was_killed_is_noted_as_failed(tmp_path):
    async with Supervisor() as supervisor:
        killed = "import os; os.kill(os.getpid(), 9)"
        await copying(supervisor, tmp_path, killed).run_once(NOW)
        await until(lambda: last_of(tmp_path, Kind.BACKUP) is not None, "a note")
    assert last_of(tmp_path, Kind.BACKUP) == LastCopy(
        NOW, Kind.BACKUP, False, str(tmp_path / "copies")
    )


async def test_what_is_not_due_is_not_started(tmp_path):
    note(tmp_path, LastCopy(NOW, Kind.BACKUP, True, "today"))
    async with Supervisor() as supervisor:
        await copying(supervisor, tmp_path, COUNTS).run_once(NOW + timedelta(minutes=1))
        await asyncio.sleep(0)
    assert not (tmp_path / "runs").exists()


def test_it_is_the_command_of_this_installation_on_the_data_of_this_server(tmp_path):
    command = command_of("python", tmp_path)
    own = ["-m", "callcenter", "backup", "--scheduled", "--data-dir", str(tmp_path)]
    assert command[command.index("python") + 1 :] == own
