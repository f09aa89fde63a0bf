"""A start of the demo moves nobody in who is there, and everybody who is not."""

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.moved_in import DEVICES_FILE, LOGINS_FILE, lives_here
from tests.support.outbox import SHANGHAI


async def test_a_community_that_was_loaded_lives_here(database, clock, tmp_path):
    assert not await lives_here(database, tmp_path)
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    assert await lives_here(database, tmp_path)


@pytest.mark.parametrize("name", [DEVICES_FILE, LOGINS_FILE])
async def test_what_is_handed_out_belongs_to_it(database, clock, tmp_path, name):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    (tmp_path / name).unlink()
    assert not await lives_here(database, tmp_path)


async def test_files_of_another_database_are_not_believed(database, tmp_path):
    for name in (DEVICES_FILE, LOGINS_FILE):
        (tmp_path / name).touch()
    assert not await lives_here(database, tmp_path)
