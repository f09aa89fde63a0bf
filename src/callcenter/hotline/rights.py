"""Who opens which address of the hotline's work."""

from __future__ import annotations

from sqlalchemy import select

from callcenter.auth.guards import CurrentUser, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Forbidden
from callcenter.regions.models import Region
from callcenter.residents.access import Asking

Answerer = require(Action.ANSWER_CALLS)
Manager = require(Action.MANAGE_LINES)
READING = frozenset({Action.ANSWER_CALLS, Action.MANAGE_LINES})


async def reader(principal: CurrentUser) -> Principal:
    """Who files calls, and who says what they may be about."""
    if not principal.actions & READING:
        raise Forbidden("calls are not granted", action=Action.ANSWER_CALLS.value)
    return principal


async def of_the_whole_site(asking: Asking) -> None:
    """What calls may be about, and the cards beside them, are the same everywhere. Raises Forbidden for who manages lines of a part."""
    paths = await asking.session.scalars(select(Region.path).where(Region.parent_id.is_(None)))
    for path in paths:
        asking.principal.demand(Action.MANAGE_LINES, path)
