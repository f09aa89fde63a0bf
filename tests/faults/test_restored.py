"""The disk with the database is lost: the copy and what stands on the spool give everything that was acknowledged, each once."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.cluster_files import is_alive
from callcenter.core.last_copy import Kind, last_of
from tests.faults.conftest import OwnDisk
from tests.support.postgres import kill_postgres
from tests.support.waiting import until, until_told
from tests.support.wire import post, sos

pytestmark = pytest.mark.durability


async def told(own_disk: OwnDisk, *arguments: str) -> str:
    """A command on the folder of the server."""
    command = [sys.executable, "-m", "callcenter", *arguments]
    command += ["--data-dir", str(own_disk.server.data_dir)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stop_still(postmaster: int) -> None:
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        os.kill(pid, signal.SIGSTOP)


async def heard_from(own_disk: OwnDisk) -> list[str]:
    owner = await own_disk.owner()
    try:
        rows = await owner.fetch("SELECT identifier FROM journal ORDER BY received_at")
        return [row["identifier"] for row in rows]
    finally:
        await owner.close()


async def test_a_lost_database_comes_back_from_the_copy_and_the_spool(own_disk: OwnDisk):
    server, site = own_disk.server, own_disk.site
    assert (await post(server.http_port, sos(site.phone(0)))).status < 300
    await told(own_disk, "backup")
    postmaster = own_disk.postmaster()
    assert postmaster is not None
    stop_still(postmaster)
    pressed = await post(server.http_port, sos(site.phone(1)))
    assert pressed.status < 300
    server.kill()
    kill_postgres(postmaster)
    await until(lambda: not is_alive(postmaster), "PostgreSQL to be gone", 30)
    shutil.rmtree(server.data_dir / "postgresql")

    [archive] = (server.data_dir / "backups").glob("*.ccbackup")
    said = await told(own_disk, "restore", str(archive), "--keys", str(server.data_dir))
    assert "the next start writes what it holds" in said
    await server.start()

    async def both() -> bool:
        try:
            return await heard_from(own_disk) == [site.phone(0), site.phone(1)]
        except (asyncpg.PostgresError, OSError):
            return False

    await until_told(both, "both presses in the journal, each once", 60)
    assert await server.stop() == 0
    await server.start()
    assert await heard_from(own_disk) == [site.phone(0), site.phone(1)]


async def test_the_daily_copy_is_taken_and_tried_by_the_server_itself(own_disk: OwnDisk):
    server = own_disk.server
    assert await server.stop() == 0
    server.settings |= {"BACKUP__AT": "00:00", "BACKUP__DRILL_EVERY_D": "1"}
    await server.start()
    await until(lambda: last_of(server.data_dir, Kind.DRILL) is not None, "a drill", 90)
    for kind in Kind:
        said = last_of(server.data_dir, kind)
        assert said is not None
        assert said.ok, server.log()[-3000:]
    await until(lambda: server.events("backup_taken"), "it to be told", 30)
    assert len(list((server.data_dir / "backups").glob("*.ccbackup"))) == 1
