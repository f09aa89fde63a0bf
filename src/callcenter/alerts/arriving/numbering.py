"""Numbers of incidents that rang while the database could not be asked. Each is written as it was told, where it is free.

What is not free was given by a commit whose answer was lost, or by another server. It is replaced by a number that nobody here has told, for
all of a batch at once: one that the sequence gives would be the number of an alarm that rings from memory and is still to be written, so
that each would push away the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival
from callcenter.alerts.open_incidents import OpenIncidents


async def own_numbers(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival], incidents: OpenIncidents
) -> list[Arrival]:
    """The arrivals with numbers that can be written; no number that was told here comes from the sequence any more."""
    told = {a.incident_id: number for a in arrivals if (number := _told(a))}
    if not told:
        return list(arrivals)
    row = await connection.fetchrow(_TAKEN, list(told), list(told.values()))
    incidents.highest_number = max(incidents.highest_number, row["highest"], *told.values())
    taken = set(row["taken"])
    fit = [
        _with(a, incidents.next_number()) if told.get(a.incident_id) in taken else a
        for a in arrivals
    ]
    await _pass(connection, incidents.highest_number)
    return fit


def _told(arrival: Arrival) -> int:
    """0: none, or the watchdog's, which are its own."""
    rang = arrival.rang
    return max(rang.number or 0, 0) if rang is not None else 0


def _with(arrival: Arrival, number: int) -> Arrival:
    return replace(arrival, rang=arrival.rang and replace(arrival.rang, number=number))


async def _pass(connection: asyncpg.Connection, given: int) -> None:
    reached = await connection.fetchval("SELECT nextval('incident_number_seq')")
    if reached < given:
        await connection.execute(_DRAW, given - reached)


_TAKEN = """
SELECT coalesce(array_agg(incident.number) FILTER (WHERE incident.id IS NOT NULL), '{}') AS taken,
       (SELECT coalesce(max(number), 0) FROM incident) AS highest
FROM unnest($1::uuid[], $2::bigint[]) AS told(id, number)
LEFT JOIN incident ON incident.number = told.number AND incident.id <> told.id
"""

_DRAW = "SELECT nextval('incident_number_seq') FROM generate_series(1, $1::bigint)"
