"""A copy never takes the room of alarms, and leaves nothing half written."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcenter.backups.copying import Site, remove_unfinished, sweep, take
from callcenter.backups.keys import Keys
from callcenter.backups.rotation import name_at
from callcenter.core.binaries import Binaries, find_binaries
from callcenter.core.errors import Misconfigured, NoRoom

NOW = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)


@pytest.fixture
def site(dsn: str, tmp_path: Path) -> Site:
    return Site(
        dsn=dsn, data_dir=tmp_path, programs=find_binaries(None, None), keys=Keys.of_site(tmp_path)
    )


async def test_with_too_little_room_none_is_begun(site, tmp_path):
    crowded = replace(site, reserve=1 << 60)
    with pytest.raises(NoRoom, match="leave room for alarms"):
        await to_thread(take, crowded, tmp_path / "copies", NOW)
    assert list((tmp_path / "copies").iterdir()) == []


async def test_one_that_cannot_be_finished_has_no_name(site, tmp_path):
    crippled = replace(site, programs=Binaries(tmp_path, "18.6"))
    with pytest.raises(Misconfigured, match="has no pg_dump"):
        await to_thread(take, crippled, tmp_path / "copies", NOW)
    assert list((tmp_path / "copies").iterdir()) == []


async def test_files_of_the_site_go_along_and_its_keys_do_not(site, tmp_path):
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates/authority.pem").write_text("PEM")
    elsewhere = tmp_path.parent / "elsewhere.toml"
    elsewhere.write_text("port = 8000")
    taken = await to_thread(
        take, replace(site, outside={"callcenter": elsewhere}), tmp_path / "copies", NOW
    )
    assert [part.name for part in taken.manifest.parts] == [
        "data/certificates/authority.pem",
        "data/secrets.json",
        "outside/callcenter.toml",
        "database.dump",
    ]
    assert taken.manifest.places == {"outside/callcenter.toml": str(elsewhere)}
    assert taken.path.name == name_at(NOW)


def test_what_was_killed_is_swept_and_other_files_stay(tmp_path):
    names = [f".{name_at(NOW)}.unfinished", "notes.txt"]
    for name in names:
        (tmp_path / name).touch()
    remove_unfinished(tmp_path)
    assert sweep(tmp_path, daily=1, weekly=0) == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
