"""What the office keeps for a start without the database, and what the alarm process makes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, cast

import asyncpg
import pytest

from callcenter.alerts.open_incidents import OPEN
from callcenter.core.data_folder import board_file, directory_file, is_there
from callcenter.core.database import Database
from callcenter.core.snapshot_file import Unusable
from callcenter.devices.registry import Registry
from callcenter.runtime.kept_answers import assert_usable, recalled
from callcenter.runtime.remembering import BoardSnapshot, DirectorySnapshot
from tests.support.away import SEAL
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.reading import read_whole

NOW = datetime(2026, 11, 28, 2, 13, tzinfo=UTC)
HOMES = 600
"""More than two pages."""


@pytest.fixture
async def street(community: Community) -> Community:
    """Homes with people, contacts and devices as chance has it, some of them in test, some with keys."""
    chance = Random(9)
    await community.source()
    for number in range(HOMES):
        home = await community.home(address=f"榆荫里{number}号")
        for _ in range(chance.randrange(3)):
            resident = await community.resident(home, f"沈{number}")
            for rank in range(chance.randrange(3)):
                await community.contact(resident, rank + 1, f"+861390{rank:02d}{number:05d}")
        if chance.random() < 0.9:
            await community.device(f"{10000 + number}", home)
    await community.owner.execute("UPDATE device SET key_sealed = '\\x01' WHERE id % 7 = 0")
    return community


@pytest.fixture
def directory(tmp_path: Path, database: Database, clock: HandClock) -> DirectorySnapshot:
    return DirectorySnapshot(tmp_path, SEAL, database, clock)


@pytest.fixture
def board(
    directory: DirectorySnapshot, tmp_path: Path, database: Database, clock: HandClock
) -> BoardSnapshot:
    return BoardSnapshot(directory, tmp_path, SEAL, database, (), clock)


def content(registry: Registry) -> dict[str, Any]:
    """Everything that is in the copy."""
    copy = registry._copy
    return {
        "regions": copy._regions, "sources": copy.sources, "credentials": copy.credentials, "tests": copy.tests,
        "keys": dict(copy.keys), "homes": rows_of(copy._homes), "home_of": rows_of(copy._home_of),
        "names": rows_of(copy._names), "devices": copy._devices._shards,
    }  # fmt: skip


def rows_of(by_id: Any) -> dict[int, Any]:
    return {
        page * 1024 + place: value
        for page, slots in by_id._pages.items()
        for place, value in enumerate(slots)
        if value is not None
    }


def a_registry() -> Registry:
    return Registry(unseal=lambda sealed, context: sealed)


async def recall(folder: Path) -> Registry:
    found = await recalled(folder, SEAL)
    made = a_registry()
    await made.recall(cast("asyncpg.Connection", found.answers))
    return made


async def test_the_registry_from_the_snapshot_is_the_registry_from_the_database(
    street: Community, directory: DirectorySnapshot, board: BoardSnapshot, tmp_path: Path
):
    await directory.run_once(NOW)
    await board.run_once(NOW)
    read = a_registry()
    await read_whole(read, street.owner)
    again = await recall(tmp_path)
    assert again.complete
    assert len(content(again)["homes"]) == HOMES
    assert content(again) == content(read)


async def test_when_the_database_is_there_what_has_changed_since_is_read(
    street: Community, directory: DirectorySnapshot, board: BoardSnapshot, tmp_path: Path
):
    await directory.run_once(NOW)
    await board.run_once(NOW)
    again = await recall(tmp_path)
    await street.owner.execute("UPDATE home SET address = 'moved' WHERE id % 100 = 1")
    await street.owner.execute("DELETE FROM device WHERE id % 100 = 2")
    await street.device("late", await street.home())
    await again.catch_up(street.owner)
    read = a_registry()
    await read_whole(read, street.owner)
    assert content(again) == content(read)


async def test_another_database_is_read_anew(
    street: Community, directory: DirectorySnapshot, board: BoardSnapshot, tmp_path: Path
):
    await directory.run_once(NOW)
    await board.run_once(NOW)
    again = await recall(tmp_path)
    again._of = "of another cluster", 1
    await again.catch_up(street.owner)
    assert not again.complete  # what fills a registry fills it
    while await again.fill(street.owner):
        pass
    read = a_registry()
    await read_whole(read, street.owner)
    assert content(again) == content(read)


async def test_what_has_not_changed_is_not_written_again_and_is_known_to_be_true(
    street: Community,
    directory: DirectorySnapshot,
    board: BoardSnapshot,
    tmp_path: Path,
    clock: HandClock,
):
    await directory.run_once(NOW)
    kept = directory_file(tmp_path).read_bytes()
    later = datetime(2026, 11, 28, 2, 20, tzinfo=UTC)
    await directory.run_once(later)
    assert directory_file(tmp_path).read_bytes() == kept
    await board.run_once(later)
    assert (await recalled(tmp_path, SEAL)).as_of == later
    await street.device("new", await street.home())
    clock.advance(3600)
    await directory.run_once(later)
    assert directory_file(tmp_path).read_bytes() != kept


async def test_the_board_waits_for_the_directory(
    street: Community, directory: DirectorySnapshot, board: BoardSnapshot, tmp_path: Path
):
    await board.run_once(NOW)
    assert not board_file(tmp_path).exists()
    assert not is_there(tmp_path)
    with pytest.raises(Unusable, match="there is none"):
        assert_usable(tmp_path, SEAL)
    await directory.run_once(NOW)
    await board.run_once(NOW)
    assert is_there(tmp_path)
    assert_usable(tmp_path, SEAL)
    found = await recalled(tmp_path, SEAL)
    assert list(await found.answers.fetch(OPEN)) == []
