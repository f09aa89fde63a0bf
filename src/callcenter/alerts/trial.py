"""The test alarm with which a site sees that alarms ring at its seats: a signal of nobody, always in test. Pure.

Its subject is its own, so that it never meets anything real, and nothing real is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from callcenter.alerts.called import office_signal
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.signals import Kind, Signal
from callcenter.regions.tree import RegionSettings

TRIAL: Final = "trial"
"""Name and kind of its source, how it came, and what its subject begins with."""
_REPEATED_WITHIN_S: Final = 24 * 3_600


def source_of_trial(region_id: int) -> SourceRef:
    """The source of test alarms, of whatever region."""
    return SourceRef(TRIAL, TRIAL, region_id, _REPEATED_WITHIN_S)


def trial_signal(command_id: UUID, user: tuple[int, str]) -> Signal:
    """As a device in test would send it, with who has sent it."""
    raw = orjson.dumps({"trial": command_id, "user_id": user[0]})
    return office_signal(
        command_id, Kind.SOS, raw, identifier=TRIAL, text=None, called=_called(user)
    )


def nobody_in_need(
    command_id: UUID, user: tuple[int, str], region_path: tuple[int, ...], settings: RegionSettings
) -> Caller:
    """No home, no people, nobody to tell."""
    return Caller(
        subject=f"{TRIAL}:{command_id}",
        device_id=None,
        home_id=None,
        resident_id=None,
        region_id=region_path[-1],
        region_path=region_path,
        settings=settings,
        lat=None,
        lng=None,
        card={"people": [], "address": "", "called": dict(_called(user))},
    )


def is_trial(card: Mapping[str, Any]) -> bool:
    """Whether an incident with this card is the test alarm of a site."""
    called = card.get("called")
    return isinstance(called, Mapping) and called.get("way") == TRIAL


def _called(user: tuple[int, str]) -> Mapping[str, Any]:
    """The fields of shown.Called."""
    return MappingProxyType({"way": TRIAL, "user_id": user[0], "user": user[1]})
