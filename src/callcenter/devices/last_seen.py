"""When devices were last heard of, from memory to an UNLOGGED table, once a second in small slices (design 6)."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from datetime import datetime

import asyncpg

MISSED_HEARTBEATS = 3
"""After so many a device is silent: a grey dot on the map."""
SLICE = 250
"""Rows a statement: larger ones hold the loop for tens of milliseconds."""


async def write_last_seen(
    connection: asyncpg.Connection, heard: MutableMapping[int, datetime]
) -> None:
    """Take away what has gathered in `heard` and write it; puts back what could not be written."""
    while heard:
        slice_ = [heard.popitem() for _ in range(min(SLICE, len(heard)))]
        try:
            await connection.execute(_WRITE, *zip(*sorted(slice_), strict=True))
        except BaseException:
            for device_id, at in slice_:
                heard.setdefault(device_id, at)
            raise
        await asyncio.sleep(0)


_WRITE = """
INSERT INTO device_last_seen AS seen (device_id, seen_at)
SELECT * FROM unnest($1::bigint[], $2::timestamptz[])
ON CONFLICT (device_id) DO UPDATE SET seen_at = greatest(seen.seen_at, excluded.seen_at)
"""
