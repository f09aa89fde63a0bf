"""When the database is back: what was kept is written in its turn, and then everything is shown as the database has it.

At a start the spool of an earlier process is entered again, and rings anew while the database is away. What a writer has not written
yet it writes by itself; this processor only sees when nothing is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping, Left
from callcenter.alerts.arriving.keys import LATEST
from callcenter.alerts.arriving.spooling import (
    SpooledCommand,
    SpooledSignal,
    SpooledText,
    id_of,
    read,
)
from callcenter.alerts.called import OFFICE, as_told, stranger_told
from callcenter.alerts.open_incidents import HIGHEST_NUMBER, OPEN, STEPS_OF_OPEN
from callcenter.alerts.telephoned import TELEPHONE, caller_of, told_by
from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.spool import Segment
from callcenter.devices.callers import Caller
from callcenter.devices.registry import Registry

log = structlog.get_logger(__name__)

IN_FLIGHT: Final = timedelta(seconds=5)
"""What came so shortly before the end of a process may not have been written, and had not rung without the database."""

Written = Callable[[SpooledCommand, Sequence[Segment]], None]
"""Puts a command of an earlier process into its lane."""


class Recovery:
    """A processor; it also writes who has looked at what meanwhile. `stores`: whether alarms can be written; `show_anew`: everything to all seats, as the database has it."""

    name: Final = "kept_signals"
    interval_s: Final = 0.5

    def __init__(  # noqa: PLR0913 - a composition
        self,
        intake: Intake,
        keeping: Keeping,
        registry: Registry,
        database: Database,
        *,
        stores: Callable[[], bool],
        show_anew: Callable[[], Awaitable[None]],
        write_again: Written,
        account_for_left: Callable[[asyncpg.Connection], Awaitable[None]],
    ) -> None:
        """`account_for_left`: writes down which texts have left for nothing."""
        self._intake = intake
        self._keeping = keeping
        self._registry = registry
        self._stores = stores
        self._show_anew = show_anew
        self._write_again = write_again
        self._account_for_left = account_for_left
        self.connections = HeldConnections(database, self.name, 1)
        self._left: list[SpooledSignal | SpooledCommand] = []
        self._places: Mapping[UUID | None, Sequence[Segment]] = {}
        self._ringing: frozenset[UUID] = frozenset()
        """Of these, what nobody may have heard, or somebody has heard from memory alone."""
        self._looked = False
        self._began_without = False

    async def prepare(self, connection: asyncpg.Connection) -> None:
        """Before the first signal: what is open, and what an earlier process has left. What is open is not read anew while something is
        known here alone; that is done when it is written.
        """
        if not self._looked:
            await self._load(connection)
            self._keeping.recall(await connection.fetch(LATEST))
            self._look()
            self._looked = True

    def without_database(self, now: datetime) -> None:
        """The process starts without one; the outage is as old as what has rung in it."""
        self._began_without = True
        rang = [one.rang.at for one in self._signals() if one.rang is not None]
        self._keeping.begins(min([now, *rang]))

    def enter(self) -> None:
        """What was left, as soon as it can be told who called."""
        if self._left and self._registry.complete:
            self._enter()

    def _look(self) -> None:
        found = list(self._keeping.spool.left())
        said = read(body for _, body in found)
        useless = {*said.unreadable, *said.over}
        self._places = _places([one for n, one in enumerate(found) if n not in useless])
        for place, reason in said.unreadable.items():
            log.error("spool_record_not_read", reason=reason)
            self._keeping.spool.set_aside(found[place][0])
        for place in said.over:
            self._keeping.release(found[place][0])
        self._left = [one for one in said.found if not isinstance(one, SpooledText)]
        for one in said.found:
            if isinstance(one, SpooledText):
                self._keeping.left[one.id] = Left(one.row, self._places.get(one.id, ()))
        self._ringing = unheard(self._signals())
        incidents = self._keeping.incidents
        given = [one.rang.number or 0 for one in self._signals() if one.rang is not None]
        incidents.highest_number = max([incidents.highest_number, *given])
        if found:
            log.warning("spool_left", records=len(found), signals=len(self._left))

    def _signals(self) -> Sequence[SpooledSignal]:
        return [one for one in self._left if isinstance(one, SpooledSignal)]

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - it waits for the database, not for a time
        """Enter what was left; when all of an outage is written, show it."""
        keeping = self._keeping
        metrics.KEPT_WAITING.set(keeping.waiting)
        self.enter()
        if not self._stores():
            return 0
        if keeping.left and self._all_is_written():
            async with self.connections.use() as connection:
                await self._account_for_left(connection)
        if keeping.since is not None and keeping.waiting == 0:
            await self._end(keeping.since)
        if keeping.looks:
            await keeping.looks.write(self.connections)
        return 0

    def _all_is_written(self) -> bool:
        return not (self._left or self._keeping.waiting or self._keeping.entered)

    async def _end(self, since: datetime) -> None:
        keeping = self._keeping
        if keeping.written or self._began_without:
            async with self.connections.use() as connection:
                await self._load(connection)
            await self._show_anew()
            log.warning("outage_written", since=since.isoformat(), written=keeping.written)
        if keeping.waiting == 0:  # it may have gone again meanwhile
            self._began_without = False
            keeping.is_over()
            keeping.spool.begin_another()  # what rang and was written is not among what a later start finds

    async def _load(self, connection: asyncpg.Connection) -> None:
        before = self._keeping.incidents.versions()
        rows = await connection.fetch(OPEN)
        steps = await connection.fetch(STEPS_OF_OPEN)
        highest = await connection.fetchval(HIGHEST_NUMBER)
        self._keeping.incidents.load(rows, steps, before, highest)

    def _enter(self) -> None:
        left, self._left = self._left, []
        for one in left:
            try:
                self._enter_one(one)
            except Exception:  # it stays on the spool, and keeps none of the others there
                log.exception("spool_record_not_entered")

    def _enter_one(self, one: SpooledSignal | SpooledCommand) -> None:
        if isinstance(one, SpooledCommand):
            self._write_again(one, self._places.get(one.id, ()))
        else:
            places = self._places.get(one.journal_id, ())
            rings = not self._stores() and self._rings(one)
            self._intake.enter_again(one, self._told(one), places, rings=rings)

    def _rings(self, one: SpooledSignal) -> bool:
        """What has opened an incident that is known here was heard."""
        known = self._keeping.incidents.get(one.incident_id) is not None
        return one.journal_id in self._ringing and not known

    def _told(self, one: SpooledSignal) -> Caller | None:
        """Whom an operator named; None: a device calls."""
        registry = self._registry
        if one.source.kind == TELEPHONE:
            return self._rang(one)
        if one.source.kind != OFFICE:
            return None
        caller = (
            registry.home_caller(one.home_id, one.resident_id, one.received_at)
            if one.home_id
            else None
        )
        if caller is None:
            region_id = one.source.region_id
            path, settings = registry.region_path(region_id), registry.region_settings(region_id)
            try:
                caller = stranger_told(one.signal, region_id, path, settings)
            except (
                ValueError,
                KeyError,
            ):  # no operator told of it: a row of `call_signal`, which comes again by itself
                return None
        return as_told(caller, one.signal)

    def _rang(self, one: SpooledSignal) -> Caller | None:
        """Whose key has dialled; None, and it rings as unknown, where the record does not say it as this release does."""
        try:
            told = told_by(one.signal)
        except (TypeError, KeyError, ValueError):
            return None
        return caller_of(told, self._registry, one.source.region_id, one.received_at)


def unheard(left: Sequence[SpooledSignal]) -> frozenset[UUID]:
    """Of what stands on a spool, what rings again where the database cannot be asked: what rang without it, and what came in the last
    moments. The rest was written, and lies there because its file is not used up.
    """
    last = max((one.received_at for one in left), default=None)
    return frozenset(
        one.journal_id
        for one in left
        if one.rang is not None or (last is not None and last - one.received_at <= IN_FLIGHT)
    )


def _places(found: Sequence[tuple[Segment, bytes]]) -> Mapping[UUID | None, Sequence[Segment]]:
    """The segments of all records of one signal or command."""
    made: defaultdict[UUID | None, list[Segment]] = defaultdict(list)
    for segment, body in found:
        made[id_of(body)].append(segment)
    return made
