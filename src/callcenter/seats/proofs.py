"""Proofs that an alarm reached a human's senses: the first `seen` and the first `sounding` per incident and ring (G4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, get_args

import asyncpg
import structlog

from callcenter.alerts.incident import Incident
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.encoding import array_literal
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.processing import Wakeups
from callcenter.core.recent import Recent
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.seats.answers import Answer, Rung
from callcenter.seats.hub import Hub
from callcenter.seats.messages import ProofKind
from callcenter.seats.seat import Seat
from callcenter.seats.tables import PROOFS, shown_proof

log = structlog.get_logger(__name__)

GATHER_S: Final = 0.1
SLICE: Final = 1_000
_KINDS: Final[tuple[ProofKind, ...]] = get_args(ProofKind)

_LATER: Final = (Unavailable, asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""The database is away or busy: the claims stay as they are."""


@dataclass(frozen=True, slots=True)
class _Claim:
    incident_id: str
    ring: int
    proof: ProofKind
    scope: str
    """The seat's regions, as an array literal."""


@dataclass(frozen=True, slots=True)
class _By:
    user_id: int
    seat_id: str
    at: datetime


class Proofs:
    """Gathers what consoles answer and writes it a few times a second; most answers are not the first and cost nothing.

    A claim counts when its seat sees the incident and it rings for the time that was said; the database decides that. Only
    what it accepted is taken as known: a claim of a seat that sees nothing of the incident silences no other. A processor.
    """

    name = "proofs"
    interval_s = 2.0

    def __init__(self, hub: Hub, clock: Clock, database: Database, wakeups: Wakeups) -> None:
        self._hub = hub
        self._clock = clock
        self._wakeups = wakeups
        self.connections = HeldConnections(database, self.name, 1)
        self._known: Recent[tuple[str, int, str], bool] = Recent()
        self._waiting: dict[_Claim, _By] = {}

    def __len__(self) -> int:
        """Claims that wait to be written."""
        return len(self._waiting)

    def heard(self) -> Callable[[Incident], int]:
        """Tells of an incident whether a seat has shown its ring, and whether one has sounded it, as far as this process knows: 0 to 2."""
        waiting = {(claim.incident_id, claim.ring, claim.proof) for claim in self._waiting}

        def of(incident: Incident) -> int:
            keys = [(str(incident.id), incident.ring, kind) for kind in _KINDS]
            return sum(key in waiting or key in self._known for key in keys)

        return of

    def take(self, seat: Seat, answer: Answer) -> None:
        """A seat says it shows, or sounds, these. Beyond its allowance they are dropped."""
        unknown = [r for r in answer.rungs if (r[0], r[1], answer.proof) not in self._known]
        if not unknown:
            return
        if not seat.claims.takes(len(unknown), self._clock.monotonic()):
            log.warning("proofs_dropped", user_id=seat.user_id, count=len(unknown))
            return
        self._claim(seat, answer.proof, unknown)
        self._wakeups.wake(self.name)

    def _claim(self, seat: Seat, proof: ProofKind, rungs: Iterable[Rung]) -> None:
        scope = array_literal(sorted(seat.scope))
        by = _By(seat.user_id, str(seat.seat_id), self._clock.now())
        for incident_id, ring in rungs:
            self._waiting.setdefault(_Claim(incident_id, ring, proof, scope), by)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - each claim has the time it was made at
        """Write a slice of what waits, push what was first; what could not be written stays."""
        if not self._waiting:
            return 0
        await asyncio.sleep(GATHER_S)
        batch = [claim for claim in self._waiting if not self._is_ahead(claim)][:SLICE]
        if not batch:
            return 0
        rows = [_columns(claim, self._waiting[claim]) for claim in batch]
        try:
            async with self.connections.use() as connection:
                accepted = await connection.fetch(_WRITE, *zip(*rows, strict=True))
        except _LATER:
            raise
        except Exception:  # it would fail again, and hold up the proofs of all seats
            self._forget(batch)
            raise
        self._forget(batch)
        await self._accept(accepted)
        return len(batch)

    def _is_ahead(self, claim: _Claim) -> bool:
        """Of an incident that the database does not have yet: its proof waits for it."""
        held = self._hub.open_incidents.find(claim.incident_id)
        return held is not None and held.ahead

    def _forget(self, batch: Iterable[_Claim]) -> None:
        for claim in batch:
            del self._waiting[claim]

    async def _accept(self, rows: Iterable[Mapping[str, Any]]) -> None:
        first = []
        for row in rows:
            self._known.put((str(row["incident_id"]), row["ring"], row["proof"]), True)
            if row["first"]:
                _measure(row)
                first.append(shown_proof(row))
        if first:
            await self._hub.push(PROOFS, first)


def _columns(claim: _Claim, by: _By) -> tuple[object, ...]:
    return (
        claim.incident_id,
        claim.ring,
        claim.proof,
        by.user_id,
        by.seat_id,
        by.at,
        claim.scope,
    )


def _measure(row: Mapping[str, Any]) -> None:
    if row["ring"] != 1 or tuple(row["region_path"]) == WATCH_PATH:
        return
    seconds = (row["at"] - row["opened_at"]).total_seconds()
    seen = row["proof"] == "seen"
    histogram = metrics.STORED_TO_SEEN_SECONDS if seen else metrics.STORED_TO_SOUNDING_SECONDS
    histogram.observe(max(0.0, seconds))


_WRITE = """
WITH claim AS (
    SELECT DISTINCT ON (c.incident_id, c.ring, c.proof)
           c.incident_id, c.ring, c.proof, c.user_id, c.seat_id, c.at, incident.region_path, incident.opened_at
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::uuid[], $6::timestamptz[], $7::text[])
         AS c(incident_id, ring, proof, user_id, seat_id, at, scope)
    JOIN incident ON incident.id = c.incident_id AND incident.ring = c.ring AND incident.region_path && c.scope::bigint[]
    ORDER BY c.incident_id, c.ring, c.proof, c.at
), first AS (
    INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)
    SELECT incident_id, ring, proof, user_id, seat_id, at FROM claim
    ON CONFLICT DO NOTHING
    RETURNING incident_id, ring, proof
)
SELECT claim.*, first.incident_id IS NOT NULL AS first FROM claim LEFT JOIN first USING (incident_id, ring, proof)
"""
