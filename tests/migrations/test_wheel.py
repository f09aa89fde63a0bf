"""The migrations travel in the wheel: an installation without the repository brings a database up to date."""

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

ROOT = Path(__file__).parents[2]
_MIGRATE = """
import asyncio, sys
from callcenter.core import migrating
print(migrating.migrations_folder())
print(*asyncio.run(migrating.migrate(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel of this work tree was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(
        build, cwd=ROOT, env={**os.environ, "CALLCENTER_BUILD_CONSOLE": "no"}, check=True
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


async def test_the_wheel_alone_migrates_an_empty_database(
    installed: Path, databases: TestDatabases, tmp_path: Path
):
    empty = await databases.empty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _MIGRATE, empty),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            stdout=subprocess.PIPE,
        )
        told, _ = await process.communicate()
        folder, applied = told.decode().splitlines()

        assert Path(folder) == installed / "callcenter/migrations"
        assert tuple(applied.split()) == all_revisions()
        assert await current_revision(empty) == all_revisions()[-1]
    finally:
        await databases.drop(empty)
