"""One virtual device: what it is, what it shows, which presses it has not got rid of. Pure.

A press stays until it is acknowledged. `received` is shown only then, `taken` only when the server says that somebody took
the incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

MAX_PENDING = 20
MAX_SEQ = 9999
RESTS_AFTER = timedelta(seconds=15)
RESTS_AFTER_ALARM = timedelta(seconds=90)
"""How long `received` is shown when no incident of this device says otherwise."""


class Key(StrEnum):
    """What can happen to a device."""

    RED = "red"
    GREEN = "green"
    CANCEL = "cancel"
    FALL = "fall"
    SMOKE = "smoke"
    BATTERY = "battery"
    TEST = "test"
    POWER = "power"
    """The mains have failed: no key, but all devices say so at once."""


class Look(StrEnum):
    """What the device shows to its bearer."""

    IDLE = "idle"
    SENDING = "sending"
    RECEIVED = "received"
    TAKEN = "taken"


ALARM_KEYS = frozenset({Key.RED, Key.FALL, Key.SMOKE})
_COMMON = (Key.BATTERY, Key.TEST)
KEYS: Mapping[str, tuple[Key, ...]] = MappingProxyType(
    {
        "pendant": (Key.RED, Key.CANCEL, *_COMMON),
        "bedside_button": (Key.RED, Key.CANCEL, *_COMMON),
        "elder_phone": (Key.RED, Key.GREEN, Key.CANCEL, Key.FALL, *_COMMON),
        "fall_detector": (Key.FALL, Key.RED, Key.CANCEL, *_COMMON),
        "smoke_detector": (Key.SMOKE, *_COMMON),
    }
)
"""Keys of each kind of device, the one that matters first."""


@dataclass(frozen=True, slots=True)
class Device:
    """Who the device is; `key` is its AES key, `over` is dc09 or http."""

    identifier: str
    over: str
    kind: str
    key: bytes | None = None
    source_name: str = ""
    resident: str = ""
    resident_latin: str = ""
    home: str = ""
    home_en: str = ""
    phone: str = ""
    """The number it rings from, where it can ring: that of its card, else its owner's."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """What can be pressed; a hub has one red key."""
        return KEYS.get(self.kind, (Key.RED, *_COMMON))


@dataclass(frozen=True, slots=True)
class Press:
    """One press: the same id, number and time in every repeat."""

    id: str
    key: Key
    seq: int
    pressed_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """What has become of the presses of one device. `text` is a code that the page puts into words."""

    look: Look = Look.IDLE
    pending: tuple[Press, ...] = ()
    seq: int = 0
    attempt: int = 0
    last_key: Key | None = None
    pressed_at: datetime | None = None
    received_at: datetime | None = None
    received_ms: int | None = None
    incident: int | None = None
    text: str = ""


def read_device(row: Mapping[str, Any]) -> Device:
    """A row of demo-devices.json. Raises ValueError or KeyError when it is not one."""
    return Device(
        identifier=str(row["identifier"]),
        over=str(row["source"]),
        kind=str(row["kind"]),
        key=bytes.fromhex(row["key"]) if row.get("key") else None,
        source_name=str(row.get("source_name") or row["source"]),
        resident=row.get("resident") or "",
        resident_latin=row.get("resident_latin") or "",
        home=row.get("home") or "",
        home_en=row.get("home_en") or "",
        phone=row.get("phone") or "",
    )


def pressed(state: State, key: Key, press_id: str, now: datetime) -> State:
    """A key was pressed. Beyond MAX_PENDING unanswered presses the device takes no more."""
    if len(state.pending) >= MAX_PENDING:
        return state
    seq = state.seq % MAX_SEQ + 1
    return replace(
        state,
        look=Look.SENDING,
        pending=(*state.pending, Press(press_id, key, seq, now)),
        seq=seq,
        attempt=state.attempt if state.pending else 0,
        last_key=key,
        pressed_at=now,
        received_at=None,
        received_ms=None,
        text="",
    )


def attempted(state: State) -> State:
    """The oldest press goes out (again)."""
    return replace(state, attempt=state.attempt + 1)


def unanswered(state: State, why: str) -> State:
    """No acknowledgement came."""
    return replace(state, text=why)


def acknowledged(state: State, press: Press, now: datetime) -> State:
    """The server has this press on disk."""
    pending = tuple(other for other in state.pending if other.id != press.id)
    received_ms = round((now - press.pressed_at).total_seconds() * 1000)
    return replace(
        state,
        look=Look.SENDING if pending else Look.RECEIVED,
        pending=pending,
        attempt=0,
        received_at=now,
        received_ms=received_ms,
        text="",
    )


def heard_of_incident(state: State, number: int, incident_state: str) -> State:
    """The server tells of the newest incident of this device. A closed one counts only if it was open before."""
    if state.pending:
        return state
    if incident_state == "closed":
        if state.incident != number:
            return state
        return replace(state, look=Look.IDLE, incident=None, text="")
    look = Look.RECEIVED if incident_state == "waiting" else Look.TAKEN
    return replace(state, look=look, incident=number)


def rested(state: State, now: datetime) -> State:
    """`received` goes out by itself after a while, unless an incident of this device is open."""
    if state.look is not Look.RECEIVED or state.incident is not None or state.received_at is None:
        return state
    after = RESTS_AFTER_ALARM if state.last_key in ALARM_KEYS else RESTS_AFTER
    return replace(state, look=Look.IDLE) if now - state.received_at >= after else state


def view(device: Device, state: State) -> dict[str, object]:
    """What the demo page shows of a device."""
    return {
        "identifier": device.identifier,
        "source": device.over,
        "kind": device.kind,
        "keys": device.keys,
        "encrypted": device.key is not None,
        "resident": device.resident,
        "resident_latin": device.resident_latin,
        "home": device.home,
        "home_en": device.home_en,
        "phone": device.phone,
        "state": state.look,
        "pending": len(state.pending),
        "attempt": state.attempt,
        "pressed_at": state.pressed_at,
        "received_ms": state.received_ms,
        "text": state.text,
    }


def to_json(state: State) -> dict[str, object]:
    """For the state file."""
    return {
        "seq": state.seq,
        "last_key": state.last_key,
        "pending": [
            {"id": p.id, "key": p.key, "seq": p.seq, "pressed_at": p.pressed_at.isoformat()}
            for p in state.pending
        ],
    }


def from_json(row: Mapping[str, Any]) -> State:
    """A device after a restart: it goes on sending what was not acknowledged."""
    pending = tuple(
        Press(p["id"], Key(p["key"]), int(p["seq"]), datetime.fromisoformat(p["pressed_at"]))
        for p in row["pending"]
    )
    return State(
        look=Look.SENDING if pending else Look.IDLE,
        pending=pending,
        seq=int(row["seq"]),
        last_key=Key(row["last_key"]) if row.get("last_key") else None,
        pressed_at=pending[-1].pressed_at if pending else None,
    )
