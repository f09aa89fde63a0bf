"""A span of time out of the tables, as a night: what came in, what people did, who sat where, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from callcenter.core.errors import Invalid
from callcenter.replaying.canonical import canonical
from callcenter.replaying.night import Night, What
from callcenter.replaying.world import read_world

LEASE: Final = timedelta(seconds=6)
"""After its process has died a seat counts as manned for so long."""
LONGEST: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Site:
    """What is not in the tables."""

    zone: str
    release: str
    taker_gone_s: float


Rows = Sequence[Mapping[str, Any]]


async def read_night(
    connection: asyncpg.Connection, since: datetime, until: datetime, now: datetime, site: Site
) -> Night:
    """In one snapshot that changes nothing: what came in within the span, and how it went on until `now`. Raises Invalid for a span that this release cannot tell whole."""
    if until - since > LONGEST:
        raise Invalid(f"the span is {until - since} long: at most {LONGEST.days} days are a night")
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await _Reading(connection, since, until, now).night(site)


class _Reading:
    def __init__(
        self, connection: asyncpg.Connection, since: datetime, until: datetime, now: datetime
    ) -> None:
        self._connection = connection
        self._since, self._until, self._now = since, until, now

    async def _rows(self, query: str, *more: object) -> list[dict[str, Any]]:
        rows = await self._connection.fetch(query, self._since, self._now, *more)
        return [row["told"] for row in rows]

    async def night(self, site: Site) -> Night:
        incidents = [row["id"] for row in await self._connection.fetch(_INCIDENTS, *self._span)]
        await self._refuse_unknown_commands(incidents)
        signals = await self._rows(_SIGNALS, incidents, self._until)
        tables = {name: await self._rows(query, incidents) for name, query in _TABLES.items()}
        told = await self._rows(_ANSWERS, incidents, self._until)
        answers = [_without_link(row) for row in told]
        tables["journal"] = [_without_link(row) for row in signals]
        lines: dict[What, Sequence[Any]] = {
            What.WORLD: [one async for one in read_world(self._connection, self._since)],
            What.SIGNAL: _with_keys(signals),
            What.COMMAND: await self._rows(_COMMANDS, incidents),
            What.ANSWER: told,
            What.SEAT: await self._seats(),
            What.PROOF: await self._rows(_PROOFS, incidents),
            What.TEXT: tables["sms_message"],
            What.ACT: await self._rows(_ACTS, incidents),
            What.SAID: canonical({**tables, "sms_inbound": answers}),
        }
        return Night(await self._header(site, lines), lines)

    @property
    def _span(self) -> tuple[datetime, datetime]:
        return self._since, self._until

    async def _refuse_unknown_commands(self, incidents: Sequence[Any]) -> None:
        last = await self._connection.fetchval(_UNTOLD_COMMANDS, incidents)
        if last is not None:
            raise Invalid(
                f"until {last:%Y-%m-%d %H:%M:%S}Z commands were kept by a release that did not keep what was sent with them:"
                " choose a later --since",
                code="night_not_kept",
            )

    async def _seats(self) -> list[dict[str, Any]]:
        """As they stood when the night began, what changed, and what a dead process could not note."""
        changes = await self._rows(_SEATS)
        ends = {row["process_id"]: row["until"] for row in await self._connection.fetch(_LIVED)}
        open_seats: dict[str, dict[str, Any]] = {}
        for row in changes:
            open_seats[row["seat_id"]] = row
        for row in list(open_seats.values()):
            died = ends.get(row["process_id"])
            if not row["gone"] and died is not None and died + LEASE < self._now:
                changes.append({**row, "at": (died + LEASE).isoformat(), "gone": True})
        return sorted(changes, key=lambda row: datetime.fromisoformat(row["at"]))

    async def _header(self, site: Site, lines: Mapping[What, Sequence[Any]]) -> dict[str, Any]:
        left_out = await self._connection.fetchrow(_LEFT_OUT, *self._span)
        return {
            "since": self._since.isoformat(),
            "until": self._until.isoformat(),
            "ends": _last(lines).isoformat(),
            "zone": site.zone,
            "release": site.release,
            "tables": await self._connection.fetchval(_REVISION),
            "taker_gone_s": site.taker_gone_s,
            "invented": False,
            "awake": await self._rows(_AWAKE),
            "lines": {what.value: len(found) for what, found in lines.items()},
            "left_out": dict(left_out),
        }


def _last(lines: Mapping[What, Sequence[Any]]) -> datetime:
    """When the last thing of the night happened."""
    told: list[str] = []
    told += [row["stored_at"] for row in lines[What.SIGNAL]]
    told += [row["handled_at"] for row in lines[What.ANSWER]]
    told += [row["at"] for what in (What.COMMAND, What.PROOF, What.ACT) for row in lines[what]]
    return max(map(datetime.fromisoformat, told), default=datetime.min.replace(tzinfo=UTC))


def _without_link(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the table alone."""
    return {name: value for name, value in row.items() if name not in _BESIDE}


_BESIDE = frozenset({"key", "subject", "number", "resident_id", "entry", "mode"})


def _with_keys(signals: Rows) -> list[dict[str, Any]]:
    """A repeat has the key of what it repeats: the same bytes of the same source. What has none any more gets one of its own."""
    keys: dict[tuple[str, str], str] = {}
    made = []
    for row in signals:
        own = (row["source"], row["raw"])
        known = keys.get(own) if row["outcome"] == "duplicate" else None
        key = row["key"] or known or row["id"].replace("-", "")
        keys[own] = key
        made.append({**row, "key": key})
    return made


