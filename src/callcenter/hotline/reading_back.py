"""What came while this server was away, or did not look: the exchange's own log is read back, each call once (G1, G2).

A call that nobody here has heard of becomes a row, and an alarm where it rang at the number of a key. Whatever comes by itself within some
seconds is left to come. The place up to which the log was read is kept in a file, and moves only as far as the database has everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import orjson
import structlog

from callcenter.alerts.telephoned import TELEPHONE, press_id
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.private_files import read_private, replace_private
from callcenter.devices.callers import Match
from callcenter.hotline.alarming import Alarming
from callcenter.hotline.call import GONE_MEANWHILE, Call, State
from callcenter.hotline.call_rows import Kept, write
from callcenter.hotline.ends import Ends
from callcenter.hotline.entering import Entering
from callcenter.hotline.models import Source
from callcenter.hotline.red_call import calls_for_help
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.own_log import Logged, OwnLog, Place, follow
from callcenter.telephony.pbx import Arrived

log = structlog.get_logger(__name__)

READ_BACK: Final = "calls_read_back"
COMES_BY_ITSELF: Final = timedelta(seconds=10)
"""The exchange tells of a call within a second, and of what stands as soon as it is connected again."""
EVERY_S: Final = 60.0
SOON_S: Final = 2.0
RINGS_WITHIN: Final = timedelta(hours=24)
"""A key that was pressed longer ago is a missed call that is worked off, and rings no more."""
NEVER_ENDED: Final = timedelta(hours=6)
"""A call without an end in the log by then went down with the exchange."""
AT_ONCE: Final = 100
"""Calls between which the event loop serves others."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What it asks: which line a number is, who rings, who has that number, which calls stand, and the id of a call."""

    line_of: Callable[[str], Line]
    caller_of: Callable[[Arrived, Line], Caller]
    matches_of: Callable[[Caller, Line], Sequence[Match]]
    standing: Callable[[], Collection[str]]
    id_of: Callable[[str], UUID]
    """Of a call, by the exchange's name of it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has of a call. `pressed`: its alarm is there, whatever has become of that."""

    row: UUID | None = None
    has_ended: bool = False
    has_incident: bool = False
    pressed: bool = False
    incident_id: UUID | None = None


class ReadingBack:
    """The processor. It is woken when the exchange is connected again, and after each alarm that it has told."""

    name = READ_BACK

    def __init__(  # noqa: PLR0913, PLR0917 - a composition
        self,
        pbx: str,
        calls_log: OwnLog,
        place: Path,
        ports: Ports,
        alarming: Alarming,
        entering: Entering,
        ends: Ends,
        connections: HeldConnections,
    ) -> None:
        """`place`: the file that says up to where the log was read."""
        self.connections = connections
        self._pbx = pbx
        self._log = calls_log
        self._path = place
        self._ports = ports
        self._alarming = alarming
        self._entering = entering
        self._ends = ends
        self._place: Place | None = None
        self._pending: Mapping[str, Logged] = {}
        """Calls that were read and are not settled: too young, not ended, or the database does not have them yet."""
        self._has_young = False
        self._kept: tuple[Place, Mapping[str, Logged]] | None = None
        """What the file says."""

    @property
    def interval_s(self) -> float:
        """Soon, where a call was too young to be looked for: a server that has just been started is late for it already."""
        return SOON_S if self._has_young else EVERY_S

    async def run_once(self, now: datetime) -> int:
        """Zero always: it has read to the end."""
        if self._place is None:
            self._place, self._pending = recalled(self._path)
        more = True
        while more:
            more = await self._read_portion(self._place)
            await self._settle(now)
        return 0

    async def _read_portion(self, place: Place) -> bool:
        try:
            portion = await asyncio.to_thread(self._log.read_on, place)
        except OSError as error:
            log.warning("calls_log_not_read", reason=str(error))
            return False
        self._place = portion.place
        followed = follow(self._pending, portion.calls)
        self._pending = {call: one for call, one in followed.items() if one.line}
        return portion.more

    async def _settle(self, now: datetime) -> None:
        """What cannot be written now is raised at least; the place that the file says stays where it was."""
        due = [one for one in self._pending.values() if self._is_due(one, now)]
        self._has_young = any(_is_young(one, now) for one in self._pending.values())
        try:
            async with self.connections.use() as connection:
                for start in range(0, len(due), AT_ONCE):
                    await self._settle_slice(connection, due[start : start + AT_ONCE], now)
        except Unavailable:
            for one in due:
                await self._raise_without(one, now)
            raise
        if self._place is not None and (self._place, self._pending) != self._kept:
            await asyncio.to_thread(remember, self._path, self._place, self._pending)
            self._kept = self._place, self._pending

    def _is_due(self, one: Logged, now: datetime) -> bool:
        return not _is_young(one, now) and one.call not in self._ports.standing()

    async def _settle_slice(
        self, connection: asyncpg.Connection, due: Sequence[Logged], now: datetime
    ) -> None:
        known = await self._known(connection, due)
        kept = []
        for one in due:
            call = await self._looked_at(one, known[one.call], now)
            if call is not None and call.state is State.ENDED:
                kept.append(Kept(call, Source.READ_BACK))
        # What was heard here is written by whoever has heard it, with all that it knows.
        wanted = [one for one in kept if self._is_wanted(one.call, known[one.call.pbx_call])]
        written = await write(connection, wanted) if wanted else {}
        left = {call for (_, call), is_whole in written.items() if not is_whole}
        settled = {one.call.pbx_call for one in kept} - left
        self._pending = {name: one for name, one in self._pending.items() if name not in settled}

    async def _looked_at(self, one: Logged, known: _Known, now: datetime) -> Call | None:
        """With its incident, if it has one. Raises Unavailable; whatever else is wrong with one call is wrong with it alone."""
        try:
            call = self._call_of(one, now)
            return replace(call, incident_id=await self._raise(call, known, now))
        except Unavailable:
            raise
        except Exception:  # see above
            log.exception("call_not_read_back", call=one.call)
            return None

    def _is_wanted(self, call: Call, known: _Known) -> bool:
        whole = known.has_ended and (call.incident_id is None or known.has_incident)
        return not whole and not self._entering.has_heard(call.pbx, call.pbx_call)

    async def _raise(self, call: Call, known: _Known, now: datetime) -> UUID | None:
        """The incident of a call that rang at the number of a key, which is opened where there is none."""
        if not calls_for_help(call):
            return None
        incident = known.incident_id
        heard = known.pressed or self._alarming.has_begun(call.pbx, call.pbx_call)
        if not heard and now - call.offered_at <= RINGS_WITHIN:
            log.warning("call_read_back", call=call.pbx_call, began_at=call.offered_at.isoformat())
            incident = await self._alarming.read_back(call)
        incident = incident or self._alarming.incident_of(call.pbx, call.pbx_call)
        if incident is not None:
            self._alarming.knows(call, incident)
            if call.state is State.ENDED:
                self._ends.say(call)
        return incident

    async def _raise_without(self, one: Logged, now: datetime) -> None:
        """The database is away: it rings from memory. What an earlier process has written nobody can tell now, but for what lately rang."""
        await self._looked_at(one, _Known(), now)

    def _call_of(self, one: Logged, now: datetime) -> Call:
        ports = self._ports
        line = ports.line_of(one.line)
        caller = ports.caller_of(Arrived("", one.call, one.line, one.caller), line)
        matches = tuple(ports.matches_of(caller, line))
        ended_at, cause = one.ended_at, one.cause
        if ended_at is None and now - one.began_at > NEVER_ENDED:
            ended_at, cause = one.answered_at or one.began_at, GONE_MEANWHILE
        return Call(
            id=ports.id_of(one.call),
            pbx=self._pbx,
            pbx_call=one.call,
            kind=line.kind,
            line=line.number,
            region_id=line.region_id,
            caller=caller,
            matches=matches,
            attached=matches[0] if len(matches) == 1 else None,
            state=State.ENDED if ended_at is not None else State.RINGING,
            offered_at=one.began_at,
            ended_at=ended_at,
            cause=cause,
        )

    async def _known(
        self, connection: asyncpg.Connection, due: Sequence[Logged]
    ) -> Mapping[str, _Known]:
        names = [one.call for one in due]
        keys = [press_id(self._pbx, name).bytes for name in names]
        rows = await connection.fetch(_KNOWN, self._pbx, names, keys, TELEPHONE)
        return {
            row["name"]: _Known(row["id"], row["state"] == State.ENDED, row["has_incident"], row["pressed"], row["incident_id"])
            for row in rows
        }  # fmt: skip


