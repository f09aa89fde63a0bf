"""Who calls: a device with the home, people and contacts behind it, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from callcenter.devices.codec import DEFAULT_RETRY_HORIZON_S
from callcenter.regions.policies import ContactPolicy
from callcenter.regions.tree import RegionSettings

UNREACHABLE = frozenset({"moved", "deceased"})
"""Nobody is texted for residents of these states, on no way (they ring all the same, and their contacts can be phoned)."""


MOST_AT_ONCE = 5
"""Texts that one alarm sends where all contacts are told at once."""


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
class Number:
    """Somebody whom one can telephone about a resident: the resident themselves, without `contact_id`, or a contact."""

    resident_id: int
    name: str
    name_latin: str
    phone: str
    """E.164"""
    contact_id: int | None
    rank: int | None
    relation: str
    relation_en: str
    has_key: bool
    sms_consent: bool


class Whose(StrEnum):
    """In what capacity somebody has a telephone number, the surest first."""

    DEVICE = "device"
    """The number of its SIM."""
    RESIDENT = "resident"
    CONTACT = "contact"
    STAFF = "staff"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One of those who have a telephone number. Contacts and devices stand at the home that they belong to (WGS-84 degrees)."""

    whose: Whose
    name: str
    name_en: str = ""
    of: str = ""
    """The resident whom a contact belongs to, or those whom a device serves."""
    of_en: str = ""
    region_id: int
    home_id: int | None = None
    resident_id: int | None = None
    contact_id: int | None = None
    device_id: int | None = None
    staff_id: int | None = None
    organisation_id: int | None = None
    relation: str = ""
    """Of a contact to the resident; what a device or an organisation is."""
    relation_en: str = ""
    address: str = ""
    address_en: str = ""
    lat: float | None = None
    lng: float | None = None
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom an operator says it is: one of the ids."""

    whose: Whose
    resident_id: int | None = None
    contact_id: int | None = None
    staff_id: int | None = None
    organisation_id: int | None = None
    device_id: int | None = None
    home_id: int | None = None


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
    salutation: str = ""
    salutation_en: str = ""
    contact_policy: str | None = None
    """None: as the region has it."""


def by_rank(people: Sequence[Person]) -> list[tuple[int, Person, Recipient]]:
    """All who may be texted about these people, first contacts first."""
    ranked = [
        (rank, person, contact)
        for person in people
        for rank, contact in enumerate(person.recipients)
    ]
    return sorted(ranked, key=lambda item: item[0])


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
        """Whom an alarm is told to at once, each number once: the first contact of each person the press may come from, and
        where all are told at once the others by rank, up to MOST_AT_ONCE.
        """
        found: dict[str, tuple[Person, Recipient]] = {}
        for rank, person, contact in by_rank(self.reachable_people):
            if rank == 0 or (self._all_at_once(person) and len(found) < MOST_AT_ONCE):
                found.setdefault(contact.phone, (person, contact))
        return list(found.values())

    @property
    def next_contact_s(self) -> int:
        """Until, without an answer to these, the next contact is told; 0: never by itself, or nobody is left."""
        told = {contact.phone for _, contact in self.recipients}
        left = any(one.phone not in told for _, _, one in by_rank(self.reachable_people))
        return self.settings.next_contact_s if left else 0

    def _all_at_once(self, person: Person) -> bool:
        policy = person.contact_policy or self.settings.contact_policy
        return policy == ContactPolicy.ALL_AT_ONCE

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
