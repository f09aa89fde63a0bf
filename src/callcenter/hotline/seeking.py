"""Whose number it is while the registry is still being read: looked up by itself, for at most two seconds, as devices are.

What cannot be looked up in time rings with its number alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import asyncpg
import structlog

from callcenter.core.held import LOST, HeldConnections
from callcenter.devices.callers import Match
from callcenter.devices.registry.seeking import SEEK_S
from callcenter.hotline.call import Call

log = structlog.get_logger(__name__)


class Copy(Protocol):
    """Port: what is in memory. `devices.registry.Registry` fulfils it."""

    @property
    def complete(self) -> bool: ...

    async def find_number(self, connection: asyncpg.Connection, e164: str) -> None: ...


class NumberSeeking:
    """`matches` is asked again after it; `is_away`: whether the database is known not to answer."""

    def __init__(
        self,
        copy: Copy,
        connections: HeldConnections,
        matches: Callable[[Call], Sequence[Match]],
        is_away: Callable[[], bool],
    ) -> None:
        self.connections = connections
        self._copy = copy
        self._matches = matches
        self._is_away = is_away

    async def __call__(self, call: Call) -> Call:
        """With everybody who has its number, as far as that can be told."""
        number = call.caller.e164
        if number is None or call.matches or self._copy.complete or self._is_away():
            return call
        try:
            async with asyncio.timeout(SEEK_S), self.connections.use() as connection:
                await self._copy.find_number(connection, number)
        except (TimeoutError, asyncpg.PostgresError, *LOST) as error:
            log.warning("number_not_looked_up", call=call.pbx_call, error=repr(error))
        matches = tuple(self._matches(call))
        return replace(call, matches=matches, attached=matches[0] if len(matches) == 1 else None)
