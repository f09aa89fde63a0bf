"""Shifts: who was on duty from when to when, and what each hands over to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

import asyncpg
from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN
from callcenter.audit.trail import record_raw
from callcenter.auth.permissions import Action, Role
from callcenter.auth.sessions import Principal
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound
from callcenter.core.held import HeldConnections

FORGOTTEN_S: Final = 900
"""A shift that nobody ended is over when its user has had no console for so long; it ended with the last one."""
READ_WITHIN_S: Final = 24 * 3_600
"""What was handed over longer ago is not put before anybody; it stands in the list."""
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class NoteReader:
    """Whoever has read a note, and when."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    user_id: int
    name: str
    name_en: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ShiftView:
    """From going on duty to going off."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: int
    user_id: int
    name: str
    name_en: str
    began_at: datetime
    ended_at: datetime | None
    note: str
    """What whoever comes next is to know."""
    read_by: Sequence[NoteReader]
    """The first who read it first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, from where, when."""

    principal: Principal
    address: str
    now: datetime


class Shifts:
    """A port of the API, and the processor that ends shifts nobody ended."""

    name = "shifts"
    interval_s = 60.0

    def __init__(self, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Note who still sits there, and end the shifts of who has long gone."""
        async with self.connections.use() as connection:
            await connection.execute(_STILL_THERE, now)
            await connection.execute(_END_FORGOTTEN, now, FORGOTTEN_S)
        return 0

    async def begin(self, asked: Asked) -> Sequence[ShiftView]:
        """On duty, unless already so; answers with the notes that are to be read now."""
        regions = _regions(asked.principal)
        async with self.connections.use() as connection, connection.transaction():
            began = await connection.fetchval(_BEGIN, asked.principal.user_id, regions, asked.now)
            if began is not None:
                await _journal(connection, asked, "shift_began", began)
            rows = await connection.fetch(
                _UNREAD, asked.principal.user_id, regions, asked.now, READ_WITHIN_S
            )
            await _look(connection, asked, rows)
        return _views(rows)

    async def end(self, asked: Asked, note: str) -> None:
        """Off duty, with what the next one is to know; also for a shift whose beginning was never written down."""
        user, regions = asked.principal.user_id, _regions(asked.principal)
        async with self.connections.use() as connection, connection.transaction():
            ended = await connection.fetchval(_END, user, asked.now, note)
            if ended is None and note:
                ended = await connection.fetchval(_NOTE_ALONE, user, regions, asked.now, note)
            if ended is not None:
                await _journal(connection, asked, "shift_ended", ended)

    async def read(self, asked: Asked, shift_id: int) -> None:
        """This user has read the note. Raises NotFound for a shift they may not see."""
        user, regions = asked.principal.user_id, _regions(asked.principal)
        async with self.connections.use() as connection, connection.transaction():
            if not await connection.fetchval(_SEEN_BY, shift_id, regions):
                raise NotFound(f"There is no shift {shift_id}.", what="shift")
            if await connection.fetchval(_READ, shift_id, user, asked.now) is not None:
                await _journal(connection, asked, "shift_note_read", shift_id)

    async def latest(self, asked: Asked, before: int | None = None) -> Sequence[ShiftView]:
        """Of the regions this user supervises, the newest first; those that began earlier than the shift `before`."""
        grants = asked.principal.grants
        regions = sorted({one.region_id for one in grants if one.role is Role.SUPERVISOR})
        async with self.connections.use() as connection:
            rows = await connection.fetch(_LATEST, regions, MOST, before)
            await _look(connection, asked, rows)
        return _views(rows)


def _regions(principal: Principal) -> list[int]:
    return sorted(principal.regions(Action.WORK_INCIDENTS))


def _views(rows: Iterable[Mapping[str, Any]]) -> Sequence[ShiftView]:
    return [
        ShiftView(**{**row, "read_by": [_reader(one) for one in row["read_by"]]}) for row in rows
    ]


def _reader(one: Mapping[str, Any]) -> NoteReader:
    return NoteReader(**{**one, "read_at": datetime.fromisoformat(one["read_at"])})


async def _look(
    connection: asyncpg.Connection, asked: Asked, rows: Sequence[Mapping[str, Any]]
) -> None:
    """A note may name residents: whoever is shown one leaves an entry."""
    if any(row["note"] for row in rows):
        await _journal(connection, asked, "shift_notes_seen", *(row["id"] for row in rows))


async def _journal(connection: asyncpg.Connection, asked: Asked, action: str, *shifts: int) -> None:
    await record_raw(
        connection,
        at=asked.now,
        principal_id=asked.principal.user_id,
        action=action,
        subject=f"shift:{shifts[0]}",
        region_ids=_regions(asked.principal),
        address=asked.address,
        detail={"shift_ids": shifts} if len(shifts) > 1 else {},
    )


# A note may name residents: it is for who sees every region that its writer saw (G8).
_VISIBLE = """
NOT EXISTS (
    SELECT 1 FROM unnest(shift.region_ids) AS theirs(id) LEFT JOIN region USING (id)
    WHERE region.id IS NULL OR NOT region.path && {regions}::bigint[]
)
"""

_COLUMNS = """
SELECT shift.id, shift.user_id, app_user.name, app_user.name_en, began_at, ended_at, note, (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'user_id', reader.id, 'name', reader.name, 'name_en', reader.name_en, 'read_at', read_at
    ) ORDER BY read_at), '[]')
    FROM shift_note_read JOIN app_user AS reader ON reader.id = shift_note_read.user_id WHERE shift_id = shift.id
) AS read_by
FROM shift JOIN app_user ON app_user.id = shift.user_id
"""

_BEGIN = """
INSERT INTO shift (user_id, region_ids, began_at, seen_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (user_id) WHERE ended_at IS NULL DO NOTHING RETURNING id
"""

_UNREAD = f"""
{_COLUMNS} WHERE note <> '' AND shift.user_id <> $1 AND ended_at > $3::timestamptz - $4 * interval '1 second'
  AND NOT EXISTS (SELECT 1 FROM shift_note_read WHERE shift_id = shift.id AND shift_note_read.user_id = $1)
  AND {_VISIBLE.format(regions="$2")}
ORDER BY ended_at
"""  # noqa: S608 constants

_END = (
    "UPDATE shift SET ended_at = $2, note = $3 WHERE user_id = $1 AND ended_at IS NULL RETURNING id"
)

_NOTE_ALONE = """
INSERT INTO shift (user_id, region_ids, began_at, seen_at, ended_at, note) VALUES ($1, $2, $3, $3, $3, $4) RETURNING id
"""

_SEEN_BY = f"SELECT true FROM shift WHERE id = $1 AND {_VISIBLE.format(regions='$2')}"  # noqa: S608 constants

_READ = """
INSERT INTO shift_note_read (shift_id, user_id, read_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING shift_id
"""

_LATEST = f"""
{_COLUMNS} WHERE {_VISIBLE.format(regions="$1")}
  AND ($3::bigint IS NULL OR (began_at, shift.id) < (SELECT began_at, id FROM shift WHERE id = $3))
ORDER BY began_at DESC, shift.id DESC LIMIT $2
"""  # noqa: S608 constants

_STILL_THERE = """
UPDATE shift SET seen_at = $1 WHERE ended_at IS NULL AND EXISTS (
    SELECT 1 FROM seat_presence WHERE seat_presence.user_id = shift.user_id AND armed AND lease_until > clock_timestamp()
)
"""

_END_FORGOTTEN = """
UPDATE shift SET ended_at = seen_at WHERE ended_at IS NULL AND seen_at < $1::timestamptz - $2 * interval '1 second'
"""
