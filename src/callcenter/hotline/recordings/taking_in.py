"""Takes in what the exchange has recorded: sealed file, then row, then the exchange's own files go. Cut off anywhere, it is done again.

One that cannot be read or kept keeps nobody else waiting; where there is no room or a folder is away, all of it waits at the exchange.
Runs at the server whose settings name the exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError, Invalid, NoRoom, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.hotline.recordings.lying_there import Files, lying_in
from callcenter.hotline.recordings.models import RecordingState as State
from callcenter.hotline.recordings.rewriting import Rewritten, chosen
from callcenter.hotline.recordings.ripeness import Verdict, verdict
from callcenter.hotline.recordings.shelf import Shelf, place_of

log = structlog.get_logger(__name__)

SOUND_A_TURN_S: Final = 1800.0
"""Of sound: some seconds of a core that nobody else wants."""
MOST_A_TURN: Final = 20
LOOKED_UP: Final = 500
FAILED_RESTS: Final = timedelta(minutes=5)
MISSING_EVERY: Final = timedelta(minutes=1)
MISSING_AFTER: Final = timedelta(minutes=15)
MISSING_WITHIN: Final = timedelta(days=2)
"""Calls that ended before are not looked after any more: their time was over long ago, or there was no exchange then."""
NO_SOUND, UNREADABLE, NO_FILE = "no_sound", "unreadable", "no_file"
"""Nothing was said (one ring and gone); what was written is no recording; nothing was written."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """`spool` is the folder it records into, `name` what its calls and recordings are known by."""

    name: str
    spool: Path


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say of a name."""

    call_id: Any
    region_id: int
    ended: bool
    state: State | None
    reason: str


