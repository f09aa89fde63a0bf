"""Who opens which address of the hotline's work."""

from __future__ import annotations

from callcenter.auth.guards import CurrentUser, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Forbidden

Answerer = require(Action.ANSWER_CALLS)
Manager = require(Action.MANAGE_LINES)
READING = frozenset({Action.ANSWER_CALLS, Action.MANAGE_LINES})


async def reader(principal: CurrentUser) -> Principal:
    """Who files calls, and who says what they may be about."""
    if not principal.actions & READING:
        raise Forbidden("calls are not granted", action=Action.ANSWER_CALLS.value)
    return principal
