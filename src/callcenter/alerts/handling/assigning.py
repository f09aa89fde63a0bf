"""An unknown caller becomes known: the incident moves to the resident's home, the device is attached to the resident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from callcenter.alerts import telling
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.commands import By, Decision, standing
from callcenter.alerts.incident import Event, apply
from callcenter.core.errors import Conflict, NotFound
from callcenter.devices.registry import Caller
from callcenter.devices.signals import Kind


@dataclass(frozen=True, slots=True)
class Resident:
    """Who the caller is."""

    resident_id: int
    name: str
    home_id: int
    region_id: int
    region_path: tuple[int, ...]


async def find_resident(connection: asyncpg.Connection, resident_id: int) -> Resident:
    """Raises NotFound."""
    row = await connection.fetchrow(_RESIDENT, resident_id)
    if row is None:
        raise NotFound(f"There is no resident {resident_id}.", what="resident")
    return Resident(row["id"], row["name"], row["home_id"], row["region_id"], tuple(row["path"]))


async def make_known(bench: Workbench, resident: Resident) -> None:
    """A home that was written a moment ago may not be in the registry yet."""
    if bench.registry.home_caller(resident.home_id, None, bench.clock.now()) is None:
        async with bench.connections.use() as connection:
            await bench.registry.sweep(connection)


def assign(bench: Workbench, incident: Mapping[str, Any], by: By, resident: Resident) -> Decision:
    """Card, place and subject of the home; its first contact is told as if the press had come from there."""
    if incident["home_id"] is not None:
        raise Conflict("This incident belongs to a home already.", code="already_assigned")
    caller = bench.registry.home_caller(resident.home_id, resident.resident_id, bench.clock.now())
    if caller is None:
        raise NotFound(f"There is no home {resident.home_id}.", what="home")
    state = apply(standing(incident), Event.RECORD, by.actor)
    texts = (
        telling.alarm_texts(caller, Kind(incident["kind"]), incident["opened_at"])
        if incident["signal_class"] == "alarm"
        else []
    )
    data: dict[str, Any] = {"resident_id": resident.resident_id, "name": resident.name}
    if tuple(incident["region_path"]) != caller.region_path:
        data["from_path"] = list(
            incident["region_path"]
        )  # seats that saw it there may see it no more
    return Decision("assigned", data, {"state": state.value, **_place(caller, incident)}, texts)


def _place(caller: Caller, incident: Mapping[str, Any]) -> dict[str, Any]:
    card = dict(caller.card)
    if incident["card"].get("text"):
        card["text"] = incident["card"]["text"]
    return {
        "subject": caller.subject,
        "home_id": caller.home_id,
        "resident_id": caller.resident_id,
        "region_id": caller.region_id,
        "region_path": caller.region_path,
        "lat": incident["lat"] if incident["lat"] is not None else caller.lat,
        "lng": incident["lng"] if incident["lng"] is not None else caller.lng,
        "card": card,
    }


async def attach_device(
    connection: asyncpg.Connection,
    incident: Mapping[str, Any],
    resident: Resident,
    now: datetime,
) -> None:
    """From now on this device is the resident's; a device that calls somebody else already stays as it is."""
    if incident["identifier"]:
        await connection.execute(
            _ATTACH,
            resident.region_id,
            incident["source"],
            incident["identifier"],
            resident.home_id,
            resident.resident_id,
            now,
        )


_RESIDENT = """
SELECT resident.id, resident.name, resident.home_id, home.region_id, region.path
FROM resident JOIN home ON home.id = resident.home_id JOIN region ON region.id = home.region_id
WHERE resident.id = $1
"""

_ATTACH = """
WITH known AS (
    INSERT INTO device (region_id, source, identifier, kind) VALUES ($1, $2, $3, 'other')
    ON CONFLICT (source, identifier) DO UPDATE SET version = device.version + 1, region_id = excluded.region_id
    RETURNING id
)
INSERT INTO device_assignment (device_id, home_id, resident_id, valid_from)
SELECT id, $4, $5, $6 FROM known
WHERE NOT EXISTS (
    SELECT 1 FROM device_assignment AS held
    WHERE held.device_id = known.id AND (held.valid_until IS NULL OR held.valid_until > $6)
)
"""
