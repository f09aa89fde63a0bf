"""That a task or a duty has changed, told on a channel of the database with the commit that makes it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FIELD: Final = "field"
"""Only a hint: whoever listens also looks by itself."""


async def hint(session: AsyncSession, task_id: UUID | None = None) -> None:
    """None: look for yourself, anything may have changed."""
    about = "" if task_id is None else str(task_id)
    await session.execute(_HINT, {"channel": FIELD, "about": about})


_HINT = text("SELECT pg_notify(:channel, :about)")
