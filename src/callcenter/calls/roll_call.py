"""A roll-call after an outage: windows that the server itself knows of, whom it would call, and the list made of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from callcenter.auth.permissions import Action
from callcenter.calls import missed
from callcenter.calls.item import ListKind
from callcenter.calls.lists import list_of
from callcenter.calls.missed import Chosen, Home, Missed
from callcenter.calls.models import CallList
from callcenter.calls.outage import Window, gaps
from callcenter.calls.policy import STANDARD
from callcenter.calls.schemas import CallListView, OutageView, RollCallBody
from callcenter.calls.statement import statement
from callcenter.calls.writing import person_of
from callcenter.core.errors import Invalid
from callcenter.residents.access import Asking

MOST_HOMES: Final = 20_000
LOOKED_BACK_DAYS: Final = 14
PRESSED_WITHIN_DAYS: Final = 180


async def windows(asking: Asking) -> list[OutageView]:
    """What the system proposes: when no server could store alarms, and listeners whose devices are all silent, newest first."""
    spans = await asking.session.execute(_SPANS, {"days": LOOKED_BACK_DAYS})
    now = await asking.session.scalar(statement("SELECT clock_timestamp()"))
    own = [
        OutageView(since=w.since, until=w.until, source=None) for w in gaps(map(tuple, spans), now)
    ]
    parts = {"now": asking.now, "missed": STANDARD[ListKind.SILENT_DEVICE].after}
    silent = await asking.session.execute(_SILENT_SOURCES, parts)
    return [*own, *(OutageView.model_validate(dict(row)) for row in silent.mappings())]


async def preview(asking: Asking, body: RollCallBody) -> missed.Totals:
    """How many it would be. Raises Invalid `window_reversed`, `too_many_homes`."""
    return missed.totals(await _whom(asking, body))


async def make(asking: Asking, body: RollCallBody, zone: tzinfo) -> CallListView:
    """The list, due at once. Raises Invalid `nobody_to_call`, and as `preview` does."""
    listed = await _whom(asking, body)
    if not listed:
        raise Invalid("By these reasons there is nobody to call.", code="nobody_to_call")
    row = CallList(
        kind=ListKind.ROLL_CALL,
        name=body.name,
        region_id=body.region_id,
        active=True,
        since=body.since,
        until=body.until,
        source=body.source,
        created_at=asking.now,
        created_by=asking.principal.user_id,
    )
    asking.session.add(row)
    await asking.session.flush()
    await asking.session.execute(_WRITE, _columns(row.id, listed, asking, zone))
    path = await asking.path_of(body.region_id)
    detail = {"homes": len(listed), "source": body.source}
    await asking.note("roll_call_made", f"call_list:{row.id}", path, detail)
    return await list_of(asking, row.id)


def _columns(
    list_id: int, listed: Sequence[Missed], asking: Asking, zone: tzinfo
) -> dict[str, Any]:
    """All of them for one statement."""
    return {
        "list_id": list_id,
        "day": asking.now.astimezone(zone).date(),
        "now": asking.now,
        "homes": [one.home_id for one in listed],
        "residents": [one.resident_id for one in listed],
        "ranks": [one.rank for one in listed],
        "reasons": ["{" + ",".join(one.reasons) + "}" for one in listed],
    }


async def _whom(asking: Asking, body: RollCallBody) -> list[Missed]:
    await asking.region(body.region_id, Action.MANAGE_CALLS)
    if not body.since < body.until <= asking.now:
        raise Invalid(
            "The outage ends after it began, and not in the future.", code="window_reversed"
        )
    window = Window(body.since, body.until, body.source)
    chosen = Chosen(frozenset(body.reasons), body.at_least)
    homes = await _homes(asking, body)
    return await asyncio.to_thread(missed.whom, homes, window, chosen, asking.now)


async def _homes(asking: Asking, body: RollCallBody) -> Iterable[Home]:
    """Every home of the region with a device that served it in the window."""
    parts: dict[str, Any] = {
        "region_id": body.region_id,
        "since": body.since,
        "until": body.until,
        "before": PRESSED_WITHIN_DAYS,
        "most": MOST_HOMES + 1,
    }
    rows = (await asking.session.execute(_HOMES, parts)).mappings().all()
    if len(rows) > MOST_HOMES:
        raise Invalid(
            f"More than {MOST_HOMES} homes: make a list for each part of this region.",
            code="too_many_homes",
            most=MOST_HOMES,
        )
    ids = {"ids": [row["id"] for row in rows]}
    residents: dict[int, list[missed.Resident]] = {}
    for person in (await asking.session.execute(_RESIDENTS, ids)).mappings():
        residents.setdefault(person["home_id"], []).append(_resident(dict(person), asking))
    return (_home(dict(row), residents.get(row["id"], [])) for row in rows)


def _resident(row: Mapping[str, Any], asking: Asking) -> missed.Resident:
    person = person_of(row, asking.now.date())
    return missed.Resident(row["id"], person, row["status"], row["has_phone"])


def _home(row: Mapping[str, Any], residents: Sequence[missed.Resident]) -> Home:
    columns = zip(row["sources"], row["heartbeats"], row["seen"], strict=True)
    devices = [missed.Device(*device) for device in columns]
    return Home(row["id"], devices, residents, row["pressed_before"], row["heard_since"])


_SPANS = statement(
    """
