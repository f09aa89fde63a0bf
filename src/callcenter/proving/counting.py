"""Writes down once a minute what the listeners have counted, so that a proof can hold it against the journal: two counts of the
same, one by whoever received and one by the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

ROW_LASTS: Final = timedelta(hours=1)
"""A row grows for so long; then the next begins."""
COUNTED: Final = ("settled", "liveness", "refused", "garbage")

Counts = Mapping[tuple[str, str], int]
"""By source and what was counted."""


def heard() -> Counts:
    """What this process has counted since it began."""
    counters = (metrics.SIGNALS, metrics.LIVENESS, metrics.REFUSED, metrics.GARBAGE)
    found: Counter[tuple[str, str]] = Counter()
    for name, counter in zip(COUNTED, counters, strict=True):
        for family in counter.collect():
            for sample in family.samples:
                if sample.name.endswith("_total"):
                    source = sample.labels.get("source") or sample.labels["listener"]
                    found[source, name] += int(sample.value)
    return found


class HeardCounts:
    """The processor `heard_counts` of the alarm process."""

    name = "heard_counts"
    interval_s = 60.0

    def __init__(
        self,
        database: Database,
        process_id: UUID,
        since: datetime,
        counted: Callable[[], Counts] = heard,
    ) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._process_id = process_id
        self._counted = counted
        self._since = since
        self._before: Counts = {}

    async def run_once(self, now: datetime) -> int:
        """Make this hour's rows say what was counted so far. Those of a process that is killed lack its last minute."""
        counts = self._counted()
        new = {each: count - self._before.get(each, 0) for each, count in counts.items()}
        sources = sorted({source for (source, _), count in new.items() if count})
        lists = [[new.get((source, name), 0) for source in sources] for name in COUNTED]
        async with self.connections.use() as connection:
            await connection.execute(_STARTED)
            if sources:
                await connection.execute(
                    _COUNT, self._process_id, self._since, now, sources, *lists
                )
        if now - self._since >= ROW_LASTS:
            self._since, self._before = now, counts
        return 0


_STARTED = """
INSERT INTO database_start (started_at) SELECT pg_postmaster_start_time() ON CONFLICT DO NOTHING
"""
_COUNT = """
INSERT INTO heard_count AS old (process_id, source, since, until, settled, liveness, refused, garbage)
SELECT $1, source, $2, $3, settled, liveness, refused, garbage
FROM unnest($4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
     AS new(source, settled, liveness, refused, garbage)
ON CONFLICT (process_id, source, since) DO UPDATE SET
    until = excluded.until, settled = excluded.settled, liveness = excluded.liveness,
    refused = excluded.refused, garbage = excluded.garbage
"""
