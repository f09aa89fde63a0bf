"""Cards over HTTP, in the office. While it is away a console shows those that it read last."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from callcenter.auth.permissions import Action
from callcenter.core.errors import Forbidden
from callcenter.hotline.cards import keeping
from callcenter.hotline.cards.schemas import CardBody, CardVersionView, CardView
from callcenter.hotline.hints import LINES, hint
from callcenter.hotline.rights import Manager, of_the_whole_site, reader
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/hotline/cards", tags=["hotline"])

Reader = Depends(reader)
CardCode = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,30}$")]


@router.get("", dependencies=[Reader])
async def list_cards(
    asking: Trail,
    q: Annotated[str, Query(max_length=100)] = "",
    disposition: Annotated[str | None, Query(max_length=31)] = None,
    call_id: UUID | None = None,
) -> list[CardView]:
    """What fits the call or the disposition first: the properties of the resident, then what it is about."""
    if call_id is not None and Action.ANSWER_CALLS not in asking.principal.actions:
        raise Forbidden("answer_calls is not granted", action=Action.ANSWER_CALLS.value)
    return await keeping.find_cards(asking, q, disposition, call_id)


@router.get("/all", dependencies=[Manager])
async def list_all_cards(asking: Trail) -> list[CardView]:
    """Also what is no longer offered."""
    return await keeping.all_cards(asking)


@router.put("/{card_code}", dependencies=[Manager, hint(LINES)])
async def change_card(card_code: CardCode, body: CardBody, asking: Trail) -> list[CardView]:
    """A new version, or a new card. 409 `changed_meanwhile`."""
    await of_the_whole_site(asking)
    return await keeping.change_card(asking, card_code, body)


@router.get("/{card_code}/versions", dependencies=[Manager])
async def list_card_versions(card_code: CardCode, asking: Trail) -> list[CardVersionView]:
    """Who wrote it when, and what it said; the newest first."""
    await of_the_whole_site(asking)
    return await keeping.versions(asking, card_code)