SELECT since, until FROM watch_span
WHERE until > clock_timestamp() - CAST(:days AS integer) * interval '1 day' ORDER BY since
"""
)

# A listener all of whose supervised devices are silent is away itself.
_SILENT_SOURCES = statement(
    """
SELECT device.source, max(seen_at) AS since, CAST(:now AS timestamptz) AS until, count(*) AS devices
FROM device JOIN device_last_seen AS seen ON seen.device_id = device.id
WHERE heartbeat_s IS NOT NULL
GROUP BY device.source
HAVING bool_and(seen_at < :now - CAST(:missed AS integer) * heartbeat_s * interval '1 second') AND count(*) > 1
ORDER BY since DESC
"""
)

_HOMES = statement(
    """
SELECT home.id, array_agg(device.source) AS sources, array_agg(device.heartbeat_s) AS heartbeats,
       array_agg(seen.seen_at) AS seen,
       EXISTS (SELECT FROM incident WHERE incident.home_id = home.id AND class = 'alarm' AND mode <> 'drill' AND opened_at < :since
               AND opened_at > :since - CAST(:before AS integer) * interval '1 day') AS pressed_before,
       EXISTS (SELECT FROM incident WHERE incident.home_id = home.id AND class = 'alarm'
               AND last_signal_at >= :since AND source NOT IN ('office', 'drill', 'telephone')) AS heard_since
FROM home
JOIN region ON region.id = home.region_id AND region.path @> ARRAY[CAST(:region_id AS bigint)]
JOIN device_assignment AS serves ON serves.home_id = home.id
    AND valid_from < :until AND (valid_until IS NULL OR valid_until > :since)
JOIN device ON device.id = serves.device_id
LEFT JOIN device_last_seen AS seen ON seen.device_id = device.id
GROUP BY home.id ORDER BY home.id LIMIT :most
"""
)

_RESIDENTS = statement(
    """
SELECT id, home_id, risk, living, ability, birth_date, status, coalesce(phone, second_phone) IS NOT NULL AS has_phone
FROM resident WHERE home_id = ANY(CAST(:ids AS bigint[])) ORDER BY id
"""
)

_WRITE = statement(
    """
INSERT INTO call_item (list_id, subject, home_id, resident_id, occurrence, due_at, rank, reasons, next_try_at)
SELECT :list_id, 'home:' || due.home_id, due.home_id, due.resident_id, :day, :now, due.rank, CAST(due.reasons AS text[]), :now
FROM unnest(CAST(:homes AS bigint[]), CAST(:residents AS bigint[]), CAST(:ranks AS bigint[]), CAST(:reasons AS text[]))
     AS due(home_id, resident_id, rank, reasons)
"""
)
