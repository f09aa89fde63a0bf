"""Counts calls in one pass over those of the days asked for, by the index of when they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.hotline.announcement import PREFIX
from callcenter.hotline.figures.counted import (
    AGAIN_WITHIN,
    WITHIN_S,
    CallFigures,
    CallFiguresRow,
    CallFiguresView,
    CountedBy,
    FirstCallsRow,
    FirstCallsView,
    Within,
    completed,
    span,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls: of these days of the site, in these regions and below; of one line or one kind of lines where it is said."""

    from_day: date
    until_day: date
    regions: frozenset[int]
    line: str | None = None
    kind: str | None = None

    def params(self, zone: ZoneInfo, now: datetime) -> dict[str, object]:
        """Raises Invalid `span_out_of_bounds`."""
        begin, end = span(self.from_day, self.until_day, zone)
        return {
            "begin": begin,
            "end": end,
            "zone": zone.key,
            "now": now,
            "regions": sorted(self.regions),
            "line": self.line,
            "kind": self.kind,
        }


async def read_figures(
    session: AsyncSession, asked: Asked, by: CountedBy, zone: ZoneInfo, now: datetime
) -> CallFiguresView:
    """The whole, and by what it is asked for. Raises Invalid `span_out_of_bounds`."""
    found = await session.execute(text(_figures(by)), asked.params(zone, now))
    rows = [dict(row) for row in found.mappings()]
    total = next((row for row in rows if row["is_total"]), {})
    parts = [CallFiguresRow(**_named(row), **_counted(row)) for row in rows if not row["is_total"]]
    return CallFiguresView(
        at=now,
        from_day=asked.from_day,
        until_day=asked.until_day,
        timezone=zone.key,
        by=by,
        total=CallFigures(**_counted(total)),
        rows=completed(by, parts, asked.from_day, asked.until_day),
    )


async def read_first_calls(
    session: AsyncSession, asked: Asked, zone: ZoneInfo, now: datetime
) -> FirstCallsView:
    """By model, the most failures first. Raises Invalid `span_out_of_bounds`."""
    params = {**asked.params(zone, now), "again": AGAIN_WITHIN}
    rows = (await session.execute(text(_FIRST_CALLS), params)).mappings()
    return FirstCallsView(
        at=now,
        from_day=asked.from_day,
        until_day=asked.until_day,
        timezone=zone.key,
        rows=[FirstCallsRow(**row) for row in rows],
    )


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": row["key"], "name": row["name"] or "", "name_en": row["name_en"] or ""}


def _counted(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: row[name] for name in CallFigures.model_fields if row.get(name) is not None}
    within = [Within(seconds=each, calls=row.get(f"within_{each}") or 0) for each in WITHIN_S]
    return {**fields, "within": within}


_KEYS: Final[Mapping[CountedBy, str]] = {
    CountedBy.HOUR: "extract(hour FROM offered_at AT TIME ZONE :zone)::int",
    CountedBy.DAY: "(offered_at AT TIME ZONE :zone)::date",
    CountedBy.LINE: "call.line",
    CountedBy.KIND: "call.kind",
    CountedBy.SEAT: "answered_by",
    CountedBy.DISPOSITION: "call.disposition",
}
_NAMES: Final[Mapping[CountedBy, tuple[str, str]]] = {
    CountedBy.LINE: (
        "line.name AS name, coalesce(nullif(line.name_en, ''), line.name) AS name_en",
        "LEFT JOIN line ON line.number = counted.key",
    ),
    CountedBy.SEAT: (
        "app_user.name AS name, app_user.name_en AS name_en",
        "LEFT JOIN app_user ON app_user.id = counted.key",
    ),
    CountedBy.DISPOSITION: (
        "disposition.zh AS name, disposition.en AS name_en",
        "LEFT JOIN disposition ON disposition.code = counted.key",
    ),
}
_WITHIN: Final = ", ".join(
    f"count(*) FILTER (WHERE came AND waited <= interval '{seconds} s') AS within_{seconds}"
    for seconds in WITHIN_S
)
_CHOSEN: Final = """
    offered_at >= :begin AND offered_at < :end
    AND call.region_id IN (SELECT id FROM region WHERE path && CAST(:regions AS bigint[]))
    AND (CAST(:line AS text) IS NULL OR call.line = :line) AND (CAST(:kind AS text) IS NULL OR call.kind = :kind)
"""
_MEASURES: Final = f"""
    count(*) FILTER (WHERE came) AS offered,
    count(*) FILTER (WHERE came AND waited IS NOT NULL) AS answered,
    count(*) FILTER (WHERE came AND waited IS NULL AND is_over) AS abandoned,
    count(*) FILTER (WHERE came AND waited IS NULL AND NOT is_over) AS waiting,
    {_WITHIN},
    extract(epoch FROM sum(waited) FILTER (WHERE came)) AS waited_s,
    extract(epoch FROM max(coalesce(waited, coalesce(ended_at, :now) - offered_at)) FILTER (WHERE came)) AS longest_wait_s,
    extract(epoch FROM sum(talked) FILTER (WHERE came)) AS talk_s,
    count(talked) FILTER (WHERE came) AS talked,
    extract(epoch FROM sum(wrapped) FILTER (WHERE came)) AS wrap_up_s,
    count(wrapped) FILTER (WHERE came) AS wrapped_up,
    count(*) FILTER (WHERE came AND effective) AS effective,
    count(*) FILTER (WHERE came AND effective IS NOT NULL) AS filed,
    count(*) FILTER (WHERE came AND effective IS NULL AND is_over AND waited IS NOT NULL) AS to_be_filed,
    count(*) FILTER (WHERE came AND effective IS NULL AND is_over AND waited IS NULL) AS missed_open,
    count(*) FILTER (WHERE came AND source = 'read_back') AS read_back,
    count(*) FILTER (WHERE came AND source = 'by_hand') AS by_hand,
    count(*) FILTER (WHERE came AND source = 'simulated') AS simulated,
    count(*) FILTER (WHERE direction = 'out') AS placed,
    count(*) FILTER (WHERE direction = 'out' AND waited IS NOT NULL) AS placed_answered,
    extract(epoch FROM sum(talked) FILTER (WHERE direction = 'out')) AS placed_talk_s,
    count(*) FILTER (WHERE direction = 'automatic') AS automatic,
    count(*) FILTER (WHERE direction = 'automatic' AND was_heard) AS automatic_answered
"""

