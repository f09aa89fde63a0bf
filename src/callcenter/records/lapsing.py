"""Facts that end on a day to come: on that day today's copy at the resident follows by itself."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections


class LapsedFacts:
    """The processor `lapsed_facts` of the office: looks once a day of the site, and after a start."""

    name = "lapsed_facts"
    interval_s = 60.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._zone = zone
        self._looked_on: date | None = None
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Zero always: what has ended was copied with one look."""
        local = now.astimezone(self._zone)
        if local.date() == self._looked_on:
            return 0
        async with self.connections.use() as connection, connection.transaction():
            await connection.execute(_SAY, local.date().isoformat(), local.isoformat())
            await connection.execute(_COPY, local.date())
            await connection.execute(_COPY_MORE, local.date())
        self._looked_on = local.date()
        return 0


_SAY = """
SELECT set_config('callcenter.today', $1, true), set_config('callcenter.at', $2, true),
       set_config('callcenter.source', 'clock', true)
"""
_COPY = """
SELECT copy_facts(ended.resident_id) FROM (
    SELECT DISTINCT fact.resident_id
    FROM resident_fact AS fact JOIN resident ON resident.id = fact.resident_id
    WHERE fact.withdrawn_at IS NULL AND fact.until_day <= $1
      AND (fact.kind = 'welfare' AND fact.value = ANY (resident.welfare)
           OR fact.kind = 'living' AND fact.value = resident.living
           OR fact.kind = 'ability' AND fact.value = resident.ability)
    ORDER BY 1
) AS ended
"""
_COPY_MORE = """
SELECT copy_more_facts(ended.resident_id) FROM (
    SELECT DISTINCT fact.resident_id
    FROM resident_fact AS fact JOIN resident ON resident.id = fact.resident_id
    WHERE fact.withdrawn_at IS NULL AND fact.until_day <= $1
      AND (fact.kind = 'disability' AND fact.value = resident.disability
           OR fact.kind = 'retiree' AND fact.from_day = resident.retired_on
           OR fact.kind = 'party_member' AND fact.from_day = resident.party_joined_on)
    ORDER BY 1
) AS ended
"""
"""Both only of those who still show what has ended; most show it by another fact, and nothing is written."""