class TakingIn:
    """The processor `recordings` of the office."""

    name = "recordings"
    interval_s = 5.0

    def __init__(self, database: Database, exchange: Exchange, shelf: Shelf) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._exchange = exchange
        self._shelf = shelf
        self._rests: dict[str, datetime] = {}
        self._well: dict[str, bool] = {}
        self._missing_at: datetime | None = None

    async def run_once(self, now: datetime) -> int:
        """How many were taken in."""
        lying = await self._lying()
        if lying is None or not await self._shelf_stands():
            return 0
        metrics.RECORDINGS_WAITING.set(len(lying))
        taken, sound = 0, 0.0
        known = await self._known([each.name for each in lying])
        await self._bind()
        for files in lying:
            of = known.get(files.name)
            if of is None or not self._is_ripe(files, of, now):
                continue
            if not await self._take(files, of, now):
                break
            taken, sound = taken + 1, sound + files.seconds
            if taken >= MOST_A_TURN or sound >= SOUND_A_TURN_S:
                return taken
        await self._find_missing([each.name for each in lying], now)
        return 0

    # ---- what is there

    async def _lying(self) -> Sequence[Files] | None:
        try:
            lying = await asyncio.to_thread(lying_in, self._exchange.spool)
        except OSError as error:
            self._tell("exchange", well=False, why=str(error))
            return None
        self._tell("exchange", well=True)
        return lying

    async def _shelf_stands(self) -> bool:
        if await asyncio.to_thread(lambda: self._shelf.is_there):
            return True
        async with self.connections.use() as connection:
            has_some = await connection.fetchval(_HAS_SOME, self._exchange.name)
        if has_some:
            self._tell("recordings", well=False, why=f"{self._shelf.folder} is not there")
            return False
        try:
            await asyncio.to_thread(self._shelf.begin)
        except OSError as error:
            self._tell("recordings", well=False, why=str(error))
            return False
        return True

    async def _known(self, names: Sequence[str]) -> Mapping[str, _Known]:
        found: dict[str, _Known] = {}
        async with self.connections.use() as connection:
            for at in range(0, len(names), LOOKED_UP):
                part = list(names[at : at + LOOKED_UP])
                for row in await connection.fetch(_KNOWN, self._exchange.name, part):
                    found[row["name"]] = _Known(
                        row["call_id"],
                        row["region_id"],
                        row["ended"],
                        State(row["state"]) if row["state"] else None,
                        row["reason"],
                    )
        return found

    def _is_ripe(self, files: Files, known: _Known, now: datetime) -> bool:
        is_left_alone = not files.paths and known.state is not None
        if is_left_alone or self._rests.get(files.name, now) > now:
            return False
        has_call, ended = known.call_id is not None, known.ended
        said = verdict(files.lying, has_call=has_call, call_ended=ended, now=now)
        return said is not Verdict.WAIT

    # ---- taking one in

    async def _take(self, files: Files, known: _Known, now: datetime) -> bool:
        """Whether the next one may be tried: not where there is no room, or no folder."""
        try:
            await self._take_one(files, known)
        except (NoRoom, Unavailable) as error:
            if error.code.startswith("database"):
                raise
            self._tell("recordings", well=False, why=error.message)
            return False
        except (OSError, CallCenterError) as error:  # of this one alone, as far as we know
            self._rests[files.name] = now + FAILED_RESTS
            log.error("recording_not_taken", name=files.name, reason=str(error))  # noqa: TRY400
            return True
        self._rests.pop(files.name, None)
        self._tell("recordings", well=True)
        return True

    async def _take_one(self, files: Files, known: _Known) -> None:
        if known.state in (None, State.MISSING):
            try:
                sources = chosen(files.name, files.sources)
            except Invalid as error:
                await self._nothing_heard(files, known, error)
                return
            place = place_of(self._exchange.name, files.name, files.changed_at)
            made = await asyncio.to_thread(self._shelf.put, files.name, place, sources)
            await self._write(files, known, place, made)
        await asyncio.to_thread(_remove, files.paths)

    async def _write(self, files: Files, known: _Known, place: str, made: Rewritten) -> None:
        state = State.REPAIRED if made.repaired else State.KEPT
        async with self.connections.use() as connection:
            await connection.execute(
                _KEEP, self._exchange.name, files.name, known.call_id, known.region_id, state.value, made.repaired, place, made.size,
                made.sha256, made.seconds, made.channels, made.waveform, _began(files, made.seconds),
            )  # fmt: skip
        metrics.RECORDINGS.labels(state.value).inc()
        if made.repaired or known.call_id is None:
            log.warning(
                "recording_taken",
                name=files.name,
                seconds=round(made.seconds, 1),
                repaired=made.repaired,
                of_a_call=known.call_id is not None,
            )

    async def _nothing_heard(self, files: Files, known: _Known, error: Invalid) -> None:
        """Empty files go: there is nothing in them. One that is no recording stays where it is, for somebody to look at."""
        reason = UNREADABLE if files.broken else NO_SOUND
        async with self.connections.use() as connection:
            await connection.execute(
                _MISS, self._exchange.name, files.name, known.call_id, known.region_id, reason, files.changed_at
            )  # fmt: skip
        metrics.RECORDINGS.labels(State.MISSING.value).inc()
        if files.broken:
            log.error("recording_unreadable", name=files.name, reason=files.broken)
            return
        log.info("recording_empty", name=files.name, reason=error.message)
        await asyncio.to_thread(_remove, files.paths)

    # ---- what is not there, and what comes late

    async def _bind(self) -> None:
        """Rows of calls may come after their recordings."""
        async with self.connections.use() as connection:
            await connection.execute(_BIND, self._exchange.name)

    async def _find_missing(self, names: Sequence[str], now: datetime) -> None:
        if self._missing_at is not None and now - self._missing_at < MISSING_EVERY:
            return
        self._missing_at = now
        within = (now - MISSING_WITHIN, now - MISSING_AFTER)
        async with self.connections.use() as connection:
            rows = await connection.fetch(
                _MISSING, self._exchange.name, *within, list(names), NO_FILE
            )
        for row in rows:
            metrics.RECORDINGS.labels(State.MISSING.value).inc()
            log.error("recording_missing", name=row["name"], call=str(row["call_id"]))

    def _tell(self, place: str, *, well: bool, why: str = "") -> None:
        """Once, when it has changed."""
        metrics.RECORDINGS_WELL.labels(place).set(int(well))
        if self._well.get(place, True) is not well:
            if well:
                log.warning("recordings_taken_again", place=place)
            else:
                log.error("recordings_wait", place=place, reason=why)
        self._well[place] = well


