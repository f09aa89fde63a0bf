"""What is written of a call and its telephones, and in which statement. What a row has got stays: of what is told later, more is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.writers import CONTENDED, STORE_REFUSES
from callcenter.core.encoding import clean, encode_text
from callcenter.core.errors import Unavailable
from callcenter.core.held import LOST
from callcenter.devices.callers import Match
from callcenter.hotline.call import Call, Leg
from callcenter.hotline.call_looks import WRITE_LOOKS, looks_of
from callcenter.hotline.models import Source

log = structlog.get_logger(__name__)

Key = tuple[str, str]
"""The exchange, and its name of the call."""


@dataclass(slots=True)
class KeptLeg:
    """One telephone, from when until when it was part of the call."""

    leg: Leg
    called_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class Kept:
    """A call as it was told last, with every telephone that it has had."""

    call: Call
    source: Source = Source.LIVE
    legs: dict[str, KeptLeg] = field(default_factory=dict)
    tries: int = 0
    changes: int = 0
    seen_by: dict[int, datetime] = field(default_factory=dict)
    """Who has taken it, and when first."""

    def hear(self, call: Call, now: datetime) -> None:
        """It has changed."""
        self.call, self.changes = call, self.changes + 1
        if call.taken_by is not None:
            self.seen_by.setdefault(call.taken_by, now)
        for leg in call.legs.values():
            self._hear_leg(leg, now)
        for id_, kept in self.legs.items():
            if id_ not in call.legs and kept.ended_at is None:
                kept.ended_at = call.ended_at or now

    def _hear_leg(self, leg: Leg, now: datetime) -> None:
        kept = self.legs.get(leg.id)
        if kept is None:
            kept = self.legs[leg.id] = KeptLeg(leg, leg.since or now)
        kept.leg = leg
        if leg.is_up and kept.answered_at is None:
            kept.answered_at = max(leg.since or now, kept.called_at)


async def write(connection: asyncpg.Connection, batch: Sequence[Kept]) -> Mapping[Key, bool]:
    """What was written, and whether with all that is known of its incident; those that the database refuses are missing. Raises what
    says that it is away.
    """
    try:
        return await _write(connection, batch)
    except LOST:
        raise
    except (*STORE_REFUSES, *CONTENDED) as error:
        raise Unavailable(f"The database does not write: {error}", code="not_stored") from error
    except (asyncpg.PostgresError, TypeError, ValueError) as error:
        if len(batch) == 1:
            log.warning("call_refused", call=batch[0].call.pbx_call, reason=str(error))
            return {}
    written: dict[Key, bool] = {}
    for one in batch:
        written |= await write(connection, [one])
    return written


async def _write(connection: asyncpg.Connection, batch: Sequence[Kept]) -> Mapping[Key, bool]:
    async with connection.transaction():
        rows = await connection.fetch(_CALLS, encode_text([_row(one) for one in batch]))
        found = {(row["pbx"], row["pbx_call"]): row for row in rows}
        ids = {_key(one): found[_stored_key(one)] for one in batch}
        legs = [
            _leg(ids[_key(one)]["id"], leg)
            for one in batch
            for leg in one.legs.values()
        ]  # fmt: skip
        if legs:
            await connection.execute(_LEGS, encode_text(legs))
        looks = [
            look
            for one in batch
            for user, at in one.seen_by.items()
            for look in looks_of(replace(one.call, id=ids[_key(one)]["id"]), [user], at)
        ]
        if looks:
            await connection.execute(WRITE_LOOKS, encode_text(looks))
    wanted = {_key(one): one.call.incident_id for one in batch}
    return {key: incident is None or ids[key]["incident_id"] is not None for key, incident in wanted.items()}  # fmt: skip


def _key(kept: Kept) -> Key:
    return kept.call.pbx, kept.call.pbx_call


def _stored_key(kept: Kept) -> Key:
    return clean(kept.call.pbx), clean(kept.call.pbx_call)


def _row(kept: Kept) -> dict[str, Any]:
    call, whose = kept.call, kept.call.attached
    pbx, pbx_call = _stored_key(kept)
    return {
        "id": call.id,
        "pbx": pbx,
        "pbx_call": pbx_call,
        "source": kept.source.value,
        "direction": call.direction.value,
        "kind": call.kind.value,
        "line": clean(call.line),
        "region_id": call.region_id,
        "caller_raw": clean(call.caller.raw),
        "caller_e164": call.caller.e164,
        "presentation": call.caller.presentation.value,
        "matches": len(call.matches),
        **_whose(whose),
        "state": call.state.value,
        "offered_at": call.offered_at,
        "answered_at": call.answered_at,
        "answered_by": call.answered_by,
        "ended_at": call.ended_at,
        "cause": call.cause,
        "wrapped_up_at": call.wrapped_up_at,
        "incident_id": call.incident_id,
        "call_back_wanted": call.call_back_wanted,
    }


def _whose(match: Match | None) -> dict[str, int | None]:
    names = ("home_id", "resident_id", "contact_id", "staff_id", "organisation_id", "device_id")
    return {name: None if match is None else getattr(match, name) for name in names}


def _leg(call_id: UUID, kept: KeptLeg) -> dict[str, Any]:
    return {
        "id": clean(kept.leg.id),
        "call_id": call_id,
        "role": kept.leg.role.value,
        "user_id": kept.leg.user_id,
        "number": clean(kept.leg.number),
        "called_at": kept.called_at,
        "answered_at": kept.answered_at,
        "ended_at": kept.ended_at,
    }


_CALLS: Final = """
WITH input AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::text::json) AS i(
        id uuid, pbx text, pbx_call text, source text, direction text, kind text, line text, region_id bigint, caller_raw text,
        caller_e164 text, presentation text, matches bigint, home_id bigint, resident_id bigint, contact_id bigint, staff_id bigint,
        organisation_id bigint, device_id bigint, state text, offered_at timestamptz, answered_at timestamptz, answered_by bigint,
        ended_at timestamptz, cause bigint, incident_id uuid, call_back_wanted boolean, wrapped_up_at timestamptz
    )
)
INSERT INTO call AS held (
    id, pbx, pbx_call, source, direction, kind, line, region_id, caller_raw, caller_e164, presentation, matches, home_id, resident_id,
    contact_id, staff_id, organisation_id, device_id, state, offered_at, answered_at, answered_by, ended_at, cause, incident_id,
    call_back_wanted, wrapped_up_at
)
SELECT input.id, pbx, pbx_call, source, direction, input.kind, line,
    coalesce(
        (SELECT id FROM region WHERE region.id = input.region_id), (SELECT id FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1)
    ),
    caller_raw, caller_e164, presentation, matches,
    (SELECT id FROM home WHERE home.id = input.home_id),
    (SELECT id FROM resident WHERE resident.id = input.resident_id),
    contact_id,
    (SELECT id FROM staff WHERE staff.id = input.staff_id),
    (SELECT id FROM organisation WHERE organisation.id = input.organisation_id),
    (SELECT id FROM device WHERE device.id = input.device_id),
    input.state, offered_at,
    CASE WHEN app_user.id IS NOT NULL THEN answered_at END, app_user.id,
    ended_at, cause,
    (SELECT id FROM incident WHERE incident.id = input.incident_id),
    call_back_wanted, wrapped_up_at
