"""The one vocabulary of signals that every protocol is read into. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a device or caller says; codes of other protocols are mapped to these at the edge."""

    SOS = "sos"
    HELP = "help"
    FALL = "fall"
    INACTIVITY = "inactivity"
    SMOKE = "smoke"
    GAS = "gas"
    WATER = "water"
    MEDICAL = "medical"
    INTRUSION = "intrusion"
    CANCEL = "cancel"
    RESTORE = "restore"
    TEST = "test"
    HEARTBEAT = "heartbeat"
    LOW_BATTERY = "low_battery"
    POWER_FAIL = "power_fail"
    POWER_RESTORE = "power_restore"
    TAMPER = "tamper"
    TECHNICAL = "technical"
    INFORMATION = "information"
    UNKNOWN = "unknown"


class SignalClass(StrEnum):
    """Which sort of incident a signal opens or joins; `record` opens none."""

    ALARM = "alarm"
    TECHNICAL = "technical"
    SERVICE = "service"
    RECORD = "record"


CLASS_OF: Mapping[Kind, SignalClass] = MappingProxyType(
    {
        Kind.SOS: SignalClass.ALARM,
        Kind.FALL: SignalClass.ALARM,
        Kind.INACTIVITY: SignalClass.ALARM,
        Kind.SMOKE: SignalClass.ALARM,
        Kind.GAS: SignalClass.ALARM,
        Kind.WATER: SignalClass.ALARM,
        Kind.MEDICAL: SignalClass.ALARM,
        Kind.INTRUSION: SignalClass.ALARM,
        Kind.UNKNOWN: SignalClass.ALARM,  # a code nobody has mapped may be the one that matters
        Kind.HELP: SignalClass.SERVICE,  # the green key
        Kind.LOW_BATTERY: SignalClass.TECHNICAL,
        Kind.POWER_FAIL: SignalClass.TECHNICAL,
        Kind.TAMPER: SignalClass.TECHNICAL,
        Kind.TECHNICAL: SignalClass.TECHNICAL,
        Kind.CANCEL: SignalClass.RECORD,
        Kind.RESTORE: SignalClass.RECORD,
        Kind.TEST: SignalClass.RECORD,
        Kind.HEARTBEAT: SignalClass.RECORD,
        Kind.POWER_RESTORE: SignalClass.RECORD,
        Kind.INFORMATION: SignalClass.RECORD,
    }
)

# 1 is the most urgent. The queue is ordered by it, then by age.
PRIORITY_OF: Mapping[Kind, int] = MappingProxyType(
    dict.fromkeys(Kind, 3)
    | {Kind.SOS: 1, Kind.SMOKE: 1, Kind.GAS: 1, Kind.MEDICAL: 1, Kind.FALL: 1, Kind.UNKNOWN: 1}
    | {Kind.INACTIVITY: 2, Kind.WATER: 2, Kind.INTRUSION: 2}
)


GRAVITY: Mapping[Kind, int] = MappingProxyType(
    {
        kind: place
        for place, kind in enumerate(
            (
                Kind.SMOKE,
                Kind.GAS,
                Kind.SOS,
                Kind.MEDICAL,
                Kind.FALL,
                Kind.INTRUSION,
                Kind.WATER,
                Kind.INACTIVITY,
                Kind.UNKNOWN,
            )
        )
    }
)
"""Of alarms, the gravest first: it heads an incident of several. An unmapped code rings like the gravest, but says least."""


class Datum(StrEnum):
    """Geodetic datum of a position as the source sends it; stored positions are always WGS-84."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Position:
    """WGS-84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One message of a device, decoded: who says it (`identifier`, as the device names itself), what, and when.

    `occurred_at` is the device's own word and may be wrong or missing. `dedup_key` holds what makes a repeat of this
    very message recognisable (bytes, not meaning). `flags` are remarks such as `clock_off` that never reject a signal.
    `peer` is the address it came from, where the device itself is on the line and not a platform that speaks for many.
    `also` are further names that the message gives: the first that is registered is who calls, else it is `identifier`.
    """

    identifier: str
    kind: Kind
    dedup_key: bytes
    raw: bytes
    occurred_at: datetime | None = None
    position: Position | None = None
    text: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    peer: str | None = None
    also: tuple[str, ...] = ()
