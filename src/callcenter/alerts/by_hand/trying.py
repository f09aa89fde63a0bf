"""Sending the test alarm of a site: it rings at the seats of a community, and nobody is told of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.bodies import CommandBody
from callcenter.alerts.trial import nobody_in_need, source_of_trial, trial_signal
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, NotFound
from callcenter.devices.registry import Registry


class TrialBody(CommandBody):
    """Where it rings; without a region in the first one below the root."""

    region_id: int | None = None


async def trial_region(
    connection: asyncpg.Connection, registry: Registry, principal: Principal, body: TrialBody
) -> tuple[int, ...]:
    """Its path. Raises NotFound, Forbidden, and Conflict `real_waits` or `trial_open`: one at a time, and nothing beside what is real."""
    region_id = body.region_id or await connection.fetchval(_FIRST)
    try:
        path = registry.region_path(region_id)
    except KeyError:
        raise NotFound("no such region", what="region") from None
    principal.find(Action.MANAGE_USERS, path, "region")
    found = await connection.fetchrow(_IN_THE_WAY, region_id, f"trial:{body.command_id}")
    if found["real_waits"]:
        raise Conflict("a real alarm waits there: take that first", code="real_waits")
    if found["trial_open"]:
        raise Conflict("a test alarm is open there: close it first", code="trial_open")
    return path


async def send_trial(
    intake: Intake, registry: Registry, user: tuple[int, str], cause: UUID, path: tuple[int, ...], now: datetime
) -> None:  # fmt: skip
    """By intake, as everything that calls."""
    caller = nobody_in_need(cause, user, path, registry.region_settings(path[-1]))
    await intake.accept(source_of_trial(path[-1]), [trial_signal(cause, user)], now, caller)


_FIRST = "SELECT id FROM region WHERE parent_id IS NOT NULL ORDER BY (level = 'community') DESC, id LIMIT 1"
_IN_THE_WAY = """
SELECT EXISTS (
    SELECT FROM incident
    WHERE region_path @> ARRAY[$1::bigint] AND state = 'waiting' AND class = 'alarm' AND mode = 'real'
) AS real_waits, EXISTS (
    SELECT FROM incident
    WHERE region_path @> ARRAY[$1::bigint] AND state <> 'closed' AND starts_with(subject, 'trial:') AND subject <> $2
) AS trial_open
"""
