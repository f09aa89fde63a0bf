"""Proofs that an alarm reached a human's senses: the first `seen` and the first `sounding` per incident and ring (G4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.encoding import array_literal
from callcenter.core.held import LOST
from callcenter.seats.hub import Hub, Seat
from callcenter.seats.messages import Rung

GATHER_S = 0.1

ProofKind = Literal["seen", "sounding"]


@dataclass(frozen=True, slots=True)
class _Proof:
    incident_id: UUID
    ring: int
    proof: ProofKind
    user_id: int
    seat_id: UUID
    at: datetime
    scope: str
    """The seat's regions, as an array literal."""


class Proofs:
    """Gathers what consoles answer and writes it a few times a second; most answers are not the first and cost nothing."""

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._known: set[tuple[UUID, int, str]] = set()
        self._known_before: set[tuple[UUID, int, str]] = set()
        self._waiting: list[_Proof] = []
        self._wake = asyncio.Event()

    def take(self, seat: Seat, proof: ProofKind, rungs: Iterable[Rung]) -> None:
        """A seat says it shows, or sounds, these."""
        at = self._clock.now()
        scope = array_literal(sorted(seat.scope))
        for rung in rungs:
            key = (rung.incident_id, rung.ring, proof)
            if key in self._known or key in self._known_before:
                continue
            self._known.add(key)
            self._waiting.append(
                _Proof(*key[:2], proof, seat.principal.user_id, seat.seat_id, at, scope)
            )
        if self._waiting:
            self._wake.set()

    def turn(self) -> None:
        """Forget what nobody will prove again."""
        self._known_before, self._known = self._known, set()

    async def wait(self) -> None:
        """Until there is something to write."""
        await self._wake.wait()
        await asyncio.sleep(GATHER_S)

    async def cycle(self, connection: asyncpg.Connection) -> None:
        """Write what waits, push what was first."""
        self._wake.clear()
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            rows = await connection.fetch(_WRITE, *zip(*map(_columns, batch), strict=True))
        except LOST:  # anything else would fail again, and hold up the proofs of all seats
            self._waiting = batch + self._waiting
            self._wake.set()
            raise
        for row in rows:
            _measure(row)
        await self._hub.tell_scoped(
            "proofs", "proofs", [(row["region_path"], _view(row)) for row in rows]
        )


def _columns(proof: _Proof) -> tuple[object, ...]:
    return (
        proof.incident_id,
        proof.ring,
        proof.proof,
        proof.user_id,
        proof.seat_id,
        proof.at,
        proof.scope,
    )


def _view(row: asyncpg.Record) -> dict[str, Any]:
    return {key: row[key] for key in ("incident_id", "ring", "proof", "user_id", "at")}


def _measure(row: asyncpg.Record) -> None:
    if row["ring"] != 1:
        return
    seconds = (row["at"] - row["opened_at"]).total_seconds()
    seen = row["proof"] == "seen"
    histogram = metrics.STORED_TO_SEEN_SECONDS if seen else metrics.STORED_TO_SOUNDING_SECONDS
    histogram.observe(max(0.0, seconds))


_WRITE = """
WITH first AS (
    INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)
    SELECT DISTINCT ON (incident_id, p.ring, proof) incident_id, p.ring, proof, user_id, seat_id, at
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::uuid[], $6::timestamptz[], $7::text[])
         AS p(incident_id, ring, proof, user_id, seat_id, at, scope)
    JOIN incident ON incident.id = incident_id AND incident.region_path && p.scope::bigint[]
    ORDER BY incident_id, p.ring, proof, at
    ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT first.*, incident.region_path, incident.opened_at
FROM first JOIN incident ON incident.id = first.incident_id
"""
