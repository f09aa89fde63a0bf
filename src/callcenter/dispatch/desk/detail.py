"""One task with everything that happened to it: its steps, who was asked and what they said, who checked in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from callcenter.dispatch.desk.reading import line, note_look
from callcenter.dispatch.desk.schemas import (
    TaskCheckInView,
    TaskDetail,
    TaskOfferView,
    TaskStepView,
)
from callcenter.residents.access import Asking


async def detail_of(asking: Asking, task_id: UUID) -> TaskDetail:
    """Raises NotFound."""
    task = await line(asking, task_id)
    [more] = await _rows(asking, _TASK, task_id)
    await note_look(asking, [task])
    return TaskDetail.model_validate(
        {
            **more,
            "task": task,
            "steps": [
                TaskStepView.model_validate(each) for each in await _rows(asking, _STEPS, task_id)
            ],
            "offers": [
                TaskOfferView.model_validate(each) for each in await _rows(asking, _OFFERS, task_id)
            ],
            "check_ins": [
                TaskCheckInView.model_validate(each)
                for each in await _rows(asking, _CHECKS, task_id)
            ],
        }
    )


async def _rows(asking: Asking, query: TextClause, task_id: UUID) -> Sequence[Mapping[str, Any]]:
    found = await asking.session.execute(query, {"task_id": str(task_id)})
    return [dict(each) for each in found.mappings()]


_TASK: Final = text(
    """
SELECT task.skills, task.languages, task.kinds, task.check_list, task.hazards, task.reason, maker.name AS created_by_name,
       task.accepted_at, task.set_out_at, staff.phone AS staff_phone,
       CASE WHEN rating.asked_phone IS NOT NULL THEN rating.asked_at END AS asked_at, rating.rating, coalesce(rating.rated_by, '') AS rated_by
FROM task LEFT JOIN task_rating AS rating ON rating.task_id = task.id LEFT JOIN app_user AS maker ON maker.id = task.created_by LEFT JOIN staff ON staff.id = task.staff_id
WHERE task.id = CAST(:task_id AS uuid)
"""
)
_STEPS: Final = text(
    """
SELECT step.n, step.at, step.kind, step.state, step.staff_id, staff.name AS staff_name, step.by, app_user.name AS user_name, step.data
FROM task_step AS step LEFT JOIN staff ON staff.id = step.staff_id LEFT JOIN app_user ON app_user.id = step.user_id
WHERE step.task_id = CAST(:task_id AS uuid) ORDER BY step.n
"""
)
_OFFERS: Final = text(
    """
SELECT offer.n, offer.staff_id, staff.name AS staff_name, offer.by, offer.offered_at, offer.expires_at, offer.answer,
       offer.answered_at, offer.given_back
FROM task_offer AS offer JOIN staff ON staff.id = offer.staff_id
WHERE offer.task_id = CAST(:task_id AS uuid) ORDER BY offer.n
"""
)
_CHECKS: Final = text(
    """
SELECT check_in.kind, staff.name AS staff_name, check_in.occurred_at, check_in.received_at, check_in.proof, check_in.distance_m,
       check_in.offline, check_in.flags, check_in.note
FROM check_in JOIN staff ON staff.id = check_in.staff_id
WHERE check_in.task_id = CAST(:task_id AS uuid) ORDER BY check_in.occurred_at, check_in.received_at
"""
)
