"""Who calls: a device with the home, people and contacts behind it, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from callcenter.devices.codec import DEFAULT_RETRY_HORIZON_S
from callcenter.regions.tree import RegionSettings

UNREACHABLE = frozenset({"moved", "deceased"})
"""Nobody is texted for residents of these states, on no way (they ring all the same, and their contacts can be phoned)."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A listener or an HTTP source; callers it does not know belong to its region."""

    name: str
    kind: str
    region_id: int
    retry_horizon_s: int = DEFAULT_RETRY_HORIZON_S


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact who may be texted: rank 1 of a resident first."""

    contact_id: int
    phone: str
    language: str
    name: str
    name_latin: str


@dataclass(frozen=True, slots=True)
class Person:
    """One resident as the card shows them."""

    resident_id: int
    name: str
    name_latin: str
    sex: str | None
    birth_date: date | None
    risk: str
    status: str
    hazards: tuple[str, ...]
    hazards_en: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Everything intake needs about one device, ready to be written and pushed."""

    subject: str
    device_id: int | None
    home_id: int | None
    resident_id: int | None
    region_id: int
    region_path: tuple[int, ...]
    settings: RegionSettings
    lat: float | None
    lng: float | None
    card: Mapping[str, Any]
    people: tuple[Person, ...] = ()
    known: bool = True

    @property
    def recipients(self) -> list[tuple[Person, Recipient]]:
        """The first contact of each person the press may come from, one per number."""
        first: dict[str, tuple[Person, Recipient]] = {}
        for person in self.reachable_people:
            if person.recipients:
                first.setdefault(person.recipients[0].phone, (person, person.recipients[0]))
        return list(first.values())

    @property
    def possible_people(self) -> Sequence[Person]:
        """Whoever may have pressed: the device's own person, else everybody of the home."""
        if self.resident_id is None:
            return self.people
        return [p for p in self.people if p.resident_id == self.resident_id]

    @property
    def speaks(self) -> frozenset[str]:
        """Dialects of those, as their records say."""
        return frozenset(person.dialect for person in self.possible_people if person.dialect)

    @property
    def reachable_people(self) -> Sequence[Person]:
        """Those of them whose families may be texted; where the device's own person has moved or died, whoever still lives
        there presses it.
        """
        possible = [p for p in self.possible_people if p.status not in UNREACHABLE]
        return possible or [p for p in self.people if p.status not in UNREACHABLE]
