"""A copy is taken on the command line, and restored, tried or refused."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import sys
import tempfile
from asyncio import to_thread
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.errors import Conflict, Invalid, Unavailable
from callcenter.core.migrating import current_revision, latest_revision
from tests.support.earlier_release import upgrade_to
from tests.support.waiting import until

PHRASE = "correct horse battery"
INSERT = "INSERT INTO number_gap (first, last, reason, at) VALUES ($1, $1, 'tried', '2026-03-14 01:00+00')"


@pytest.fixture
def folder() -> Iterator[Path]:
    """On disk, and open to PostgreSQL's user: pytest's own folders are closed to it when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="callcenter-copies-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def copied(site, owner, folder, monkeypatch):
    """A site of which there is one copy."""
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o711)
    monkeypatch.setenv("CALLCENTER_DATA_DIR", str(data_dir))
    (data_dir / "secrets.json").write_text("{}")
    (data_dir / "secrets.json").chmod(0o600)
    return data_dir


async def take(site, data_dir: Path) -> Path:
    result = await to_thread(site, "backup")
    assert (result.exit_code, result.exception) == (0, None), result.output
    (archive,) = (data_dir / "backups").glob("*.ccbackup")
    return archive


def last(data_dir: Path) -> dict[str, object]:
    return json.loads((data_dir / "backups/last.json").read_text())


async def test_a_copy_goes_into_an_empty_database_as_it_was(
    site, owner, copied, folder, databases, monkeypatch
):
    await owner.execute(INSERT, 7)
    archive = await take(site, copied)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    said = last(copied)
    assert set(said) == {"at", "kind", "ok", "place"}
    assert (said["kind"], said["ok"], said["place"]) == ("backup", True, str(archive))
    await owner.execute(INSERT, 8)
    empty = await databases.empty()
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", empty)
    elsewhere = folder / "elsewhere"
    monkeypatch.setenv("CALLCENTER_DATA_DIR", str(elsewhere))
    result = await to_thread(site, "restore", str(archive), "--keys", str(copied))
    assert result.exit_code == 0, (result.output, result.exception)
    connection = await asyncpg.connect(empty)
    try:
        assert await connection.fetchval("SELECT array_agg(first) FROM number_gap") == [7]
        granted = "SELECT has_table_privilege('callcenter_server', 'journal', $1)"
        assert await connection.fetchval(granted, "INSERT")
        assert not await connection.fetchval(granted, "UPDATE")
        await connection.execute("CREATE TABLE later (id int)")
        assert await connection.fetchval(
            "SELECT has_table_privilege('callcenter_server', 'later', 'UPDATE')"
        )
    finally:
        await connection.close()
    for name in ("keys.json", "backup-key.json", "secrets.json"):
        assert (elsewhere / name).read_bytes() == (copied / name).read_bytes()
        assert stat.S_IMODE((elsewhere / name).stat().st_mode) == 0o600
    again = await to_thread(site, "restore", str(archive), "--keys", str(copied))
    assert isinstance(again.exception, Conflict)
    assert "has tables already" in again.exception.message


async def test_the_archive_has_no_keys_and_nothing_readable(site, owner, copied):
    await owner.execute(
        "INSERT INTO number_gap (first, last, reason, at) VALUES (1, 1, $1, '2026-03-14 01:00+00')",
        "grandmother " * 50,
    )
    archive = await take(site, copied)
    content = archive.read_bytes()
    keys = json.loads((copied / "keys.json").read_text())
    assert b"grandmother" not in content
    assert keys["index_key"].encode() not in content
    assert b"callcenter" not in content.lower().replace(b"ccbackup", b"")


@pytest.mark.slow
async def test_a_drill_restores_proves_and_throws_away(site, owner, copied):
    await owner.execute(INSERT, 7)
    await take(site, copied)
    result = await to_thread(site, "restore", "--drill")
    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in result.stdout.splitlines()[:-1]] == [
        ["ok", name] for name in ("checked", "restored", "chains", "migrated", "keys", "proved")
    ]
    assert (last(copied)["kind"], last(copied)["ok"]) == ("drill", True)
    assert not list(copied.glob("callcenter-drill-*"))


