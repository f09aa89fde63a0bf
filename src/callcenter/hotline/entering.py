"""Calls as rows. What is told of them waits in memory, each call once, and is written in batches; while the database is away it stays.

Nothing waits for it: neither the call, nor the alarm. A reference to what is gone meanwhile (a home, a user) is left out, an incident that is
not written yet is added when it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from callcenter.core.clock import Clock
from callcenter.core.held import HeldConnections
from callcenter.core.recent import Recent
from callcenter.hotline.call import Call, State
from callcenter.hotline.call_rows import Kept, Key, write
from callcenter.hotline.models import Source
from callcenter.hotline.red_call import calls_for_help

log = structlog.get_logger(__name__)

ENTERING: Final = "calls_entering"
AT_ONCE: Final = 100
MOST: Final = 20_000
"""Calls that wait: as many as come in some days."""
TRIES: Final = 5
WAITS_FOR_INCIDENT: Final = timedelta(hours=1)
"""A call whose incident is not there by then never had one that was written."""

IncidentOf = Callable[[str, str], UUID | None]


class Entering:
    """One of those who are told of calls, and the processor that writes them. `wake` hints the processor; `incident_of` tells what a
    call has opened.
    """

    name = ENTERING
    interval_s = 2.0

    def __init__(
        self,
        connections: HeldConnections,
        clock: Clock,
        incident_of: IncidentOf,
        wake: Callable[[], None] = lambda: None,
        source: Source = Source.LIVE,
        most: int = MOST,
    ) -> None:
        """`most`: calls in memory that have ended."""
        self.connections = connections
        self._clock = clock
        self._incident_of = incident_of
        self._wake = wake
        self._source = source
        self._most = most
        self._kept: dict[Key, Kept] = {}
        self._changed: dict[Key, None] = {}
        """Those that the database does not have as they are, in the order in which they came."""
        self._heard: Recent[Key, bool] = Recent(most)

    def hear(self, calls: Iterable[Call]) -> None:
        """What has changed."""
        now = self._clock.now()
        for call in calls:
            key = call.pbx, call.pbx_call
            kept = self._kept.get(key)
            if kept is None:
                self._make_room()
                kept = self._kept[key] = Kept(call, self._source)
                self._heard.put(key, True)
            kept.hear(call, now)
            self._changed[key] = None
        self._wake()

    def has_heard(self, pbx: str, pbx_call: str) -> bool:
        """Whether this process was told of it, and writes it."""
        return (pbx, pbx_call) in self._heard

    def note_incident(self, call: Call) -> None:
        """It has its incident now, and perhaps it is known only now who rings: it is written anew."""
        key = call.pbx, call.pbx_call
        kept = self._kept.get(key)
        if kept is not None:
            whose = kept.call.attached or call.attached
            kept.call = replace(kept.call, matches=call.matches, attached=whose)
            kept.changes += 1
            self._changed[key] = None
            self._wake()

    @property
    def waiting(self) -> int:
        """How many the database does not have as they are."""
        return len(self._changed)

    @property
    def held(self) -> int:
        """How many are in memory: those that stand, and those that are waiting."""
        return len(self._kept)

    async def run_once(self, now: datetime) -> int:
        """Write a batch; zero when nothing is left that can be written now."""
        keys = list(self._changed)[:AT_ONCE]
        if not keys:
            return 0
        batch = {key: self._with_incident(self._kept[key]) for key in keys}
        changes = {key: self._kept[key].changes for key in keys}
        async with self.connections.use() as connection:
            written = await write(connection, list(batch.values()))
        done = 0
        for key, has_incident in written.items():
            told = batch[key].call  # a call may be over before its alarm is stored
            is_known = told.incident_id is not None or not calls_for_help(told)
            done += self._settle(key, changes[key], now, has_incident=has_incident and is_known)
        for key in keys:
            if key not in written:
                self._refused(key)
        return done

    def _with_incident(self, kept: Kept) -> Kept:
        call = kept.call
        incident = call.incident_id or self._incident_of(call.pbx, call.pbx_call)
        return replace(kept, call=replace(call, incident_id=incident))

    def _settle(self, key: Key, changes: int, now: datetime, *, has_incident: bool) -> int:
        kept = self._kept[key]
        if kept.changes != changes:
            return 1
        late = now - kept.call.offered_at > WAITS_FOR_INCIDENT
        if not has_incident and not late:
            self._changed[key] = self._changed.pop(key)  # behind the others
            return 0
        del self._changed[key]
        if kept.call.state is State.ENDED:
            del self._kept[key]
        return 1

    def _refused(self, key: Key) -> None:
        """It is tried some times more, behind the others; then it is left out, and the log says which."""
        kept = self._kept[key]
        kept.tries += 1
        self._changed.pop(key, None)
        if kept.tries < TRIES:
            self._changed[key] = None
        else:
            log.error("call_not_written", call=key[1])
            if kept.call.state is State.ENDED:
                del self._kept[key]

    def _make_room(self) -> None:
        """What has ended first: the exchange's own log brings it back. No call that stands is forgotten."""
        if len(self._kept) < self._most:
            return
        for key, kept in self._kept.items():
            if kept.call.state is State.ENDED:
                log.error("call_not_kept", call=key[1])
                del self._kept[key]
                self._changed.pop(key, None)
                return
