"""What somebody was given while they were off duty is told when they come on duty: a processor of the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.dispatch import moving, told
from callcenter.dispatch.faults import AWAY
from callcenter.dispatch.task import TaskState
from callcenter.dispatch.telling import text_of
from callcenter.sms.catalogue import TO_FIELD, MessageKind, in_sql

NAME: Final = "tasks_to_tell"
BATCH: Final = 50
AHEAD: Final = timedelta(hours=12)
"""What begins later is told in the duty before it."""


class TasksToTell:
    """The processor."""

    name: Final = NAME
    interval_s: Final = 5.0

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, now: datetime) -> int:
        """How many were told. Raises Unavailable."""
        about = {"now": now, "until": now + AHEAD, "most": BATCH}
        try:
            async with self._database.transaction() as session:
                untold = (await session.execute(text(_UNTOLD), about)).all()
            return sum([await self._tell(task_id, staff_id, now) for task_id, staff_id in untold])
        except AWAY as error:
            raise Unavailable("Nobody can be told of their tasks now.") from error

    async def _tell(self, task_id: UUID, staff_id: int, now: datetime) -> bool:
        async with self._database.transaction() as session:
            task = await moving.held(session, task_id)
            workers = await told.workers_of(session, [staff_id])
            if task.staff_id != staff_id or task.state != TaskState.ACCEPTED or not workers:
                return False
            job = await told.job_of(session, task)
            texts = [
                text_of(MessageKind.TASK_GIVEN, job, each, now, _again(now)) for each in workers
            ]
            await told.put(session, task, texts, now)
            return True


def _again(now: datetime) -> int:
    """Tells it from the text of a step, which has the number of the step."""
    return int(now.timestamp())


_UNTOLD = f"""
SELECT task.id, staff.id FROM duty JOIN staff ON staff.id = duty.staff_id AND staff.phone IS NOT NULL
JOIN task ON task.staff_id = staff.id AND task.ended_at IS NULL AND task.state = 'accepted' AND task.kind <> 'stop'
 AND task.begins_at <= :until AND task.accepted_at < duty.began_at
WHERE duty.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM sms_message WHERE reference = task.id AND recipient = staff.phone AND sms_message.kind IN {in_sql(TO_FIELD)}
      AND created_at >= task.accepted_at)
ORDER BY task.begins_at LIMIT :most
"""  # noqa: S608 constants
