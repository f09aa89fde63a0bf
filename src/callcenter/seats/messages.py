"""The wire messages of `/ws/v1/seat` and the views that REST answers with: codes and parameters, never text.

The server sends `hello`, then `snapshot`, then versioned upserts; a console ignores versions it has (design 6). Unknown
fields are ignored by consoles, unknown message types too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1


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
    resumed, taker_lost, step, note, assigned, reply, told, duty_told, closed; `data` holds codes and parameters.
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


class SeatView(Wire):
    """A colleague who is connected."""

    user_id: int
    name: str
    name_en: str = ""
    armed: bool


# ---- server -> console


class Hello(Wire):
    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    build: str
    seat_id: UUID
    user_id: int
    now: datetime


class Snapshot(Wire):
    """All open incidents the seat may see; replaces what the console held."""

    type: Literal["snapshot"] = "snapshot"
    incidents: list[IncidentView]
    seats: list[SeatView]
    silent_homes: list[int] = []
    """Homes with a device that should have been heard of: grey dots."""


class Upserts(Wire):
    """Changed incidents, each with the timeline entries of this change; a gap in versions means: fetch the incident."""

    type: Literal["incidents"] = "incidents"
    incidents: list[IncidentView]
    entries: list[TimelineView] = []


class Messages(Wire):
    type: Literal["sms"] = "sms"
    messages: list[SmsView]


class Proofs(Wire):
    """First `seen` and `sounding` of an incident's ring."""

    type: Literal["proofs"] = "proofs"
    proofs: list[ProofView]


class Seats(Wire):
    type: Literal["seats"] = "seats"
    seats: list[SeatView]


class SilentHomes(Wire):
    type: Literal["silent_homes"] = "silent_homes"
    home_ids: list[int]


class Beat(Wire):
    """Every 2 s. `database` false: the server cannot store; the console says so."""

    type: Literal["beat"] = "beat"
    now: datetime
    database: bool = True


ServerMessage = Annotated[
    Hello | Snapshot | Upserts | Messages | Proofs | Seats | SilentHomes | Beat,
    Field(discriminator="type"),
]

# ---- console -> server


class ClientHello(Wire):
    """First message. `build` is what the console was built as; a different one is told to reload by the console itself."""

    type: Literal["hello"] = "hello"
    protocol: int
    build: str


class Duty(Wire):
    """On or off duty: armed means that the operator pressed the button and heard the test tone."""

    type: Literal["duty"] = "duty"
    armed: bool


class Rung(Wire):
    incident_id: UUID
    ring: int


class Seen(Wire):
    """On the screen, after it was painted; gathered, at most one message per 100 ms."""

    type: Literal["seen"] = "seen"
    incidents: Annotated[list[Rung], Field(max_length=500)]


class Sounding(Wire):
    """The tone is really playing (AudioContext running)."""

    type: Literal["sounding"] = "sounding"
    incidents: Annotated[list[Rung], Field(max_length=500)]


class Pulse(Wire):
    """Sent every 2 s; a seat silent for 6 s is unmanned."""

    type: Literal["pulse"] = "pulse"


ClientMessage = Annotated[ClientHello | Duty | Seen | Sounding | Pulse, Field(discriminator="type")]
