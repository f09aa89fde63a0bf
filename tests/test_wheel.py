"""What is no code travels in the wheel too: an installation without the repository migrates, and has the demo's people."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from callcenter.core.migrating import all_revisions, current_revision
from tests.support.postgres import TestDatabases

ROOT = Path(__file__).parents[1]
_MIGRATE = """
import asyncio, sys
from callcenter.core import migrating
print(migrating.migrations_folder())
print(*asyncio.run(migrating.migrate(sys.argv[1])))
"""
_COUNT_PEOPLE = """
import callcenter
from datetime import date
from callcenter.demo.community.plan import community
print(callcenter.__path__[0])
print(len(community(date(2026, 8, 1)).residents))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel of this work tree was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    environment = {**os.environ, "CALLCENTER_BUILD_CONSOLE": "no"}
    subprocess.run(build, cwd=ROOT, env=environment, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


async def told_by(installed: Path, *arguments: str) -> list[str]:
    """The lines that Python prints when it knows the wheel only."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        *arguments,
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed)},
        stdout=subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().splitlines()


async def test_the_wheel_alone_migrates_an_empty_database(
    installed: Path, databases: TestDatabases
):
    empty = await databases.empty()
    try:
        folder, applied = await told_by(installed, _MIGRATE, empty)

        assert Path(folder) == installed / "callcenter/migrations"
        assert tuple(applied.split()) == all_revisions()
        assert await current_revision(empty) == all_revisions()[-1]
    finally:
        await databases.drop(empty)


async def test_the_wheel_has_the_demos_people(installed: Path):
    assert await told_by(installed, _COUNT_PEOPLE) == [str(installed / "callcenter"), "60"]