def _began(files: Files, seconds: float) -> datetime:
    return files.changed_at - timedelta(seconds=seconds)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


_HAS_SOME = "SELECT EXISTS (SELECT FROM recording WHERE pbx = $1 AND file IS NOT NULL)"
_KNOWN = """
SELECT asked.name, of.id AS call_id, coalesce(of.region_id, root.id) AS region_id, coalesce(of.state = 'ended', false) AS ended,
    recording.state, coalesce(recording.reason, '') AS reason
FROM unnest($2::text[]) AS asked (name)
CROSS JOIN (SELECT id FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1) AS root
LEFT JOIN recording ON recording.pbx = $1 AND recording.name = asked.name
LEFT JOIN LATERAL (
    SELECT call.id, call.region_id, call.state FROM call WHERE call.pbx = $1 AND call.pbx_call = asked.name
    UNION ALL
    SELECT call.id, call.region_id, call.state FROM call_leg JOIN call ON call.id = call_leg.call_id
    WHERE call_leg.id = asked.name AND call.pbx = $1
    LIMIT 1
) AS of ON true
"""
_KEEP = """
INSERT INTO recording (pbx, name, call_id, region_id, state, is_repaired, file, size, sha256, seconds, channels, waveform, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (pbx, name) DO UPDATE SET
    call_id = coalesce(excluded.call_id, recording.call_id), region_id = excluded.region_id, state = excluded.state, reason = '',
    is_repaired = excluded.is_repaired, file = excluded.file, size = excluded.size, sha256 = excluded.sha256, seconds = excluded.seconds,
    channels = excluded.channels, waveform = excluded.waveform, recorded_at = excluded.recorded_at
WHERE recording.state = 'missing'
"""
_MISS = """
INSERT INTO recording (pbx, name, call_id, region_id, state, reason, recorded_at) VALUES ($1, $2, $3, $4, 'missing', $5, $6)
ON CONFLICT (pbx, name) DO UPDATE SET reason = excluded.reason WHERE recording.state = 'missing'
"""
_BIND = """
UPDATE recording SET call_id = of.id, region_id = of.region_id FROM recording AS late
CROSS JOIN LATERAL (
    SELECT call.id, call.region_id FROM call WHERE call.pbx = late.pbx AND call.pbx_call = late.name
    UNION ALL
    SELECT call.id, call.region_id FROM call_leg JOIN call ON call.id = call_leg.call_id
    WHERE call_leg.id = late.name AND call.pbx = late.pbx
    LIMIT 1
) AS of
WHERE recording.id = late.id AND late.pbx = $1 AND late.call_id IS NULL
"""
_MISSING = """
INSERT INTO recording (pbx, name, call_id, region_id, state, reason, recorded_at)
SELECT call.pbx, call.pbx_call, call.id, call.region_id, 'missing', $5, call.offered_at FROM call
WHERE call.pbx = $1 AND call.state = 'ended' AND call.ended_at BETWEEN $2 AND $3 AND call.source IN ('live', 'read_back')
AND (call.direction = 'in' OR call.direction = 'out' AND call.answered_at IS NOT NULL)
AND NOT EXISTS (SELECT FROM recording WHERE recording.call_id = call.id)
AND NOT call.pbx_call = ANY($4::text[])
AND NOT EXISTS (SELECT FROM call_leg WHERE call_leg.call_id = call.id AND call_leg.id = ANY($4::text[]))
ON CONFLICT (pbx, name) DO NOTHING
RETURNING name, call_id
"""
