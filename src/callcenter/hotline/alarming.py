"""A call to the number of a red key is an alarm from its first moment, whatever becomes of it (G1, G2).

It enters where signals of devices enter: onto the spool, then into the database, and it rings without one. Nothing of the call waits for
it, and it waits for nothing of the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import structlog

from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.telephoned import (
    Callers,
    Telephoned,
    caller_of,
    press_id,
    signal_of,
    stranger,
    telephone_of,
)
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.core.recent import Recent
from callcenter.core.supervisor import StartShort
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.signals import Signal
from callcenter.hotline.call import Call
from callcenter.hotline.red_call import KINDS, calls_for_help, telephoned

log = structlog.get_logger(__name__)

AGAIN_AFTER_S: Final = 0.5
"""Neither database nor disk takes it: it is tried until one of them does."""
LONGEST_PAUSE_S: Final = 10.0
KNOWN: Final = 5_000
"""Calls a generation of memory."""


class WayIn(Protocol):
    """Port: where signals enter. `alerts.arriving.intake.Intake` fulfils it."""

    async def accept(
        self,
        source: SourceRef,
        signals: Sequence[Signal],
        received_at: datetime,
        caller: Caller | None = None,
    ) -> list[Stored]: ...


Seek = Callable[[Call], Awaitable[Call]]
"""Looks up whose number it is, where memory does not have everybody yet; it does not raise, and takes two seconds at most."""
Opened = Callable[[Call, UUID], None]
"""Hears which incident a call has opened or joined."""


async def _as_it_is(call: Call) -> Call:
    return call


class Alarming:
    """The first of those who are told of calls. `opened` is told once for each."""

    def __init__(
        self,
        way_in: WayIn,
        callers: Callers,
        clock: Clock,
        start_short: StartShort,
        opened: Opened,
        seek: Seek = _as_it_is,
    ) -> None:
        self._seek = seek
        self._way_in = way_in
        self._callers = callers
        self._clock = clock
        self._start_short = start_short
        self._opened = opened
        self._begun: Recent[UUID, bool] = Recent(KNOWN)
        self._incidents: Recent[UUID, UUID] = Recent(KNOWN)

    def hear(self, calls: Sequence[Call]) -> None:
        """What has changed. A call that is told a second time is no second alarm."""
        for call in calls:
            if calls_for_help(call) and not self.has_begun(call.pbx, call.pbx_call):
                self._begin(call)

    def has_begun(self, pbx: str, pbx_call: str) -> bool:
        """Whether this process has heard of it as an alarm already."""
        return press_id(pbx, pbx_call) in self._begun

    def incident_of(self, pbx: str, pbx_call: str) -> UUID | None:
        """What it has opened or joined, as far as this process remembers."""
        return self._incidents.find(press_id(pbx, pbx_call))

    def knows(self, call: Call, incident: UUID) -> None:
        """What an earlier process has opened for it."""
        self._incidents.put(press_id(call.pbx, call.pbx_call), incident)

    async def read_back(self, call: Call) -> UUID | None:
        """A call that came while this server was away: the same alarm, late. Raises Unavailable."""
        self._begun.put(press_id(call.pbx, call.pbx_call), True)
        return await self._accept(call, late=True)

    def _begin(self, call: Call) -> None:
        self._begun.put(press_id(call.pbx, call.pbx_call), True)
        self._start_short(self._until_taken(call), name=f"alarm of call {call.pbx_call}")

    async def _until_taken(self, call: Call) -> None:
        tries = 0
        while True:
            try:
                await self._accept(call, late=False)
            except Unavailable as error:
                log.error("call_not_stored", call=call.pbx_call, reason=error.message)  # noqa: TRY400 - tried again
            except Exception:  # no fault whatsoever ends the trying: somebody has pressed a key
                log.exception("call_not_stored", call=call.pbx_call)
            else:
                return
            tries += 1
            await asyncio.sleep(min(AGAIN_AFTER_S * tries, LONGEST_PAUSE_S))

    async def _accept(self, call: Call, *, late: bool) -> UUID | None:
        call = await self._seek(call)
        told = telephoned(call)
        signal = signal_of(told, KINDS[call.kind], late=late)
        now = self._clock.now()
        source, caller = telephone_of(call.region_id), self._caller(told, call.region_id, now)
        began = self._clock.monotonic()
        [stored] = await self._way_in.accept(source, [signal], now, caller)
        if not late:
            metrics.CALL_TO_INCIDENT_SECONDS.observe(self._clock.monotonic() - began)
        if stored.incident_id is not None:
            self._incidents.put(press_id(call.pbx, call.pbx_call), stored.incident_id)
            self._opened(call, stored.incident_id)
        return stored.incident_id

    def _caller(self, told: Telephoned, region_id: int, now: datetime) -> Caller:
        try:
            return caller_of(told, self._callers, region_id, now)
        except Exception:  # whatever is wrong with who it is, it rings
            log.exception("caller_not_worked_out", call=told.call)
            return stranger(told, self._callers, region_id)
