"""What waits on disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import callcenter.proving.spool as spool_module
from callcenter.core.data_folder import place_of_office_spool, place_of_spool
from callcenter.core.spool_frames import header, record
from callcenter.proving.spool import left_in, office_spool_beside, waiting_in

SALT = b"12345678"


def test_a_site_without_a_spool_says_so(tmp_path: Path):
    assert waiting_in(place_of_spool(tmp_path)) is None


def test_records_that_stand_on_the_spool_wait(tmp_path: Path):
    spool = place_of_spool(tmp_path)
    spool.mkdir()
    (spool / "00000001.spool").write_bytes(header(SALT) + bytes(100))
    assert waiting_in(spool) == frozenset()
    (spool / "00000002.spool").write_bytes(
        header(SALT) + record(SALT, b"one") + record(SALT, b"two")
    )
    (spool / "notes.txt").write_bytes(b"x")
    assert len(waiting_in(spool) or ()) == 2


async def test_what_is_written_a_moment_later_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(spool_module, "A_MOMENT_S", 0.0)
    spool = place_of_spool(tmp_path)
    assert await left_in(spool) is None
    spool.mkdir()
    segment = spool / "00000001.spool"
    segment.write_bytes(header(SALT) + record(SALT, b"one"))
    assert await left_in(spool) == 1
    looking = asyncio.create_task(left_in(spool))
    segment.write_bytes(header(SALT))
    assert await looking == 0


def test_the_offices_own_lies_beside_it(tmp_path: Path):
    assert office_spool_beside(place_of_spool(tmp_path)) == place_of_office_spool(tmp_path)
