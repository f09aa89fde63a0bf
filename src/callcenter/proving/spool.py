"""What waits on disk to be written to the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from callcenter.core.data_folder import place_of_office_spool
from callcenter.core.spool_frames import bodies

A_MOMENT_S: Final = 1.0
"""Longer than a signal stands there while the database writes."""


def office_spool_beside(spool: Path) -> Path:
    """The spool of the office of the same data folder."""
    return place_of_office_spool(spool.parent)


def waiting_in(spool: Path) -> frozenset[int] | None:
    """Marks of the records that stand on the spool; None: there is none here. What is being written this moment is among them."""
    if not spool.is_dir():
        return None
    files = (each.read_bytes() for each in spool.glob("*.spool"))
    return frozenset(hash(body) for segment in files for body in bodies(segment))


async def left_in(spool: Path) -> int | None:
    """How many of them still stand there a moment later; None: there is no spool here."""
    found = await asyncio.to_thread(waiting_in, spool)
    if not found:
        return None if found is None else 0
    await asyncio.sleep(A_MOMENT_S)
    later = await asyncio.to_thread(waiting_in, spool)
    return len(found & later) if later else 0
