"""What waits on disk to be written to the database."""

from __future__ import annotations

from pathlib import Path


def place_of_spool(data_dir: Path) -> Path:
    """Where a spool would lie."""
    return data_dir / "spool"


def waiting_in(spool: Path) -> int | None:
    """How many files of the spool have something in them; None: there is no spool here."""
    if not spool.is_dir():
        return None
    return sum(1 for each in spool.iterdir() if each.is_file() and each.stat().st_size)
