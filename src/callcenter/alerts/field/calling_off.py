"""When an incident is closed, whoever is still only asked is asked no more; whoever said yes keeps their task.

Closing is a person's act, and the need that was to be met is over by it. But somebody who said yes may stand in that home already and
have forgotten to say so: to end their task by another's click would also end the watch over a lone worker. They end it themselves, or a
dispatcher does, with a reason. The clock alone never calls anything off.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import text

from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError
from callcenter.dispatch import moving
from callcenter.dispatch.doing import CLOCK
from callcenter.dispatch.task import SEEKING

log = structlog.get_logger(__name__)

INCIDENT_CLOSED: Final = "incident_closed"
"""Why: the page says it in words."""
AT_ONCE: Final = 100


class TasksOfClosed:
    """The processor `tasks_of_closed`, of the office."""

    name: Final = "tasks_of_closed"
    interval_s: Final = 2.0

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, now: datetime) -> int:
        """Each in a transaction of its own: somebody may say yes at this very moment, and then they have it."""
        async with self._database.transaction() as session:
            found = (await session.scalars(text(_LEFT), {"most": AT_ONCE})).all()
        for task_id in found:
            try:
                async with self._database.transaction() as session:
                    task = await moving.held(session, task_id)
                    if task.state in SEEKING:
                        await moving.cancel(session, task, CLOCK, now, INCIDENT_CLOSED)
            except CallCenterError as error:
                log.warning("task_left_for_later", task_id=str(task_id), code=error.code)
        return 0


_LEFT = f"""
SELECT task.id FROM task JOIN incident ON incident.id = task.incident_id
WHERE task.incident_id IS NOT NULL AND task.ended_at IS NULL AND task.state IN ({", ".join(f"'{each}'" for each in sorted(SEEKING))})
  AND incident.state = 'closed'
ORDER BY task.created_at LIMIT :most
"""  # noqa: S608 constant states
