"""What the page of an incident shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import Incident, Outcome
from callcenter.alerts.milestones import Milestones
from callcenter.alerts.shown import SHOWN, ShownProof, ShownSms
from callcenter.alerts.storm_shown import StormView
from callcenter.devices.callers import Number
from callcenter.devices.signals import Kind
from callcenter.regions.tree import RegionSettings


class Service(StrEnum):
    """Whom an operator calls: a card for each, with what that dispatcher asks."""

    AMBULANCE = "ambulance"
    FIRE = "fire"
    POLICE = "police"


_FIRE = frozenset({Kind.SMOKE, Kind.GAS})


def services_for(kinds: Sequence[str]) -> tuple[Service, ...]:
    """All of them, in the order in which these kinds of alarm ask for them."""
    first = []
    if not _FIRE.isdisjoint(kinds):
        first.append(Service.FIRE)
    if Kind.INTRUSION in kinds:
        first.append(Service.POLICE)
    return (*first, *(service for service in Service if service not in first))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whom to call where it happened, as they are dialled there; of an unknown caller by the region of its source."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    ambulance: str = ""
    fire: str = ""
    police: str = ""
    hotline: str = ""

    @classmethod
    def of(cls, settings: RegionSettings) -> Numbers:
        """Of a region, with what it inherits."""
        return cls(
            settings.ambulance_number,
            settings.fire_number,
            settings.police_number,
            settings.hotline,
        )


@dataclass(frozen=True, slots=True)
class FromMemory:
    """Whom one can telephone, as it was known before the database went away; nobody where they may not see profiles."""

    since: datetime
    """When the database went away: what was changed later is not known here."""
    numbers: Sequence[Number]


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """One incident with everything its page shows."""

    incident: Incident
    entries: Sequence[Entry]
    messages: Sequence[ShownSms]
    proofs: Sequence[ShownProof]
    numbers: Numbers
    services: Sequence[Service]
    needs_reason: Sequence[Outcome] = ()
    """Outcomes that nothing recorded so far explains: closing with one of them needs a note."""
    operators: Mapping[str, str] = field(default_factory=dict)
    """English names of those whom it names, by user id, where they have one."""
    milestones: Milestones | None = None
    storm: StormView | None = None
    """The storm that it is part of."""
    from_memory: FromMemory | None = None
    """Null: it comes from the database, as the profile does."""
