"""The processor that tells timelines what has become of those who were sent: each step of a task once, whoever wrote it.

Hinted by the office, else it looks once a second, on a connection of its own; nothing of an alarm waits for it. That a step is told is
written by the statement of its entry, so that a kill makes neither two of them nor none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.bodies import FieldNews
from callcenter.alerts.field.lone_worker import InNeed, Raising
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.sending import FIELD_TOLD
from callcenter.core.errors import CallCenterError, NotFound
from callcenter.core.held import LOST
from callcenter.dispatch.task import TaskStepKind

log = structlog.get_logger(__name__)

FIELD_NEWS: Final = "field_news"
AT_ONCE: Final = 200


class FieldTelling:
    """The processor `field_news`, of the alarm process. Also what is left of tasks of closed incidents is told; alarms of lone workers
    are raised first.
    """

    name: Final = FIELD_NEWS
    interval_s: Final = 1.0

    def __init__(self, bench: Workbench, raising: Raising) -> None:
        self._bench = bench
        self._raising = raising

    async def run_once(self, now: datetime) -> int:
        """What waits, each task's in its order. What cannot be told now stays, and keeps only its own task waiting."""
        told, stuck = 0, set[UUID]()
        async with self._bench.connections.use() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(_UNTOLD, AT_ONCE)
            for row in rows:
                if row["task_id"] in stuck:
                    continue
                if await self._tell(connection, row, now):
                    told += 1
                else:
                    stuck.add(row["task_id"])
        return told if told == AT_ONCE else 0

    async def _tell(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> bool:
        """Whether it was."""
        step = {"task_id": str(row["task_id"]), "n": row["n"]}
        try:
            if _needs_help(row):
                await self._raising.open(InNeed.of(row), now)
            await self._say(connection, row)
        except CallCenterError as error:
            log.warning("field_step_left_for_later", code=error.code, **step)
        except LOST:
            raise
        except Exception:  # whatever is wrong with it is wrong with it alone
            log.exception("field_step_failed", **step)
        else:
            return True
        return False

    async def _say(self, connection: asyncpg.Connection, row: Mapping[str, Any]) -> None:
        """On the timeline; of a task of no incident, or of one that is gone, there is none."""
        incident_id = row["incident_id"]
        if incident_id is not None:
            taker_there = row["taken_by"] is None or self._bench.board.present(row["taken_by"])
            body = FieldNews(row["task_id"], row["n"], taker_there)
            try:
                await carry_out(connection, self._bench, incident_id, of_system(FIELD_TOLD, body))
            except NotFound:
                log.warning("field_step_of_no_incident", incident_id=str(incident_id))
            else:
                return
        await connection.execute(_TOLD, row["task_id"], row["n"])


def _needs_help(row: Mapping[str, Any]) -> bool:
    """A lone worker who was called and does not answer is in need, wherever they are; who asks for help where no incident lies open
    before anybody, too.
    """
    if row["kind"] == TaskStepKind.OVERDUE_OUT:
        return row["data"].get("alarm") is True
    return row["kind"] == TaskStepKind.HELP and row["state"] in (None, "closed")


_UNTOLD = """
SELECT step.task_id, step.n, step.kind, step.at, step.data, task.incident_id, task.kind AS task_kind, task.what, task.code, task.place,
       task.lat, task.lng, task.region_id, task.region_path, incident.state, incident.taken_by, staff.id AS staff_id, staff.name, staff.phone
FROM (SELECT * FROM task_step WHERE NOT told ORDER BY at LIMIT $1) AS step
JOIN task ON task.id = step.task_id
LEFT JOIN incident ON incident.id = task.incident_id
LEFT JOIN staff ON staff.id = coalesce(step.staff_id, task.staff_id)
ORDER BY step.task_id, step.n
"""

_TOLD = "UPDATE task_step SET told = true WHERE task_id = $1 AND n = $2 AND NOT told"
