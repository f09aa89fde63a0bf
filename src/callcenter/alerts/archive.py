"""An incident as it is read: with its timeline, its texts and proofs, for those who may see it, with the look written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.alerts.detail import IncidentDetail, Numbers, services_for
from callcenter.alerts.entries import ENTRY_COLUMNS, KIND_OF, Archived, Entry
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.alerts.milestones import milestones
from callcenter.alerts.storm import storm_of
from callcenter.alerts.storm_shown import (
    STORM_COLUMNS,
    STORM_JOINED,
    StormView,
    storm_in,
    storm_view,
)
from callcenter.audit.trail import record_raw
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.clock import Clock
from callcenter.core.errors import NotFound
from callcenter.core.held import HeldConnections
from callcenter.regions.tree import RegionRow, RegionSettings, settings_along
from callcenter.sms import views as sms_views


@dataclass(frozen=True, slots=True)
class Archive:
    """Port of the API: what lists and prints incidents. Its connections are not those of the commands."""

    connections: HeldConnections
    clock: Clock
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, from where and when: for the audit trail."""

    principal: Principal
    address: str
    at: datetime


async def read_incident(connection: asyncpg.Connection, incident_id: UUID) -> Incident:
    """The row as it is now. Raises NotFound."""
    row = await connection.fetchrow(_READ, incident_id)
    if row is None:
        raise NotFound(f"There is no incident {incident_id}.", what="incident")
    return Incident.of(row)


async def find_incident(
    connection: asyncpg.Connection, incident_id: UUID, principal: Principal, action: Action
) -> Incident:
    """The incident, if the user may do this to it. Raises NotFound otherwise."""
    incident = await read_incident(connection, incident_id)
    principal.find(action, incident.region_path, "incident", incident.subjects)
    return incident


async def read_detail(connection: asyncpg.Connection, incident: Incident) -> IncidentDetail:
    """The incident with everything its page shows."""
    entries = [Entry.of(row) for row in await connection.fetch(_ENTRIES, incident.id)]
    if not entries or entries[0].number > 1:
        entries = [*await _archived(connection, incident), *entries]
    proofs = await connection.fetch(_PROOFS, incident.id)
    messages = await sms_views.of_incident(connection, incident.id)
    return IncidentDetail(
        incident,
        entries,
        [sms_views.sms_view(row) for row in messages],
        [dict(row) for row in proofs],
        await _numbers(connection, incident),
        services_for(incident.kinds),
        operators=await latin_names(
            connection, [incident.taken_by, *(entry.user_id for entry in entries)]
        ),
        milestones=milestones(incident, entries, proofs),
        storm=await read_storm(connection, incident),
    )


async def _archived(connection: asyncpg.Connection, incident: Incident) -> list[Entry]:
    """Where the entries are that went with their month: one line instead of them, so that nobody takes an empty page for the truth."""
    cuts = await connection.fetch(_CUTS, incident.id)
    return [
        Entry(incident.id, 0, cut["at"], KIND_OF[Archived], None, None, Archived(file=cut["file"]))
        for cut in cuts
    ]


async def read_storm(connection: asyncpg.Connection, incident: Incident) -> StormView | None:
    """The storm that it is or was part of."""
    rows = await connection.fetch(
        _STORMS, incident.kind, incident.mode, incident.region_path, incident.opened_at
    )
    storm = storm_of(incident, [storm_in(row) for row in rows])
    return next((storm_view(row) for row in rows if storm and row["id"] == storm.id), None)


async def latin_names(
    connection: asyncpg.Connection, user_ids: Iterable[int | None]
) -> dict[str, str]:
    """What operators are called in English, by id as JSON writes it; who has no such name is left out."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = await connection.fetch(_LATIN, list(wanted)) if wanted else ()
    return {str(row["id"]): row["name_en"] for row in rows}


async def _numbers(connection: asyncpg.Connection, incident: Incident) -> Numbers:
    rows = await connection.fetch(_REGIONS, incident.region_path)
    regions = {row["id"]: RegionRow.of(row) for row in rows}
    if not set(incident.region_path) <= regions.keys():
        return Numbers.of(RegionSettings())  # a region was moved or removed this moment
    return Numbers.of(settings_along([regions[step] for step in incident.region_path]))


async def write_look(
    connection: asyncpg.Connection, look: Look, action: str, incident: Incident
) -> None:
    """One entry of the audit trail for one incident (G8)."""
    await record_raw(
        connection,
        at=look.at,
        principal_id=look.principal.user_id,
        action=action,
        subject=f"incident:{incident.id}",
        region_ids=incident.region_path,
        address=look.address,
        detail={"home_id": incident.home_id},
    )


async def write_look_at_list(
    connection: asyncpg.Connection, look: Look, listed: Sequence[Incident]
) -> None:
    """One entry for the cards of a whole list."""
    if listed:
        await record_raw(
            connection,
            at=look.at,
            principal_id=look.principal.user_id,
            action="incidents_listed",
            subject="incidents",
            region_ids=sorted({region for one in listed for region in one.region_path}),
            address=look.address,
            detail={"home_ids": sorted({one.home_id for one in listed if one.home_id})},
        )


_READ = f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE id = $1"  # noqa: S608 constant columns

_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM timeline_entry WHERE incident_id = $1 ORDER BY number"  # noqa: S608 constant columns

_CUTS = "SELECT at, file FROM chain_cut WHERE chain = 'timeline' AND $1 >= low AND $1 < high ORDER BY at"

_REGIONS = f"SELECT {', '.join(RegionRow.__slots__)} FROM region WHERE id = ANY($1::bigint[])"  # noqa: S608 constant columns

_STORMS = f"""
SELECT {STORM_COLUMNS} FROM storm {STORM_JOINED}
WHERE storm.region_id = ANY($3::bigint[]) AND storm.kind = $1 AND storm.mode = $2 AND storm.since <= $4
  AND (storm.over_at IS NULL OR storm.last_at >= $4)
"""  # noqa: S608 constant columns

_PROOFS = "SELECT incident_id, ring, proof, user_id, at FROM incident_proof WHERE incident_id = $1 ORDER BY at"

_LATIN = "SELECT id, name_en FROM app_user WHERE id = ANY($1::bigint[]) AND name_en <> ''"
