"""Shifts over HTTP: on duty, off duty with a note, the notes that are to be read, and the list for supervisors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.written import Written
from callcenter.seats.shifts import Asked, Shifts, ShiftView

router = APIRouter(prefix="/api/v1/shifts", tags=["seats"])

Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
Book = Annotated[Shifts, port(Shifts)]


class HandOver(Written):
    """What the next one is to know; empty: nothing."""

    note: Annotated[str, Field(max_length=4_000)] = ""


@router.post("/begin")
async def begin_shift(principal: Working, shifts: Book, request: Request) -> Sequence[ShiftView]:
    """On duty; answers with the notes of others that are to be read now, the oldest first."""
    return await shifts.begin(_asked(principal, shifts, request))


@router.post("/end", status_code=204)
async def end_shift(body: HandOver, principal: Working, shifts: Book, request: Request) -> None:
    """Off duty."""
    await shifts.end(_asked(principal, shifts, request), body.note.strip())


@router.post("/{shift_id}/read", status_code=204)
async def read_note(shift_id: int, principal: Working, shifts: Book, request: Request) -> None:
    """The note was read and understood."""
    await shifts.read(_asked(principal, shifts, request), shift_id)


@router.get("")
async def list_shifts(
    principal: Working,
    shifts: Book,
    request: Request,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Sequence[ShiftView]:
    """100 shifts in the regions one supervises, the newest first; an operator supervises none. `before`: the id of a shift that
    began later, for those before it.
    """
    return await shifts.latest(_asked(principal, shifts, request), before)


def _asked(principal: Principal, shifts: Shifts, request: Request) -> Asked:
    return Asked(principal, client_address(request), shifts.clock.now())
