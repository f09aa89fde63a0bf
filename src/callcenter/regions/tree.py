"""What a region inherits from those above it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.regions.duty_shifts import DutyPhone, OnDuty, on_duty, phones_of
from callcenter.regions.policies import (
    EscalationPolicy,
    policies_along,
    policies_of,
    policy_for,
)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One node of the tree; `path` holds the ids from the root down to it. None in a setting: as the parent has it."""

    id: int
    parent_id: int | None
    path: tuple[int, ...]
    level: str
    name: str
    name_en: str
    hotline: str | None = None
    ambulance_number: str | None = None
    fire_number: str | None = None
    police_number: str | None = None
    sms_policy: str | None = None
    contact_policy: str | None = None
    next_contact_s: int | None = None
    follow_min: int | None = None
    service_due_s: int | None = None
    sms_signature: str | None = None
    sms_signature_en: str | None = None
    duty_numbers: tuple[str, ...] = ()
    duty_shifts: Mapping[str, DutyPhone] = field(default_factory=dict)
    escalation: Mapping[int, EscalationPolicy] = field(default_factory=dict)
    storm_alarms: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> RegionRow:
        """From a database row of the same columns."""
        values = {name: row[name] for name in cls.__slots__}
        values["path"] = tuple(values["path"])
        values["duty_numbers"] = tuple(values["duty_numbers"])
        values["duty_shifts"] = phones_of(values["duty_shifts"])
        values["escalation"] = policies_of(values["escalation"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """What holds in a region once everything is inherited. `sms_policy` at_once unless somebody decided otherwise."""

    hotline: str = ""
    ambulance_number: str = "120"
    fire_number: str = "119"
    police_number: str = "110"
    sms_policy: str = "at_once"
    contact_policy: str = "one_by_one"
    next_contact_s: int = 180
    """Without an answer the next contact is told after so many seconds; 0: never by itself."""
    follow_min: int = 20
    """Whoever is followed is called again after so many minutes."""
    service_due_s: int = 600
    """Whoever asks for service is to be called back within so many seconds."""
    sms_signature: str = ""
    sms_signature_en: str = ""
    duty_numbers: tuple[str, ...] = ()
    """The whole list, in the order in which it is called."""
    duty_shifts: Mapping[str, DutyPhone] = field(default_factory=dict)
    """Whose phones they are, and when; of the region that has the list."""
    escalation: Mapping[int, EscalationPolicy] = field(default_factory=dict)
    storm_alarms: int = 10
    """More technical alarms of a kind than so many in a minute are a storm, one line of the queue; 0: never."""

    def on_duty(self, now: datetime) -> tuple[OnDuty, ...]:
        """Who is called now, where nobody takes an alarm."""
        return on_duty(self.duty_numbers, self.duty_shifts, now)

    def duty_at(self, now: datetime) -> tuple[str, ...]:
        """Their numbers."""
        return tuple(one.number for one in self.on_duty(now))

    def policy(self, priority: int) -> EscalationPolicy:
        """Who is called when, to an alarm of this priority."""
        return policy_for(self.escalation, priority)


def resolve_settings(regions: Mapping[int, RegionRow], region_id: int) -> RegionSettings:
    """Each setting from the nearest region upwards that has it."""
    return settings_along([regions[step] for step in regions[region_id].path])


_UNSAID: tuple[object, ...] = (None, "", ())


def settings_along(path: Sequence[RegionRow]) -> RegionSettings:
    """The same for the last of these regions, which lie below each other from the root down."""
    found: dict[str, Any] = {}
    for name in RegionSettings.__slots__:
        own = (getattr(region, name) for region in reversed(path))
        value = next((said for said in own if said not in _UNSAID), None)
        if value is not None:
            found[name] = value
    lists = (region.duty_shifts for region in reversed(path) if region.duty_numbers)
    found["duty_shifts"] = next(lists, {})
    found["escalation"] = policies_along([region.escalation for region in path])
    return RegionSettings(**found)
