"""The table of contents of a dump, of any length."""

from __future__ import annotations

from asyncio import to_thread

import asyncpg

from callcenter.backups.programs import dump, entries_of
from callcenter.core.binaries import find_binaries

TABLES = 900
"""Their list is longer than the 64 KiB that a pipe holds."""
MUCH = "CREATE TABLE much AS SELECT gen_random_uuid() AS id FROM generate_series(1, 40000)"
"""Behind the list in the dump, and never read by whoever writes the list."""


async def test_a_list_longer_than_a_pipe_is_read(dsn: str, owner: asyncpg.Connection):
    """Ledgers of many months: the program writes its list while it is still being fed."""
    for number in range(TABLES):
        await owner.execute(f"CREATE TABLE month_{number:04} (at timestamptz PRIMARY KEY)")
    await owner.execute(MUCH)
    programs = find_binaries(None, None)
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await owner.fetchval("SELECT pg_export_snapshot()")
        content = await to_thread(lambda: list(dump(programs, dsn, snapshot)))
    entries = await to_thread(entries_of, programs, content)
    assert len("".join(entries)) > 1 << 16
    assert sum(" TABLE public month_" in line for line in entries) == TABLES