_WAS_HEARD: Final = rf"""
    CASE WHEN direction = 'automatic' AND call.pbx_call ~ '^{PREFIX}[0-9a-f-]{{36}}-[0-9]{{1,9}}$' THEN EXISTS (
        SELECT FROM voice_attempt AS one WHERE one.answered_at IS NOT NULL
        AND one.voice_call_id = CAST(substr(call.pbx_call, {len(PREFIX) + 1}, 36) AS uuid)
        AND one.n = CAST(substr(call.pbx_call, {len(PREFIX) + 38}) AS bigint)
    ) ELSE false END
"""
"""Whether whatever picked up an automatic call heard it: nobody of the centre has answered, so the row of the call does not say it."""


def _figures(by: CountedBy) -> str:
    """One pass for the whole and its parts; names are put to what was counted."""
    names, join = _NAMES.get(by, ("'' AS name, '' AS name_en", ""))
    return f"""
    WITH seen AS (
        SELECT {_KEYS[by]} AS key, direction, source, offered_at, ended_at, direction = 'in' AS came, state = 'ended' AS is_over,
               answered_at - offered_at AS waited,
               CASE WHEN answered_at IS NOT NULL THEN ended_at - answered_at END AS talked,
               CASE WHEN answered_at IS NOT NULL THEN wrapped_up_at - ended_at END AS wrapped,
               disposition.effective, {_WAS_HEARD} AS was_heard
        FROM call LEFT JOIN disposition ON disposition.code = call.disposition
        WHERE {_CHOSEN}
    ), counted AS (
        SELECT grouping(key) = 1 AS is_total, key, {_MEASURES} FROM seen GROUP BY GROUPING SETS ((), (key))
    )
    SELECT counted.*, counted.key::text AS key, {names} FROM counted {join}
    """  # noqa: S608 - only parts of this file


_FIRST_CALLS: Final = f"""
WITH red AS (
    SELECT call.id, device_id, incident_id, offered_at, answered_at, ended_at, call.region_id, call.line, call.kind,
           lag(offered_at) OVER (PARTITION BY device_id ORDER BY offered_at, call.id) AS before
    FROM call
    WHERE kind = 'red' AND direction = 'in' AND device_id IS NOT NULL
      AND offered_at >= CAST(:begin AS timestamptz) - CAST(:again AS interval) AND offered_at < :end
), first AS (
    SELECT *, answered_at IS NULL AND ended_at IS NOT NULL AS failed FROM red AS call
    WHERE {_CHOSEN} AND (before IS NULL OR before < offered_at - CAST(:again AS interval))
), tried AS (
    SELECT first.*,
        EXISTS (
            SELECT 1 FROM call AS again
            WHERE again.device_id = first.device_id AND again.kind = 'red' AND again.direction = 'in' AND again.answered_at IS NOT NULL
              AND again.offered_at > first.offered_at AND again.offered_at <= first.offered_at + CAST(:again AS interval)
        ) AS repeated,
        EXISTS (
            SELECT 1 FROM call AS back
            WHERE back.incident_id = first.incident_id AND back.direction = 'out'
              AND back.answered_at BETWEEN first.offered_at AND first.offered_at + CAST(:again AS interval)
        ) AS rung_back
    FROM first
)
SELECT device.kind AS device_kind, device.model AS model, count(*) AS first_calls,
       count(*) FILTER (WHERE failed) AS failed,
       count(*) FILTER (WHERE failed AND repeated) AS reached_by_repeat,
       count(*) FILTER (WHERE failed AND NOT repeated AND rung_back) AS reached_by_call_back
FROM tried JOIN device ON device.id = tried.device_id
GROUP BY device.kind, device.model ORDER BY failed DESC, first_calls DESC, device_kind, model
"""  # noqa: S608 - only parts of this file
