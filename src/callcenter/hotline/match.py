"""Whom a number belongs to, as a seat sees it before anybody has answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """In what capacity somebody has that number."""

    RESIDENT = "resident"
    CONTACT = "contact"
    DEVICE = "device"
    """The number of its SIM."""
    STAFF = "staff"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One of those who have a number. `lat` and `lng` are WGS-84 degrees; contacts and devices stand at the home that they belong to."""

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
