"""What is done about a case: a note, later, done, open again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from callcenter.core.errors import Conflict
from callcenter.hotline.filing.case import CaseState, CaseStep, after
from callcenter.hotline.filing.case_lists import case_line, with_steps
from callcenter.hotline.filing.filing import Step, add_step
from callcenter.hotline.filing.models import HotlineCase, HotlineCaseStep
from callcenter.hotline.filing.schemas import CaseStepBody, CaseView
from callcenter.residents.access import Asking, check_version


async def step(asking: Asking, case_id: UUID, body: CaseStepBody) -> CaseView:
    """The case as it is then; the same `id` sent again changes nothing. Raises NotFound; Conflict `changed_meanwhile`, `wrong_state`,
    `id_used`; Invalid `needs_words`, `postponed_until_when`.
    """
    line = await case_line(asking, case_id)
    case = await asking.session.get_one(HotlineCase, case_id, with_for_update=True)
    known = await asking.session.get(HotlineCaseStep, body.id)
    if known is not None:
        if known.case_id != case_id:
            raise Conflict("This id belongs to another case.", code="id_used")
        return await with_steps(asking, line)
    check_version(case, body.version)
    case.state = after(CaseState(case.state), body.kind, words=body.words, minutes=body.minutes)
    _put(asking, case, body)
    last = select(func.max(HotlineCaseStep.n)).where(HotlineCaseStep.case_id == case_id)
    n = (await asking.session.scalar(last) or 0) + 1
    add_step(asking, case, Step(body.id, n, body.kind, body.words.strip(), case.due_at))
    await asking.session.flush()
    subject = f"hotline_case:{case_id}" if case.home_id is None else f"home:{case.home_id}"
    path = await asking.path_of(case.region_id)
    detail = {"case_id": str(case_id), "step": body.kind.value}
    await asking.note("hotline_case_changed", subject, path, detail)
    return await with_steps(asking, await case_line(asking, case_id))


def _put(asking: Asking, case: HotlineCase, body: CaseStepBody) -> None:
    match body.kind:
        case CaseStep.POSTPONED:
            case.due_at = asking.now + timedelta(minutes=body.minutes or 0)
        case CaseStep.DONE:
            case.done_at, case.done_by = asking.now, asking.principal.user_id
            case.result = body.words.strip()
        case CaseStep.REOPENED:
            case.done_at, case.done_by, case.result = None, None, ""
            case.due_at = asking.now + timedelta(minutes=body.minutes or 0)
