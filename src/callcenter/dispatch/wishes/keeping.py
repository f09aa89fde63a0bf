"""Wishes as rows: written where they are said, shown where they can be fulfilled, ended with a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.visible import visible
from callcenter.dispatch.road_words import demand_fit
from callcenter.dispatch.wishes.models import CareWish
from callcenter.dispatch.wishes.schemas import WishBody, WishEndBody, WishView
from callcenter.dispatch.wishes.wish import WishEvent, WishState, apply
from callcenter.residents.access import Asking, check_version
from callcenter.residents.models import Home, Resident

MOST: Final = 100
"""Of one resident, the open ones first."""
_EVENT: Final = {WishState.DONE: WishEvent.TICK, WishState.WITHDRAWN: WishEvent.WITHDRAW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A wish as somebody at a telephone heard it. Neither call: it was written down without one."""

    id: UUID
    words: str
    said_by: str = ""
    call_id: UUID | None = None
    call_item_id: int | None = None


async def write_wish(asking: Asking, resident_id: int | None, said: Said) -> CareWish | None:
    """Heard by the asker, now; None where nothing was wished. Written once whatever is sent again. Whoever goes there reads it: raises
    Invalid `not_for_phones` for words of illness or status; `needs_person` where nobody is said to wish it.
    """
    words = visible(said.words).strip()
    if not words:
        return None
    if resident_id is None:
        raise Invalid("Say first whose wish it is.", code="needs_person")
    demand_fit(words, said.said_by)
    known = await asking.session.get(CareWish, said.id)
    if known is not None:
        return known
    wish = CareWish(
        id=said.id,
        version=1,
        resident_id=resident_id,
        words=words,
        said_by=visible(said.said_by).strip(),
        said_at=asking.now,
        call_id=said.call_id,
        call_item_id=said.call_item_id,
        heard_by=asking.principal.user_id,
        heard_by_name=asking.principal.name,
        state=WishState.OPEN,
    )
    asking.session.add(wish)
    await asking.session.flush()
    await asking.session.refresh(wish)
    return wish


async def add_wish(asking: Asking, resident_id: int, body: WishBody) -> WishView:
    """Without a call. Raises NotFound, Conflict `id_used`, Invalid as `write_wish`."""
    resident = await asking.resident(resident_id, Action.BOOK_TASKS)
    wish = await write_wish(
        asking, resident.id, Said(id=body.id, words=body.words, said_by=body.said_by)
    )
    if wish is None:
        raise Invalid("A wish has words.", code="words_missing")
    if wish.resident_id != resident.id:
        raise Conflict("This id belongs to a wish of somebody else.", code="id_used")
    await _note(asking, "wish_added", resident, wish)
    return WishView.model_validate(wish)


async def wishes_of(asking: Asking, resident_id: int) -> list[WishView]:
    """The open ones first, then the last ones. The look is written down. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    home = await asking.session.get_one(Home, resident.home_id)
    path = await asking.path_of(home.region_id)
    await asking.note("wishes_seen", f"resident:{resident.id}", path, {"home_id": home.id})
    rows = await asking.session.scalars(
        select(CareWish)
        .where(CareWish.resident_id == resident.id)
        .order_by(CareWish.state != WishState.OPEN, CareWish.said_at.desc(), CareWish.id)
        .limit(MOST)
    )
    return [WishView.model_validate(row) for row in rows]


async def open_wishes_of(session: AsyncSession, resident_ids: Sequence[int]) -> list[WishView]:
    """Of these residents, oldest first; whoever shows them writes the look down."""
    if not resident_ids:
        return []
    rows = await session.scalars(
        select(CareWish)
        .where(CareWish.resident_id.in_(resident_ids), CareWish.state == WishState.OPEN)
        .order_by(CareWish.said_at, CareWish.id)
        .limit(MOST)
    )
    return [WishView.model_validate(row) for row in rows]


async def end_wish(asking: Asking, wish_id: UUID, body: WishEndBody) -> WishView:
    """By the office. Raises NotFound, Conflict `changed_meanwhile`, `wish_over`."""
    wish = await _held(asking.session, wish_id)
    if wish is None:
        raise _unknown(wish_id)
    resident = await asking.resident(wish.resident_id, Action.BOOK_TASKS)
    check_version(wish, body.version)
    end(wish, _EVENT[WishState(body.state)], body.words, asking.now)
    wish.ended_by, wish.ended_by_name = asking.principal.user_id, asking.principal.name
    await asking.session.flush()
    await _note(asking, "wish_ended", resident, wish)
    return WishView.model_validate(wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where somebody of the staff ticks it off."""

    task_id: UUID
    resident_id: int | None
    home_id: int | None
    staff_id: int
    staff_name: str


async def tick_wish(
    session: AsyncSession, wish_id: UUID | None, visit: Visit, words: str, at: datetime
) -> CareWish:
    """At a visit to whoever wished it, or to their home. Raises NotFound, Conflict `wish_over`, Invalid `words_missing`."""
    wish = None if wish_id is None else await _held(session, wish_id)
    if wish is None or not await _is_of(session, wish, visit):
        raise _unknown(wish_id)
    end(wish, WishEvent.TICK, words, at)
    wish.ended_by_staff, wish.ended_by_name = visit.staff_id, visit.staff_name
    wish.task_id, wish.version = visit.task_id, wish.version + 1
    await session.flush()
    return wish


def end(wish: CareWish, event: WishEvent, words: str, at: datetime) -> None:
    """Raises as `wish.apply`."""
    wish.state = apply(WishState(wish.state), event, words)
    wish.ended_at, wish.ended_words = at, visible(words).strip()


async def _held(session: AsyncSession, wish_id: UUID) -> CareWish | None:
    found: CareWish | None = await session.scalar(
        select(CareWish)
        .where(CareWish.id == wish_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def _is_of(session: AsyncSession, wish: CareWish, visit: Visit) -> bool:
    if visit.resident_id is not None:
        return wish.resident_id == visit.resident_id
    home = await session.scalar(select(Resident.home_id).where(Resident.id == wish.resident_id))
    return home is not None and home == visit.home_id


def _unknown(wish_id: UUID | None) -> NotFound:
    return NotFound(f"There is no wish {wish_id} here.", code="no_such_wish", what="wish")


async def _note(asking: Asking, action: str, resident: Resident, wish: CareWish) -> None:
    home = await asking.session.get_one(Home, resident.home_id)
    path = await asking.path_of(home.region_id)
    detail = {"wish_id": str(wish.id), "state": wish.state}
    await asking.note(action, f"resident:{resident.id}", path, detail)
