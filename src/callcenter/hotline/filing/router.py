"""The work of a hotline over HTTP, in the office: alarms and calls do not wait for it."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from callcenter.auth.guards import CurrentContext, Zone
from callcenter.calls.raising import RAISED
from callcenter.dispatch.desk.booking import WithBooking
from callcenter.hotline.filing import (
    by_hand,
    case_lists,
    cases,
    filing,
    offered,
    seeing,
    working_off,
)
from callcenter.hotline.filing.case import CaseState
from callcenter.hotline.filing.following import CaseKind
from callcenter.hotline.filing.schemas import (
    CallCounts,
    CallLine,
    CallPage,
    CallsWanted,
    CasePage,
    CaseStepBody,
    CaseView,
    DispositionBody,
    DispositionView,
    FiledCallView,
    FilingBody,
    HandCallBody,
    WorkedOffBody,
    WorkedOffCalls,
)
from callcenter.hotline.hints import LINES, hint
from callcenter.hotline.rights import Answerer, Manager, of_the_whole_site, reader
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/hotline", tags=["hotline"])

Code = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,30}$")]
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str | None, Query(max_length=200)]


def _also(context: CurrentContext) -> WithBooking:
    """Of the site; nothing where it has none."""
    return cast("WithBooking", context.ports.get(WithBooking) or WithBooking())


Asked = Annotated[CallsWanted, Query()]
Also = Annotated[WithBooking, Depends(_also)]


# ---- calls


@router.get("/calls", dependencies=[Answerer])
async def list_hotline_calls(asking: Trail, asked: Asked, zone: Zone) -> CallPage:
    """Calls of the asker's regions: to be filed, missed (whoever rang five times is one line), with a wish to be rung back, or all."""
    return await seeing.page_of(asking, asked.asked(), zone, asked.limit, asked.after)


@router.get("/counts", dependencies=[Answerer])
async def count_hotline_work(asking: Trail) -> CallCounts:
    """What is still to be done."""
    return await seeing.counts_of(asking)


@router.post("/calls", status_code=201, dependencies=[Answerer])
async def write_call_down(body: HandCallBody, asking: Trail) -> CallLine:
    """A call that no exchange has told of; then it is filed as any other."""
    return await by_hand.write_down(asking, body)


@router.get("/calls/{call_id}", dependencies=[Answerer])
async def show_hotline_call(call_id: UUID, asking: Trail) -> FiledCallView:
    """With its telephones, what was said about it each time, and what followed."""
    return await seeing.detail_of(asking, call_id)


@router.post("/calls/{call_id}/file", dependencies=[Answerer, hint(RAISED)])
async def file_call(call_id: UUID, body: FilingBody, asking: Trail, also: Also) -> FiledCallView:
    """What it was about, and what follows from that: an incident, a case, a visit or a task. Once more: filed anew, the old word is
    kept. 409 `changed_meanwhile`, `not_spoken_yet`; 422 `needs_person`, `is_a_group`, `not_offered`.
    """
    return await filing.file(asking, call_id, body, also)


@router.post("/calls/{call_id}/worked-off", dependencies=[Answerer])
async def work_missed_call_off(call_id: UUID, body: WorkedOffBody, asking: Trail) -> WorkedOffCalls:
    """All missed calls of this caller up to this one. Who is reached is worked off without it."""
    return await working_off.work_off(asking, call_id, body)


# ---- cases


@router.get("/cases", dependencies=[Answerer])
async def list_hotline_cases(
    asking: Trail,
    state: CaseState = CaseState.OPEN,
    kind: CaseKind | None = None,
    region_id: int | None = None,
    limit: Limit = 50,
    after: After = None,
) -> CasePage:
    """Complaints, questions, wishes and calls to be made: what is due first stands first."""
    return await case_lists.case_page(asking, state, kind, region_id, limit, after)


@router.get("/cases/{case_id}", dependencies=[Answerer])
async def show_hotline_case(case_id: UUID, asking: Trail) -> CaseView:
    """With what was done about it."""
    return await case_lists.case_view(asking, case_id)


@router.post("/cases/{case_id}/steps", dependencies=[Answerer])
async def step_hotline_case(case_id: UUID, body: CaseStepBody, asking: Trail) -> CaseView:
    """Noted, postponed, done with its result, or open again. 409 `changed_meanwhile`, `wrong_state`; 422 `needs_words`."""
    return await cases.step(asking, case_id, body)


# ---- what a call may have been about


@router.get("/dispositions", dependencies=[Depends(reader)])
async def list_dispositions(asking: Trail) -> list[DispositionView]:
    """The whole tree in its order, also what is no longer offered."""
    return await offered.dispositions(asking.session)


@router.put("/dispositions/{disposition_code}", dependencies=[Manager, hint(LINES)])
async def change_disposition(
    disposition_code: Code, body: DispositionBody, asking: Trail
) -> list[DispositionView]:
    """A new one, or one as it is now. 409 `changed_meanwhile`, `key_used`; 422 `key_taken`, `wrong_kind`, `no_such_group`."""
    await of_the_whole_site(asking)
    return await offered.change(asking, disposition_code, body)
