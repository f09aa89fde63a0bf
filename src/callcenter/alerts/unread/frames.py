"""What a device has sent within a day, byte by byte, with what was understood of it and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.unread.grouping import SHOWN_BYTES, printed
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict
from callcenter.devices.inventory import device_in_sight
from callcenter.devices.models import Device
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.devices.standing import in_test
from callcenter.residents.access import Asking
from callcenter.residents.schemas import View

KEPT_FOR: Final = timedelta(days=1)
LOOKED_AT: Final = 200_000
"""Rows of the journal, the newest: it has no index by device, because each would cost every alarm."""
MOST_SHOWN: Final = 100

PRESSES: Final = frozenset(
    kind
    for kind, signal_class in CLASS_OF.items()
    if signal_class in (SignalClass.ALARM, SignalClass.SERVICE) or kind is Kind.TEST
)
"""What somebody does to a device on purpose; a life sign or a low battery shows no key that works."""

STRENGTHS: Final = ("strength", "signal", "rssi", "csq", "dbm")
BATTERIES: Final = ("battery", "battery_percent", "battery_level", "batt", "voltage")


class FrameView(View):
    """`kind` null: it was not understood, and `reason` says why. `number`, `mode`: of the incident it belongs to."""

    at: datetime
    stored_at: datetime
    occurred_at: datetime | None
    kind: str | None
    outcome: JournalOutcome
    text: str | None
    lat: float | None
    lng: float | None
    flags: list[str]
    reason: str | None
    battery: str | None
    strength: str | None
    extra: dict[str, Any]
    number: int | None
    mode: IncidentMode | None
    size: int
    hex: str
    printed: str


class FramesView(View):
    """The newest first. `looked_at`: how many of the newest signals of everybody were looked at."""

    items: list[FrameView]
    looked_at: int = LOOKED_AT


async def list_frames(asking: Asking, device_id: int, since: datetime | None) -> FramesView:
    """Of the last day, or stored since a moment within it. Raises NotFound."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES)
    found = await _frames(
        asking, device, max(since or asking.now - KEPT_FOR, asking.now - KEPT_FOR)
    )
    path = await asking.path_of(device.region_id)
    if found or since is None:  # who waits for a press asks every second, and has seen nothing yet
        await asking.note("frames_seen", f"device:{device_id}", path, {"frames": len(found)})
    return FramesView(items=found)


async def tick_off(asking: Asking, device_id: int) -> Device:
    """It was pressed in test and its frame has arrived. Raises NotFound, Conflict `not_in_test` and `nothing_came`."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    if device_id not in await in_test(asking.session, [device_id], asking.now):
        raise Conflict("It is not in test.", code="not_in_test")
    since = await asking.session.scalar(text(_BEGAN), {"id": device_id, "now": asking.now})
    frames = await _frames(asking, device, since or asking.now - KEPT_FOR)
    pressed = next((each for each in frames if each.kind in PRESSES), None)
    if pressed is None:
        raise Conflict("Nothing has come from it since the test began.", code="nothing_came")
    device.tried_at = pressed.at
    device.version += 1
    await asking.session.flush()
    path = await asking.path_of(device.region_id)
    await asking.note("device_tried", f"device:{device_id}", path)
    return device


async def _frames(asking: Asking, device: Device, since: datetime) -> list[FrameView]:
    parts = {
        "id": device.id,
        "source": device.source,
        "identifier": device.identifier,
        "since": since,
        "looked_at": LOOKED_AT,
        "bytes": SHOWN_BYTES,
        "most": MOST_SHOWN,
    }
    rows = await asking.session.execute(text(_FRAMES), parts)
    return [_view(row) for row in rows.mappings()]


def _view(row: Mapping[Any, Any]) -> FrameView:
    extra = row["extra"] if isinstance(row["extra"], dict) else {}
    return FrameView(
        **{name: row[name] for name in _COPIED},
        battery=measured(extra, BATTERIES),
        strength=measured(extra, STRENGTHS),
        extra=extra,
        hex=row["raw"].hex(" "),
        printed=printed(row["raw"]),
    )


_COPIED: Final = (
    *("at", "stored_at", "occurred_at", "kind", "outcome", "text", "lat", "lng", "flags", "reason"),
    *("number", "mode", "size"),
)


def measured(extra: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """What a device says of itself under one of these names, in any letters. Pure."""
    known = {str(name).lower(): value for name, value in extra.items()}
    values = (known.get(name) for name in names)
    return next((str(value) for value in values if isinstance(value, str | int | float)), None)


# The tail of an index by time, never the whole journal; what came before it was registered counts too.
_FRAMES = """
SELECT newest.received_at AS at, newest.stored_at, newest.occurred_at, newest.kind, newest.outcome, newest.text, newest.lat, newest.lng,
       newest.flags, newest.reason, newest.extra, incident.number, incident.mode,
       octet_length(newest.raw) AS size, substring(newest.raw FROM 1 FOR :bytes) AS raw
FROM (SELECT * FROM journal WHERE stored_at > :since ORDER BY stored_at DESC LIMIT :looked_at) AS newest
LEFT JOIN incident ON incident.id = newest.incident_id
WHERE newest.device_id = :id OR (newest.source = :source AND upper(newest.identifier) = upper(:identifier))
ORDER BY newest.received_at DESC
LIMIT :most
"""

_BEGAN = """
SELECT max(from_at) FROM test_period
WHERE ended_at IS NULL AND from_at <= :now AND until_at > :now
  AND (subject = 'device' AND subject_id = :id OR subject = 'home' AND subject_id IN (
      SELECT home_id FROM device_assignment
      WHERE device_id = :id AND valid_from <= :now AND (valid_until IS NULL OR valid_until > :now)
  ))
"""
