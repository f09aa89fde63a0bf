"""The hub: connected seats, and the pushing of changes to those who may see them.

Changes of this process come from intake and commands by `publish`, right after their commit. Changes of other processes,
and any that a lost hint hid, come from the sweep, which reads what the tables say (design 6b.10). Pushing is one task: what
gathers while it works goes out together in the next round, and every 50 consoles it lets others run.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.change import Change
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.auth.sessions import Principal
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.seats.board import FramesByScope, Pushed, Scope, frame, visible
from callcenter.seats.looks import Looks
from callcenter.seats.wire import Link

log = structlog.get_logger(__name__)

YIELD_EVERY = 50
SILENT_S = 6.0
"""A seat that has not pulsed for this long is unmanned (design 6b.8)."""


@dataclass(slots=True, eq=False)
class Seat:
    """One connected console."""

    seat_id: UUID
    principal: Principal
    scope: Scope
    link: Link
    connected_at: datetime
    pulsed_at: float
    armed: bool = False
    close: Callable[[int], None] = field(default=lambda _code: None)

    @property
    def view(self) -> dict[str, Any]:
        return {
            "user_id": self.principal.user_id,
            "name": self.principal.name,
            "name_en": self.principal.name_en,
            "armed": self.armed,
        }


@dataclass(frozen=True, slots=True)
class RemoteSeat:
    """A seat of another process, from its presence row."""

    user_id: int
    name: str
    name_en: str
    scope: Scope
    armed: bool

    @property
    def view(self) -> dict[str, Any]:
        return {
            "user_id": self.user_id,
            "name": self.name,
            "name_en": self.name_en,
            "armed": self.armed,
        }


class Hub:
    """Fulfils alerts.board.Board. `run` is the pushing task."""

    def __init__(self, clock: Clock, *, hint: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._hint = hint
        self.seats: dict[UUID, Seat] = {}
        self.remote: Sequence[RemoteSeat] = ()
        self.pushed = Pushed()
        self.looks = Looks(clock)
        self.presence_changed = asyncio.Event()
        self._changes: list[Change] = []
        self._wake = asyncio.Event()
        self._covered: Counter[int] = Counter()
        self._users: Counter[int] = Counter()

    # ---- Board

    def publish(self, changes: Sequence[Change]) -> None:
        """Push to the seats of this process; other processes are given a hint."""
        for change in changes:
            self.pushed.note(change.incident.id, change.incident.version)
        self._changes.extend(changes)
        self._wake.set()
        self._hint()

    def manned(self, region_path: Sequence[int]) -> bool:
        """Whether an armed seat, here or in another process, would see an incident of this region."""
        return any(region in self._covered for region in region_path)

    def present(self, user_id: int) -> bool:
        """Whether this user has an armed seat, here or in another process."""
        return user_id in self._users

    # ---- seats

    def is_manned(self, seat: Seat) -> bool:
        """Whether somebody sits there: on duty, and its console has pulsed lately."""
        return seat.armed and self._clock.monotonic() - seat.pulsed_at < SILENT_S

    def attach(self, seat: Seat) -> None:
        """From now on changes are kept for this seat; its snapshot is read after this."""
        self.seats[seat.seat_id] = seat
        self.count_presence()

    def detach(self, seat: Seat) -> None:
        self.seats.pop(seat.seat_id, None)
        self.count_presence()

    def arm(self, seat: Seat, armed: bool) -> None:
        """On or off duty."""
        if seat.armed is not armed:
            seat.armed = armed
            self.count_presence()

    def count_presence(self) -> None:
        """Work out anew who is there, because somebody came, went or armed; wakes the writer of the presence rows."""
        self.recount()
        self.presence_changed.set()

    def recount(self) -> None:
        """Work out anew who is there: consoles fall silent without a word."""
        manned: list[Seat | RemoteSeat] = [
            seat for seat in self.seats.values() if self.is_manned(seat)
        ]
        manned += [seat for seat in self.remote if seat.armed]
        self._covered = Counter(region for seat in manned for region in seat.scope)
        self._users = Counter(_user(seat) for seat in manned)
        metrics.SEATS_CONNECTED.set(len(self.seats))
        metrics.SEATS_ARMED.set(sum(seat.armed for seat in self.seats.values()))

    def colleagues(self) -> list[dict[str, Any]]:
        """One row a user who is connected, armed if any of their seats is."""
        found: dict[int, dict[str, Any]] = {}
        own = (seat.view | {"armed": self.is_manned(seat)} for seat in self.seats.values())
        for row in (*own, *(seat.view for seat in self.remote)):
            held = found.get(row["user_id"])
            if held is None or (row["armed"] and not held["armed"]):
                found[row["user_id"]] = row
        return sorted(found.values(), key=lambda row: str(row["name"]))

    def cut(self, seats: Iterable[Seat], code: int) -> None:
        """Close sockets: rights have changed, or the console is of no use."""
        for seat in list(seats):
            log.info("seat_cut", user_id=seat.principal.user_id, code=code)
            self.detach(seat)
            seat.close(code)

    # ---- pushing

    async def run(self) -> None:
        """Push what has gathered, round after round."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            changes, self._changes = self._changes, []
            self.looks.note(changes, {seat.scope for seat in self.seats.values()})
            frames = _Frames(changes)
            await self._fan_out(frames.for_seat)

    async def _fan_out(self, frame_for: Callable[[Seat], bytes | None]) -> None:
        for number, seat in enumerate(list(self.seats.values()), 1):
            made = frame_for(seat)
            if made is not None:
                seat.link.offer(made)
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        for seat in [seat for seat in self.seats.values() if seat.link.cut]:
            log.warning("seat_too_slow", user_id=seat.principal.user_id)
            metrics.SEATS_CUT.inc()
            self.detach(seat)

    async def tell_all(self, message: dict[str, Any]) -> None:
        """The same frame to every seat."""
        made = frame(message)
        await self._fan_out(lambda _seat: made)

    async def tell_scoped(
        self, kind: str, key: str, rows: Sequence[tuple[Sequence[int], dict[str, Any]]]
    ) -> None:
        """Rows with their region paths, each to the seats that see it."""
        made: dict[Scope, bytes | None] = {}

        def frame_for(seat: Seat) -> bytes | None:
            if seat.scope not in made:
                seen = [row for path, row in rows if visible(seat.scope, path)]
                made[seat.scope] = frame({"type": kind, key: seen}) if seen else None
            return made[seat.scope]

        await self._fan_out(frame_for)


class _Frames(FramesByScope):
    def for_seat(self, seat: Seat) -> bytes | None:
        return self.of(seat.scope)


def _user(seat: Seat | RemoteSeat) -> int:
    return seat.principal.user_id if isinstance(seat, Seat) else seat.user_id


async def open_incidents(connection: asyncpg.Connection, scope: Scope) -> list[Incident]:
    """The snapshot: every open incident of these regions."""
    return [Incident.of(row) for row in await connection.fetch(_SNAPSHOT, list(scope))]


_SNAPSHOT = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state <> 'closed' AND region_path && $1::bigint[] ORDER BY opened_at
"""  # noqa: S608 constant columns
