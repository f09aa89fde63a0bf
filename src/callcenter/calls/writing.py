"""Writes down which calls are due: well-being calls by the rule of each resident, lists of devices by their own.

A processor of the office. What it claims it locks, so that a second server writes nothing twice, and an occurrence is a day: after
a restart or a jump of the clock the same day is not written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

import asyncpg

from callcenter.calls.item import OF_DEVICES, ListKind, stale_after, state_when_written
from callcenter.calls.policy import Policies
from callcenter.calls.risk import Person, rank_of
from callcenter.calls.rule import LONGEST_GAP, Every, Occurrence, Rule, due_until, next_after
from callcenter.calls.thresholds import arguments_of, read_policies, threshold_from
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.residents.age import age_on

AT_ONCE: Final = 200
MOST_DEVICES: Final = 20_000
"""Of one list at one time."""


@dataclass(frozen=True, slots=True)
class Due:
    """A call as it is written."""

    list_id: int
    kind: ListKind
    subject: str
    home_id: int
    region_path: Sequence[int]
    resident_id: int | None
    device_id: int | None
    person: Person
    occurrence: Occurrence
    reasons: Sequence[str] = ()


class DueCalls:
    """The processor `due_calls`."""

    name = "due_calls"
    interval_s = 5.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._zone = zone
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Write what has become due; let go of what nobody holds any more, and of what it is too late for."""
        async with self.connections.use() as connection:
            written = await self._write_planned(connection, now)
            written += await self._write_listed(connection, now)
            for statement, arguments in ((_LAPSE, ()), (_MISS, (now,)), (_REOPEN, (now,))):
                await connection.execute(statement, *arguments)
        return written

    async def _write_planned(self, connection: asyncpg.Connection, now: datetime) -> int:
        """A slice of the residents whose call is due; how many there were."""
        async with connection.transaction():
            rows = await connection.fetch(_PLANS, now, AT_ONCE, *LONGEST_GAP.values())
            due = [
                _of_plan(row, occurrence, now.astimezone(self._zone).date())
                for row in rows
                if row["status"] == "home"
                for occurrence in due_until(rule_of(row), row["next_at"], now, self._zone)
            ]
            await write_due(connection, due, await read_policies(connection), now)
            following = [next_after(rule_of(row), now, self._zone).at for row in rows]
            await connection.execute(_PLANS_NEXT, [row["id"] for row in rows], following)
        return len(rows)

    async def _write_listed(self, connection: asyncpg.Connection, now: datetime) -> int:
        """One list of devices; of several occurrences that went by only the last is worth a call."""
        async with connection.transaction():
            kinds = sorted(OF_DEVICES)
            row = await connection.fetchrow(_LIST, now, kinds, *LONGEST_GAP.values())
            if row is None:
                return 0
            occurrences = due_until(rule_of(row), row["next_at"], now, self._zone)
            if occurrences:
                policies = await read_policies(connection)
                due = await self._of_devices(connection, row, policies, occurrences[-1], now)
                await write_due(connection, due, policies, now)
            following = next_after(rule_of(row), now, self._zone).at
            await connection.execute(_LIST_NEXT, row["id"], following)
        return 1

    async def _of_devices(
        self,
        connection: asyncpg.Connection,
        row: Mapping[str, Any],
        policies: Policies,
        occurrence: Occurrence,
        now: datetime,
    ) -> list[Due]:
        kind = ListKind(row["kind"])
        said = arguments_of(policies, kind) if row["days"] is None else ([], [], row["days"])
        arguments = (now, row["region_id"], row["id"], *said)
        today = now.astimezone(self._zone).date()
        return [
            Due(
                row["id"],
                kind,
                f"device:{found['device_id']}",
                found["home_id"],
                found["path"],
                found["resident_id"],
                found["device_id"],
                person_of(found, today),
                occurrence,
            )
            for found in await connection.fetch(_DEVICES[kind], *arguments)
        ]


def rule_of(row: Mapping[str, Any]) -> Rule:
    """Of a plan or a list."""
    return Rule(Every(row["every"]), row["at"], row["weekday"], row["month_day"])


def person_of(row: Mapping[str, Any], today: date) -> Person:
    """What a row of a resident says about the need for help; of nobody, where the row has none."""
    age = age_on(row["birth_date"], today)
    return Person(row["risk"] or "low", row["living"], row["ability"], age)


def _of_plan(row: Mapping[str, Any], occurrence: Occurrence, today: date) -> Due:
    return Due(
        row["list_id"],
        ListKind.WELL_BEING,
        f"resident:{row['resident_id']}",
        row["home_id"],
        row["path"],
        row["resident_id"],
        None,
        person_of(row, today),
        occurrence,
    )


def _key(one: Due) -> tuple[int, str, date]:
    return one.list_id, one.subject, one.occurrence.day


async def write_due(
    connection: asyncpg.Connection, due: Iterable[Due], policies: Policies, now: datetime
) -> None:
    """Each once, as the horizon of its region says: open, or missed from the beginning."""
    paced = ((one, policies.of(one.kind, one.region_path).pace) for one in due)
    rows = [
        (
            one.list_id,
            one.subject,
            one.home_id,
            one.resident_id,
            one.device_id,
            one.occurrence.day,
            one.occurrence.at,
            rank_of(one.kind, one.person),
            "{" + ",".join(one.reasons) + "}",
            state_when_written(pace, one.occurrence.at, now).value,
            stale_after(pace, one.occurrence.at),
        )
        for one, pace in sorted(paced, key=lambda pair: _key(pair[0]))
    ]
    if rows:
        await connection.execute(_WRITE, *zip(*rows, strict=True))


