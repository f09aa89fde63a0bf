"""A month is shown and proved from its file, and the exit code says what came of it."""

from __future__ import annotations

import json
from asyncio import to_thread

import pytest

from tests.support.vault import Vault, two_years_in


@pytest.fixture
async def aged(database, owner, tmp_path):
    """Two months lie in the archive of the site, one is kept."""
    (tmp_path / "data").mkdir(mode=0o700)
    vault = Vault(database, owner, tmp_path / "data")
    await two_years_in(vault)
    await vault.age()
    yield vault
    await vault.close()


async def test_a_file_that_is_as_it_was_holds(site, aged):
    for file in aged.files:
        result = await to_thread(site, "archive", "verify", str(file))
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith(f"{file.stem}: 3 rows, links ")
        assert result.stdout.endswith("\nholds\n")


async def test_a_row_is_shown_with_its_link(site, aged):
    result = await to_thread(site, "archive", "show", str(aged.files[0]))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["link"], line["subject"]) for line in lines] == [
        (1, "求助"),
        (2, "求助"),
        (3, "求助"),
    ]


async def test_what_does_not_hold_is_told_by_the_exit_code(site, aged, owner):
    await owner.execute("UPDATE chain_cut SET sha256 = ''")
    file = str(aged.files[0])
    assert (await to_thread(site, "archive", "verify", file)).exit_code == 1
    assert (await to_thread(site, "archive", "verify", "--alone", file)).exit_code == 0


async def test_what_cannot_be_read_could_not_be_checked(site, aged):
    aged.files[0].write_bytes(aged.files[0].read_bytes()[:-5])
    for command in ("verify", "show"):
        for file in (str(aged.files[0]), str(aged.folder / "keys.json"), "nowhere"):
            result = await to_thread(site, "archive", command, file)
            assert result.exit_code == 2
            assert result.stderr.startswith("callcenter: ")
