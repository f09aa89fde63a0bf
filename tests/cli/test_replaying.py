"""A night is exported and goes through an empty system on the command line."""

from __future__ import annotations

import gzip
from asyncio import to_thread
from pathlib import Path

import pytest

from callcenter.core.errors import Invalid
from callcenter.core.ids import new_id
from tests.support.community import Community

SPAN = ("--since", "2026-03-14T20:00", "--until", "2026-03-15T08:00")


async def exported(site, owner, folder: Path, *more: str):
    """A night in which one frame could not be read; the file, and what the command said."""
    await Community.found(owner)
    await owner.execute(
        "INSERT INTO journal (id, source, outcome, received_at, stored_at, reason, raw)"
        " VALUES ($1, 'dc09', 'undecodable', '2026-03-14 14:00+00', '2026-03-14 14:00+00', 'no frame', 'x')",
        new_id(),
    )
    file = folder / "night.jsonl.gz"
    return file, await to_thread(site, "journal", "export", *SPAN, "-o", str(file), *more)


async def test_what_is_in_the_file_is_said_and_the_trail_has_the_export(site, owner, tmp_path):
    file, result = await exported(site, owner, tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 signal, 1 said" in result.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    [entry] = await owner.fetch("SELECT * FROM audit_entry WHERE action = 'night_exported'")
    assert entry["detail"] == {
        "since": "2026-03-14T20:00:00+08:00",
        "until": "2026-03-15T08:00:00+08:00",
        "signals": 1,
        "without_people": False,
    }


async def test_an_export_without_people_says_so(site, owner, tmp_path):
    _, result = await exported(site, owner, tmp_path, "--without-people")
    assert "invented" in result.stdout


@pytest.mark.slow
async def test_the_file_alone_is_enough_to_go_through_the_night(site, owner, tmp_path):
    file, _ = await exported(site, owner, tmp_path)
    result = await to_thread(site, "replay", str(file), "--compare", "-o", "-")
    assert result.exception is None, result.exception
    assert (result.exit_code, "the same, byte for byte" in result.stderr) == (0, True)
    assert result.stdout.startswith("signal {")


async def test_an_altered_file_is_refused_by_its_line(site, owner, tmp_path):
    file, _ = await exported(site, owner, tmp_path)
    file.write_bytes(
        gzip.compress(gzip.decompress(file.read_bytes()).replace(b"no frame", b"a frame"))
    )
    result = await to_thread(site, "replay", str(file))
    assert isinstance(result.exception, Invalid)
    assert "it is not as it was written" in str(result.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("night.gz", "--since", "2026-03-14"),
        ("there-is-none.gz",),
        ("there-is-none.gz", "--speed", "fast"),
        ("there-is-none.gz", "--speed", "0"),
    ],
)
def test_what_makes_no_sense_is_refused(site, arguments):
    result = site("replay", *arguments)
    assert isinstance(result.exception, Invalid)
    assert result.stdout == ""