_KNOWN: Final = """
SELECT asked.name, call.id, call.state, held.key IS NOT NULL AND journal.id IS NOT NULL AS pressed,
    call.incident_id IS NOT NULL AS has_incident, coalesce(journal.incident_id, call.incident_id) AS incident_id
FROM unnest($2::text[], $3::bytea[]) AS asked(name, key)
LEFT JOIN call ON call.pbx = $1 AND call.pbx_call = asked.name
LEFT JOIN signal_dedup AS held ON held.source = $4 AND held.key = asked.key
LEFT JOIN journal ON journal.id = held.journal_id
"""


def _is_young(one: Logged, now: datetime) -> bool:
    return now - one.began_at < COMES_BY_ITSELF


# ---- the place, kept


def recalled(path: Path) -> tuple[Place, Mapping[str, Logged]]:
    """From the beginning where nothing was kept, or nothing that can be read."""
    if not path.exists():
        return Place(), {}
    try:
        said = read_private(path)
        place = Place(int(said["inode"]), int(said["offset"]), str(said["mark"]))
        bytes.fromhex(place.mark)
        pending = [_logged(each) for each in said["pending"]]
    except (Misconfigured, KeyError, TypeError, ValueError) as error:
        log.warning("place_in_calls_log_not_read", reason=repr(error))
        return Place(), {}
    return place, {one.call: one for one in pending}


def remember(path: Path, place: Place, pending: Mapping[str, Logged]) -> None:
    """On the disk before it returns; a disk that takes nothing lets the log be read again."""
    said = {
        "inode": place.inode,
        "offset": place.offset,
        "mark": place.mark,
        "pending": [orjson.loads(orjson.dumps(each)) for each in pending.values()],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_private(path, said)
    except OSError as error:
        log.warning("place_in_calls_log_not_kept", reason=str(error))


def _logged(said: Mapping[str, object]) -> Logged:
    def at(name: str) -> datetime | None:
        return None if said[name] is None else datetime.fromisoformat(str(said[name]))

    began = at("began_at")
    cause = said["cause"]
    if began is None:
        raise ValueError("a call begins at a time")
    return Logged(
        str(said["call"]), str(said["line"]), str(said["caller"]), began, at("answered_at"), at("ended_at"),
        int(str(cause)) if cause is not None else None,
    )  # fmt: skip
