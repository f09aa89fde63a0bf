"""Calls of gateways that were kept are entered when the database is back, in their order, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError

from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.sms.gateway import Handled
from callcenter.sms.hooks import Hooks
from callcenter.sms.kept import Kept, KeptCall

log = structlog.get_logger(__name__)

NAME: Final = "sms_kept_calls"
ROW_WITHIN_S: Final = 900.0
"""The row of a text that left without one is written by then; a receipt of a text that nobody knows says nothing."""


class Entering:
    """A processor. `is_silent`: the database says nothing."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(self, hooks: Hooks, kept: Kept, is_silent: Callable[[], bool]) -> None:
        self._hooks = hooks
        self._kept = kept
        self._is_silent = is_silent
        self._tried: dict[KeptCall, float] = {}
        """When each was first seen to wait for its row (monotonic s)."""

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - each call has its own time
        """Enter what can be entered; the number of calls. Raises Unavailable: the rest stays."""
        if not self._kept.calls or self._is_silent():
            return 0
        entered = 0
        for call in list(self._kept.calls):
            entered += await self._enter(call)
        return entered

    def recall(self) -> set[UUID]:
        """What an earlier process has kept is known again; of which of our texts gateways have told in it."""
        told: set[UUID] = set()
        for call in self._kept.calls:
            handled = self._read(call)
            if handled is not None:
                self._hooks.arrived.note(call.id, handled.arrivals, call.at, call.of_field)
                told |= {receipt.message_id for receipt in handled.receipts}
        return told

    async def _enter(self, call: KeptCall) -> bool:
        handled = self._read(call)
        if handled is None:
            self._kept.set_aside(call)
            return False
        if await self._waits_for_row(call, handled):
            return False
        try:
            await self._hooks.take(call.gateway, handled, call.at, call.id, call.of_field)
        except Unavailable as error:
            if not isinstance(error.__cause__, DataError | IntegrityError):
                raise
            log.error("sms_call_not_entered", gateway=call.gateway, error=str(error.__cause__))  # noqa: TRY400
            self._kept.set_aside(call)
            return False
        self._kept.entered(call)
        self._tried.pop(call, None)
        return True

    def _read(self, call: KeptCall) -> Handled | None:
        gateway = self._hooks.gateways.get(call.gateway)
        try:
            if gateway is not None:
                return gateway.hooks(call.request)
        except CallCenterError as error:
            log.error("sms_call_not_read", gateway=call.gateway, reason=error.message)  # noqa: TRY400
        else:
            log.error("sms_call_of_nobody", gateway=call.gateway)
        return None

    async def _waits_for_row(self, call: KeptCall, handled: Handled) -> bool:
        """Whether it tells of a text whose row is still to be written."""
        wanted = {receipt.message_id for receipt in handled.receipts}
        if not wanted:
            return False
        at = self._hooks.clock.monotonic()
        if at - self._tried.setdefault(call, at) > ROW_WITHIN_S:
            return False
        async with self._hooks.reading() as session:
            found = await session.scalars(text(_THERE), {"ids": list(wanted)})
            return bool(wanted - set(found))


_THERE = "SELECT id FROM sms_message WHERE id = ANY(CAST(:ids AS uuid[]))"
