"""Whether the community lives here already. Each start of the demo asks, so that this loads nothing of what moves it in."""

from __future__ import annotations

from pathlib import Path

from callcenter.core.database import Database

COMMUNITY = "demo-yuyinli"
"""The code of its region."""
DEVICES_FILE = "demo-devices.json"
LOGINS_FILE = "demo-logins.json"


async def lives_here(database: Database, data_dir: Path) -> bool:
    """In the database, and with all that is handed out beside it."""
    if not all((data_dir / name).exists() for name in (DEVICES_FILE, LOGINS_FILE)):
        return False
    connection = await database.connect("moved in")
    try:
        found = await connection.fetchval("SELECT 1 FROM region WHERE code = $1", COMMUNITY)
    finally:
        await connection.close()
    return found is not None
