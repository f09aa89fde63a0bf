"""Wishes of a resident: listed, written down, ended by the office. How a phone ticks one off: `dispatch/phone/router.py`."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.dispatch.wishes import keeping
from callcenter.dispatch.wishes.schemas import WishBody, WishEndBody, WishView
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1", tags=["wishes"])


@router.get("/residents/{resident_id:int}/wishes", dependencies=[require(Action.SEE_PROFILES)])
async def list_wishes(resident_id: int, asking: Trail) -> list[WishView]:
    """What they wish of those who come: open ones first."""
    return await keeping.wishes_of(asking, resident_id)


@router.post(
    "/residents/{resident_id:int}/wishes",
    status_code=201,
    dependencies=[require(Action.BOOK_TASKS)],
)
async def add_wish(resident_id: int, body: WishBody, asking: Trail) -> WishView:
    """422 `not_for_phones` names a word that is nobody's business on a phone."""
    return await keeping.add_wish(asking, resident_id, body)


@router.post("/wishes/{wish_id}/end", dependencies=[require(Action.BOOK_TASKS)])
async def end_wish(wish_id: UUID, body: WishEndBody, asking: Trail) -> WishView:
    """Fulfilled otherwise than at a visit, or withdrawn, with a word why. 409 where it has ended already."""
    return await keeping.end_wish(asking, wish_id, body)
