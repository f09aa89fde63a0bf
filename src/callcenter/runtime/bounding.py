"""From the settings to the bounds of each part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import SETTINGS, Value
from callcenter.alerts.storm import StormTimes
from callcenter.api.body_bounds import KIB, MIB, BodyBounds
from callcenter.api.outside.front import Bounds as OutsideBounds
from callcenter.api.passing import Width
from callcenter.core.reserve import Reserve
from callcenter.listeners.bounds import (
    DeviceBounds,
    HeadBounds,
    RequestBounds,
    SampleBounds,
    TcpLimits,
    UdpLimits,
)
from callcenter.liveness.limits import Limits as LivenessLimits
from callcenter.seats.crowd import Limits
from callcenter.seats.talk import TalkBounds
from callcenter.settings import AlarmSettings, FieldSettings, SeatSettings, Settings

ADDED_LINES = 3
"""Who the client is, and how the body comes."""


def bodies(settings: Settings, site: Site | None = None) -> BodyBounds:
    """Of requests to the API; `site` knows how large a file may be now."""
    requests = settings.requests
    return BodyBounds(
        most=requests.body_kb * KIB,
        within_s=requests.body_within_s,
        strangers_most=requests.strangers_body_kb * KIB,
        strangers_within_s=requests.strangers_body_within_s,
        at_once=settings.limits.uploads_at_once,
        file_most=settings.imports.file_mb * MIB,
        file_mb_now=None if site is None else partial(site.number, "imports.file_mb"),
        file_within_s=requests.file_within_s,
        photo_within_s=requests.photo_within_s,
    )


def width(settings: Settings) -> Width:
    """Of the way to the office."""
    limits = settings.limits
    return Width(
        pages=limits.pages_at_once,
        pages_waiting=limits.pages_waiting,
        log_ins=limits.log_ins_at_once,
        documents=limits.documents_at_once,
    )


def devices(settings: Settings) -> DeviceBounds:
    """Of every listener."""
    given = settings.devices
    return DeviceBounds(
        requests=RequestBounds(
            _head(settings), given.signal_within_s, keep_alive_s=given.keep_alive_s
        ),
        tcp=TcpLimits(idle_s=given.idle_s, frames_in_all=given.frames_at_once),
        udp=UdpLimits(given.datagrams_at_once, given.datagrams_mb * MIB, given.datagrams_of_floods),
        samples=SampleBounds(
            given.unread_a_minute, given.unread_of_one, given.refusals_told_a_minute
        ),
        light_s=given.light_ms / 1000,
    )


def head_passed_on(settings: Settings) -> HeadBounds:
    """Of a request that comes to the office, with what the alarm process adds: what it let pass is not refused here."""
    head = _head(settings)
    return HeadBounds(head.most + KIB, head.lines + ADDED_LINES)


def _head(settings: Settings) -> HeadBounds:
    return HeadBounds(settings.requests.head_kb * KIB, settings.requests.head_lines)


def reserve(settings: Settings) -> Reserve:
    """Beside the private database; of another one nothing is known."""
    folder = settings.data_dir / "postgresql" if settings.database_url is None else None
    return Reserve(folder, settings.disk.reserve_mb * MIB)


def adjustable(settings: Settings) -> Mapping[str, Value]:
    """What may be said otherwise while the server runs."""
    said = settings.model_dump(include={name.partition(".")[0] for name in SETTINGS})
    return {name: _found(said, name) for name in SETTINGS}


def _found(said: Mapping[str, Any], name: str) -> Value:
    section, _, key = name.partition(".")
    found: Value = said[section][key] if key else said[section]
    return found


def liveness(settings: Settings) -> LivenessLimits:
    """From when on what must be alive is worth a look, and bad."""
    return LivenessLimits(**settings.liveness.model_dump())


def outside(field: FieldSettings) -> OutsideBounds:
    """Of the second listener."""
    return OutsideBounds(body_most=field.body_kb * KIB, body_within_s=field.body_within_s)


def head_outside(settings: Settings) -> HeadBounds:
    """Of a request that comes there."""
    return _head(settings)


def width_outside(field: FieldSettings) -> Width:
    """Of its way to the office."""
    return Width(
        pages=field.pages_at_once, pages_waiting=field.pages_waiting, log_ins=1, documents=1
    )


def crowd(seats: SeatSettings) -> Limits:
    """How many consoles there may be."""
    return Limits(seats.per_session, seats.per_account)


def talk(seats: SeatSettings) -> TalkBounds:
    """How much each of them may say."""
    return TalkBounds(
        seats.frames_per_s, seats.frames_at_once, seats.claims_per_s, seats.claims_at_once
    )


def storms(alarm: AlarmSettings) -> StormTimes:
    """From when on technical alarms are a storm, and until when."""
    return StormTimes(
        timedelta(seconds=alarm.storm_within_s), timedelta(seconds=alarm.storm_quiet_s)
    )
