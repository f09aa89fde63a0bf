"""The views of incidents that REST answers with and the board shows: codes and parameters, never text."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class CardPerson(Wire):
    """One person of the home; `pressed` when the device belongs to them."""

    resident_id: int
    name: str
    name_latin: str
    sex: str | None = None
    age: int | None = None
    risk: str = "low"
    status: str = "home"
    hazards: list[str] = []
    hazards_en: list[str] = []
    pressed: bool = False


class Card(Wire):
    """What is pushed with an alarm. `people` is empty for an unknown caller."""

    people: list[CardPerson] = []
    address: str = ""
    address_en: str = ""
    estate: str = ""
    building: str = ""
    building_en: str = ""
    building_id: int | None = None
    entrance: str = ""
    floor: int | None = None
    door: str = ""
    access_note: str = ""
    key_note: str = ""
    device_kind: str | None = None
    device_label: str | None = None
    text: str | None = None
    """What the device itself said, if anything."""


class IncidentView(Wire):
    """An incident as the board shows it."""

    id: UUID
    number: int
    version: int
    state: Literal["waiting", "taken", "following", "closed"]
    signal_class: Literal["alarm", "technical", "service"]
    kind: str
    priority: int
    region_id: int
    region_path: list[int]
    home_id: int | None = None
    resident_id: int | None = None
    device_id: int | None = None
    source: str
    identifier: str | None = None
    lat: float | None = None
    lng: float | None = None
    card: Card
    opened_at: datetime
    last_signal_at: datetime
    press_count: int
    ring: int
    marks: list[str] = []
    taken_by: int | None = None
    taken_by_name: str | None = None
    taken_at: datetime | None = None
    offered_to: int | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    safe_by: str | None = None
    safe_where: str | None = None


class TimelineView(Wire):
    """Entry `number` of an incident. `kind` is one of opened, joined, taken, released, offered, declined, following,
    resumed, taker_lost, relocated, step, note, assigned, reply, told, duty_told, closed; `data` holds codes and parameters.
    """

    incident_id: UUID
    number: int
    at: datetime
    kind: str
    user_id: int | None = None
    user_name: str | None = None
    data: dict[str, Any] = {}


class SmsView(Wire):
    """A text to a contact, as the timeline shows it. `recipient` is masked."""

    id: UUID
    version: int
    incident_id: UUID | None
    contact_id: int | None
    contact_name: str | None = None
    relation: str | None = None
    relation_en: str | None = None
    recipient: str
    kind: str
    state: str
    created_at: datetime
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    error: str | None = None


class ProofView(Wire):
    incident_id: UUID
    ring: int
    proof: Literal["seen", "sounding"]
    user_id: int
    at: datetime