# Incidents that began in the span, by a signal of the span; drills and test alarms of a site are exercises of their own.
_INCIDENTS = """
SELECT incident.id FROM incident
WHERE opened_at >= $1 AND opened_at < $2 AND mode <> 'drill' AND source <> 'trial'
  AND EXISTS (SELECT FROM journal WHERE journal.incident_id = incident.id AND journal.outcome = 'opened' AND journal.stored_at >= $1)
"""

_SIGNALS = """
SELECT to_jsonb(one) || jsonb_build_object(
    'key', (SELECT encode(key, 'hex') FROM signal_dedup WHERE journal_id = one.id), 'subject', incident.subject,
    'number', incident.number, 'resident_id', incident.resident_id, 'mode', incident.mode, 'entry', (
        SELECT number FROM timeline_entry AS said WHERE said.incident_id = one.incident_id AND said.data->>'journal_id' = one.id::text
    )
) AS told
FROM journal AS one LEFT JOIN incident ON incident.id = one.incident_id
WHERE one.stored_at >= $1 AND one.stored_at < $2 AND one.source NOT IN ('drill', 'trial')
  AND (one.incident_id = ANY($3::uuid[]) OR one.incident_id IS NULL AND one.stored_at < $4)
ORDER BY one.stored_at, one.id
"""

_LEFT_OUT = """
SELECT (SELECT count(*) FROM journal WHERE stored_at >= $1 AND stored_at < $2 AND source IN ('drill', 'trial')) AS exercises,
       (SELECT count(*) FROM journal JOIN incident ON incident.id = incident_id
        WHERE stored_at >= $1 AND stored_at < $2 AND opened_at < $1) AS signals_of_earlier_incidents,
       (SELECT count(*) FROM timeline_entry WHERE at >= $1 AND at < $2 AND kind = 'relocated') AS incidents_moved_to_another_home,
       (SELECT count(*) FROM timeline_entry WHERE at >= $1 AND at < $2 AND kind = 'recognised') AS callers_recognised_later,
       (SELECT count(*) FROM storm WHERE since >= $1 AND since < $2) AS storms
"""

_TABLES: Mapping[str, str] = {
    "incident": "SELECT to_jsonb(one) AS told FROM incident AS one WHERE id = ANY($3::uuid[]) AND opened_at BETWEEN $1 AND $2",
    "timeline_entry": "SELECT to_jsonb(one) AS told FROM timeline_entry AS one WHERE incident_id = ANY($3::uuid[]) AND at >= $1 AND at < $2",
    "incident_plan": "SELECT to_jsonb(one) AS told FROM incident_plan AS one WHERE incident_id = ANY($3::uuid[]) AND started_at >= $1 AND started_at < $2",
    "sms_message": "SELECT to_jsonb(one) AS told FROM sms_message AS one WHERE reference = ANY($3::uuid[]) AND created_at >= $1 AND created_at < $2",
}

_ANSWERS = """
SELECT to_jsonb(one) || jsonb_build_object('entry', (
    SELECT min(number) FROM timeline_entry AS said
    WHERE said.incident_id = one.reference AND said.kind = 'reply' AND said.data->>'inbound_id' = one.id::text
)) AS told
FROM sms_inbound AS one
WHERE received_at >= $1 AND handled_at < $2 AND reader = 'incident'
  AND (reference = ANY($3::uuid[]) OR reference IS NULL AND received_at < $4)
ORDER BY received_at, id
"""

_UNTOLD_COMMANDS = (
    "SELECT max(at) FROM incident_command WHERE incident_id = ANY($1::uuid[]) AND body IS NULL"
)

_COMMANDS = """
SELECT to_jsonb(one) AS told FROM incident_command AS one
WHERE incident_id = ANY($3::uuid[]) AND at >= $1 AND at < $2 ORDER BY at, version
"""

_SEATS = """
SELECT to_jsonb(one) AS told FROM (
    SELECT * FROM (
        SELECT DISTINCT ON (seat_id) * FROM seat_change WHERE at < $1 AND at > $1 - interval '1 day' ORDER BY seat_id, id DESC
    ) AS before WHERE NOT gone
    UNION ALL SELECT * FROM seat_change WHERE at >= $1 AND at < $2
) AS one ORDER BY at, id
"""

_LIVED = "SELECT process_id, max(until) AS until FROM watch_span GROUP BY process_id"

_AWAKE = """
SELECT to_jsonb(ARRAY[since, until]) AS told FROM watch_span WHERE until > $1 AND since < $2 ORDER BY since
"""

_PROOFS = """
SELECT to_jsonb(one) - 'changed_xid' AS told FROM incident_proof AS one
WHERE incident_id = ANY($3::uuid[]) AND at >= $1 AND at < $2 ORDER BY at, ring, proof
"""

# An answer is written down when it is handled; what opened or joined was a signal.
_ACTS = """
SELECT jsonb_build_object('at', at, 'entry', min(number)) AS told FROM timeline_entry
WHERE incident_id = ANY($3::uuid[]) AND user_id IS NULL AND kind NOT IN ('opened', 'joined', 'reply') AND at >= $1 AND at < $2
GROUP BY at ORDER BY at
"""

_REVISION = "SELECT version_num FROM alembic_version"