# What stands further ahead than its rule can reach was written by a clock that was wrong.
_PLANS = """
SELECT plan.id, plan.list_id, plan.resident_id, plan.every, plan.weekday, plan.month_day, plan.at, plan.next_at,
       resident.home_id, resident.status, resident.risk, resident.living, resident.ability, resident.birth_date, region.path
FROM call_plan AS plan
JOIN call_list AS list ON list.id = plan.list_id AND list.active
JOIN resident ON resident.id = plan.resident_id
JOIN home ON home.id = resident.home_id
JOIN region ON region.id = home.region_id
WHERE plan.next_at <= $1::timestamptz OR plan.next_at > $1::timestamptz + CASE plan.every
    WHEN 'daily' THEN $3::interval WHEN 'weekdays' THEN $4::interval WHEN 'weekly' THEN $5::interval ELSE $6::interval END
ORDER BY plan.next_at LIMIT $2 FOR UPDATE OF plan SKIP LOCKED
"""

_PLANS_NEXT = """
UPDATE call_plan SET next_at = following.at FROM unnest($1::bigint[], $2::timestamptz[]) AS following(id, at)
WHERE call_plan.id = following.id
"""

_LIST = """
SELECT id, kind, region_id, every, weekday, month_day, at, next_at, days FROM call_list
WHERE active AND kind = ANY($2::text[]) AND (next_at <= $1::timestamptz OR next_at > $1::timestamptz + CASE every
    WHEN 'daily' THEN $3::interval WHEN 'weekdays' THEN $4::interval WHEN 'weekly' THEN $5::interval ELSE $6::interval END)
ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""

_LIST_NEXT = "UPDATE call_list SET next_at = $2 WHERE id = $1"

_WRITE = """
INSERT INTO call_item (list_id, subject, home_id, resident_id, device_id, occurrence, due_at, rank, reasons, state, stale_at,
                       next_try_at)
SELECT list_id, subject, home_id, resident_id, device_id, occurrence, due_at, rank, reasons::text[], state, stale_at, due_at
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::date[], $7::timestamptz[], $8::bigint[],
            $9::text[], $10::text[], $11::timestamptz[])
     AS due(list_id, subject, home_id, resident_id, device_id, occurrence, due_at, rank, reasons, state, stale_at)
ON CONFLICT (list_id, subject, occurrence) DO NOTHING
"""

_LAPSE = """
UPDATE call_item SET state = 'open', leased_by = NULL, lease_until = NULL
WHERE id IN (SELECT id FROM call_item WHERE state = 'leased' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)
"""

_MISS = """
UPDATE call_item SET state = 'missed'
WHERE id IN (SELECT id FROM call_item WHERE state = 'open' AND stale_at <= $1 FOR UPDATE SKIP LOCKED)
"""

# It was called missed by a clock that was ahead.
_REOPEN = """
UPDATE call_item SET state = 'open'
WHERE id IN (SELECT id FROM call_item WHERE state = 'missed' AND stale_at > $1 FOR UPDATE SKIP LOCKED)
"""

_OF_DEVICES = f"""
SELECT device.id AS device_id, home.id AS home_id, region.path, person.id AS resident_id, person.risk, person.living, person.ability,
       person.birth_date
FROM device
JOIN device_assignment AS serves ON serves.device_id = device.id
     AND valid_from <= $1::timestamptz AND (valid_until IS NULL OR valid_until > $1)
JOIN home ON home.id = serves.home_id
JOIN region ON region.id = home.region_id AND region.path @> ARRAY[$2::bigint]
{threshold_from(4)}
LEFT JOIN device_last_seen AS seen ON seen.device_id = device.id
LEFT JOIN LATERAL (
    SELECT id, risk, living, ability, birth_date FROM resident
    WHERE home_id = home.id AND status = 'home' AND (serves.resident_id IS NULL OR id = serves.resident_id)
    ORDER BY phone IS NULL, array_position(ARRAY['high', 'medium', 'low'], risk), id LIMIT 1
) AS person ON true
WHERE NOT EXISTS (
    SELECT FROM call_item WHERE list_id = $3 AND subject = 'device:' || device.id AND state IN ('open', 'leased')
) AND
"""  # noqa: S608 constant parts

_IDLE = """
valid_from < $1::timestamptz - threshold.after * interval '1 day'
AND (seen_at IS NULL OR seen_at < $1::timestamptz - threshold.after * interval '1 day')
AND NOT EXISTS (
    SELECT FROM incident WHERE incident.home_id = home.id AND incident.device_id = device.id
        AND opened_at >= $1::timestamptz - threshold.after * interval '1 day'
)
"""

_CONDITIONS: Mapping[ListKind, str] = {
    ListKind.SILENT_DEVICE: (
        "heartbeat_s IS NOT NULL AND seen_at < $1::timestamptz - threshold.after * heartbeat_s * interval '1 second'"
    ),
    ListKind.LOW_BATTERY: "battery_low",
    ListKind.PRESS_TEST: "kind IN ('pendant', 'bedside_button', 'elder_phone', 'fall_detector')",
    ListKind.IDLE_DEVICE: _IDLE,
}

_DEVICES: Mapping[ListKind, str] = {
    kind: f"{_OF_DEVICES} {condition} ORDER BY device.id LIMIT {MOST_DEVICES}"
    for kind, condition in _CONDITIONS.items()
}
