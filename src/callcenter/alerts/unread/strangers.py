"""Unknown callers of the last month: nobody knows whose they are, and each may be somebody's only button."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from callcenter.auth.permissions import Action
from callcenter.residents.access import Asking
from callcenter.residents.schemas import View

KEPT_FOR: Final = timedelta(days=30)
LOOKED_AT: Final = 200_000
"""Rows of the journal, the newest, for what rings nowhere; of what rang all are found, by their incidents."""
MOST_SHOWN: Final = 200


class StrangerView(View):
    """A device or number that calls and is registered nowhere. `alarms`: how often it rang; `number`: of the last incident."""

    source: str
    identifier: str
    peer: str | None
    last_kind: str
    calls: int
    alarms: int
    first_at: datetime
    last_at: datetime
    number: int | None
    open: bool


async def list_strangers(asking: Asking) -> list[StrangerView]:
    """Whoever called last stands first."""
    regions = sorted(asking.principal.regions(Action.MANAGE_DEVICES))
    parts = {
        "regions": regions,
        "since": asking.now - KEPT_FOR,
        "looked_at": LOOKED_AT,
        "most": MOST_SHOWN,
    }
    rows = await asking.session.execute(text(_STRANGERS), parts)
    found = [StrangerView.model_validate(dict(row)) for row in rows.mappings()]
    await asking.note("strangers_listed", "strangers", regions, {"total": len(found)})
    return found


_STRANGERS = """
WITH calls AS (
    SELECT source, coalesce(identifier, '') AS identifier, subject, kind, opened_at AS began, last_signal_at AS at,
           press_count AS calls, 1 AS alarms, number, state <> 'closed' AS open
    FROM incident
    WHERE opened_at >= :since AND starts_with(subject, 'caller:') AND source NOT IN ('office', 'telephone') AND home_id IS NULL
      AND mode <> 'drill' AND region_path && CAST(:regions AS bigint[])
    UNION ALL
    SELECT newest.source, coalesce(newest.identifier, ''), '', newest.kind, newest.received_at, newest.received_at,
           1, 0, NULL, false
    FROM (SELECT * FROM journal WHERE stored_at >= :since ORDER BY stored_at DESC LIMIT :looked_at) AS newest
    JOIN source ON source.name = newest.source
    JOIN region ON region.id = source.region_id
    WHERE newest.device_id IS NULL AND newest.home_id IS NULL AND newest.incident_id IS NULL
      AND newest.kind IS NOT NULL AND newest.identifier <> '' AND region.path && CAST(:regions AS bigint[])
)
SELECT source, identifier, max(nullif(split_part(subject, '@', 2), '')) AS peer,
       (array_agg(kind ORDER BY at DESC))[1] AS last_kind,
       sum(calls)::bigint AS calls, sum(alarms)::bigint AS alarms, min(began) AS first_at, max(at) AS last_at,
       max(number) AS number, bool_or(open) AS open
FROM calls
WHERE NOT EXISTS (
    SELECT FROM device WHERE device.source = calls.source AND lower(device.identifier) = lower(calls.identifier)
)
GROUP BY source, identifier, split_part(subject, '@', 2)
ORDER BY max(at) DESC
LIMIT :most
"""