async def test_a_drill_of_a_damaged_copy_fails_and_says_so(site, owner, copied):
    archive = await take(site, copied)
    with archive.open("r+b") as file:
        file.seek(-3, os.SEEK_END)
        file.write(b"xyz")
    result = await to_thread(site, "restore", "--drill")
    assert result.exit_code == 1
    assert "FAIL  checked" in result.stdout
    assert (last(copied)["kind"], last(copied)["ok"]) == ("drill", False)
    refused = await to_thread(
        site, "restore", str(archive), "--keys", str(copied), "--into", str(copied / "new")
    )
    assert isinstance(refused.exception, Invalid)
    assert not (copied / "new").exists()


async def test_keys_are_written_apart_and_open_the_copy(
    site, owner, copied, folder, databases, monkeypatch
):
    archive = await take(site, copied)
    phrase = folder / "phrase"
    phrase.write_text(PHRASE + "\n")
    for name, more in (
        ("site.keys", ("--passphrase-file", str(phrase))),
        ("sheet.txt", ("--sheet",)),
    ):
        written = await to_thread(site, "backup", "--keys", str(folder / name), *more)
        assert written.exit_code == 0, written.output
        monkeypatch.setenv("CALLCENTER_DATABASE_URL", await databases.empty())
        monkeypatch.setenv("CALLCENTER_DATA_DIR", str(folder / f"from-{name}"))
        asked = ("--keys", str(folder / name), "--passphrase-file", str(phrase))
        result = await to_thread(site, "restore", str(archive), *asked)
        assert result.exit_code == 0, (result.output, result.exception)
        monkeypatch.setenv("CALLCENTER_DATA_DIR", str(copied))
    beside = await to_thread(site, "backup", "--keys", str(archive.parent / "site.keys"), "--sheet")
    assert isinstance(beside.exception, Invalid)


async def test_a_copy_of_a_later_release_is_refused(site, owner, copied, databases, monkeypatch):
    await owner.execute("UPDATE alembic_version SET version_num = '9999'")
    archive = await take(site, copied)
    await owner.execute("UPDATE alembic_version SET version_num = $1", latest_revision())
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", await databases.empty())
    result = await to_thread(site, "restore", str(archive))
    assert isinstance(result.exception, Invalid)
    assert result.exception.code == "copy_too_new"


async def test_other_keys_are_refused_before_anything_is_touched(
    site, owner, copied, folder, databases, monkeypatch
):
    from callcenter.backups.keys import Keys  # noqa: PLC0415

    archive = await take(site, copied)
    other = folder / "other"
    other.mkdir()
    Keys.of_site(other)
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", await databases.empty())
    monkeypatch.setenv("CALLCENTER_DATA_DIR", str(folder / "new"))
    result = await to_thread(site, "restore", str(archive), "--keys", str(other))
    assert isinstance(result.exception, Invalid)
    assert result.exception.code == "copy_key"
    assert not (folder / "new").exists()


async def test_a_copy_that_failed_is_noted(site, copied, monkeypatch):
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", "postgresql://callcenter@127.0.0.1:1/callcenter")
    result = await to_thread(site, "backup")
    assert isinstance(result.exception, Unavailable)
    assert (last(copied)["kind"], last(copied)["ok"]) == ("backup", False)
    assert not list((copied / "backups").glob("*unfinished*"))


@pytest.mark.slow
async def test_a_drill_that_is_ended_leaves_nothing_behind(site, owner, copied):
    await take(site, copied)
    drill = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "callcenter", "restore", "--drill"), stdout=PIPE, stderr=STDOUT
    )
    await until(lambda: any(copied.glob("callcenter-drill-*/postgresql/*")), "it to begin", 60)
    drill.terminate()
    said, _ = await drill.communicate()
    assert drill.returncode == 130, said.decode()
    assert not list(copied.glob("callcenter-drill-*"))
    assert (last(copied)["kind"], last(copied)["ok"]) == ("drill", False)


async def test_of_two_at_once_the_second_is_refused(site, owner, copied):
    from callcenter.core.pid_file import held  # noqa: PLC0415

    (copied / "backups").mkdir(mode=0o700)
    with held(copied / "backups/copying.pid"):
        result = await to_thread(site, "backup")
    assert isinstance(result.exception, Conflict)
    assert not (copied / "backups/last.json").exists()


async def test_a_copy_of_an_older_release_is_brought_up(
    site, copied, folder, databases, monkeypatch
):
    older = await databases.empty()
    await upgrade_to(older, "0042b")
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", older)
    archive = await take(site, copied)
    empty = await databases.empty()
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", empty)
    result = await to_thread(site, "restore", str(archive))
    assert result.exit_code == 0, (result.output, result.exception)
    assert "migrated: 0043" in result.output
    assert await current_revision(empty) == latest_revision()
