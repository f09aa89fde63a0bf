"""The ladder while the database is away: an alarm that nobody takes calls on, a taker who is gone loses it, by the same tables and
from memory.

What it does is done as an operator's command is: shown, on the spool, texted at once, and written afterwards in its turn with the
time at which it was done. Afterwards the rows of the timers go on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.looking import Round, Watched as OneWatched
from callcenter.alerts.handling.watching import Untold
from callcenter.alerts.incident import Incident, IncidentMode
from callcenter.alerts.open_incidents import Held, OpenIncidents
from callcenter.alerts.timers_in_memory import (
    TIMED,
    Timed,
    TimersInMemory,
    Watched,
    due_at,
)
from callcenter.core.errors import CallCenterError
from callcenter.core.replayed import Replayed

log = structlog.get_logger(__name__)

ProofsOf = Callable[[Incident], int]
"""Of its ring: 2 when a seat has shown it and one has sounded it."""
PAGE: Final = 100
"""Incidents looked at in one step: some two milliseconds in front of an alarm."""


def _none_heard() -> ProofsOf:
    return lambda _: 0


class LadderAway:
    """A processor without a database. While that answers it only keeps in mind since when each alarm rings."""

    name: Final = "ladder_without_database"
    interval_s: Final = 1.0

    def __init__(
        self,
        bench: Workbench,
        away: Away,
        incidents: OpenIncidents,
        *,
        taker_gone_s: float,
        watched: Watched,
        untold: Untold,
        heard: Callable[[], ProofsOf] = _none_heard,
    ) -> None:
        self._bench = bench
        self._away = away
        self._incidents = incidents
        self._gone = timedelta(seconds=taker_gone_s)
        self._watched = watched
        self._untold = untold
        self._heard = heard
        self._timers = TimersInMemory()
        away.tells(self._note)
        self._began = bench.clock.now(), bench.clock.monotonic()

    async def prepare(self, connection: asyncpg.Connection) -> None:
        """Know how far each ladder was climbed when this process begins, before anything is shown again."""
        now = self._unjumped()
        asked = connection.as_of if isinstance(connection, Replayed) else None
        self._timers.recall(await connection.fetch(TIMED), min(asked or now, now))
        self._timers.look(self._incidents, now)

    def _note(self, held: Held, since: datetime | None) -> None:
        now = self._unjumped()
        self._timers.note(held, min(since or now, now))

    async def run_once(self, now: datetime) -> int:
        """Look at every open incident; the number of steps that were made. Waits for the next look, whatever it found."""
        now = self._unjumped()
        timed = self._timers.look(self._incidents, now)
        if not self._away.is_away():
            return 0
        self._watched.look(self._bench.clock.monotonic())
        bench = self._bench
        looking = Round(bench.board, bench.registry.region_settings, self._gone, now)
        proofs, untold = self._heard(), 0
        for place, (incident_id, one) in enumerate(timed.items(), 1):
            if place % PAGE == 0:
                await asyncio.sleep(0)
            held = self._incidents.get(incident_id)
            if held is None:
                continue
            watched = self._as_watched(held.incident, one, now, proofs(held.incident))
            try:
                untold += await self._look_at(looking, watched)
            except CallCenterError as error:
                log.warning(
                    "incident_left_for_later", incident_id=str(incident_id), code=error.code
                )
            except Exception:  # whatever is wrong with it is wrong with it alone
                log.exception("incident_failed", incident_id=str(incident_id))
        self._untold.note(untold)
        return 0

    def _unjumped(self) -> datetime:
        at, monotonic = self._began
        return at + timedelta(seconds=self._bench.clock.monotonic() - monotonic)

    async def _look_at(self, looking: Round, one: OneWatched) -> bool:
        """Whether nobody can be told of it."""
        look = looking.look(one)
        self._timers.missing(one.incident_id, look.missing_since)
        if look.order is not None:
            await self._away.do_by_itself(one.incident_id, one.own(look.order))
        return look.untold and one.mode != IncidentMode.DRILL

    def _as_watched(
        self, incident: Incident, timed: Timed, now: datetime, proofs: int
    ) -> OneWatched:
        """As the row of its timer would say it."""
        policy = self._bench.registry.region_settings(incident.region_id).policy(incident.priority)
        return OneWatched(
            incident_id=incident.id,
            kind=timed.cause[0],
            since=timed.since,
            due_at=due_at(timed, incident, policy),
            missing_since=timed.missing_since,
            now=now,
            region_id=incident.region_id,
            region_path=incident.region_path,
            priority=incident.priority,
            ring=incident.ring,
            ring_to=incident.ring_to,
            escalated=incident.escalated,
            marks=incident.marks,
            taken_by=incident.taken_by,
            follow_due_at=incident.follow_due_at,
            last_signal_at=incident.last_signal_at,
            proofs=proofs,
            mode=incident.mode,
            call_back_by=incident.call_back_by,
        )