FROM input LEFT JOIN app_user ON app_user.id = input.answered_by
ORDER BY pbx, pbx_call
ON CONFLICT (pbx, pbx_call) DO UPDATE SET
    caller_e164 = coalesce(held.caller_e164, excluded.caller_e164),
    matches = greatest(held.matches, excluded.matches),
    home_id = coalesce(excluded.home_id, held.home_id),
    resident_id = CASE WHEN excluded.home_id IS NULL THEN held.resident_id ELSE excluded.resident_id END,
    contact_id = CASE WHEN excluded.home_id IS NULL THEN held.contact_id ELSE excluded.contact_id END,
    staff_id = coalesce(excluded.staff_id, held.staff_id),
    organisation_id = coalesce(excluded.organisation_id, held.organisation_id),
    device_id = coalesce(excluded.device_id, held.device_id),
    state = CASE WHEN held.state = 'ended' OR excluded.state = 'ringing' THEN held.state ELSE excluded.state END,
    answered_at = coalesce(held.answered_at, excluded.answered_at),
    answered_by = coalesce(held.answered_by, excluded.answered_by),
    ended_at = coalesce(held.ended_at, excluded.ended_at),
    cause = coalesce(held.cause, excluded.cause),
    incident_id = coalesce(excluded.incident_id, held.incident_id),
    call_back_wanted = held.call_back_wanted OR excluded.call_back_wanted,
    wrapped_up_at = coalesce(held.wrapped_up_at, excluded.wrapped_up_at)
RETURNING held.id, held.pbx, held.pbx_call, held.incident_id
"""
"""What a row has got stays: it was written while the call stood, perhaps by a process that has died since."""

_LEGS: Final = """
INSERT INTO call_leg AS held (id, call_id, role, user_id, number, called_at, answered_at, ended_at)
SELECT leg.id, call_id, role, (SELECT id FROM app_user WHERE app_user.id = leg.user_id), number, called_at, answered_at, ended_at
FROM json_to_recordset($1::text::json) AS leg(
    id text, call_id uuid, role text, user_id bigint, number text, called_at timestamptz, answered_at timestamptz, ended_at timestamptz
)
ON CONFLICT (id) DO UPDATE SET
    role = excluded.role,
    user_id = coalesce(excluded.user_id, held.user_id),
    answered_at = coalesce(held.answered_at, excluded.answered_at),
    ended_at = coalesce(held.ended_at, excluded.ended_at)
"""
