"""What is shown beside an incident, on the board and by REST: card, texts, proofs. Codes and parameters, never text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

SHOWN = ConfigDict(json_schema_serialization_defaults_required=True)
"""What is shown always has all its fields, whether or not they have defaults here."""


class Wire(BaseModel):
    model_config = SHOWN


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


class Called(Wire):
    """How a call came that no device has sent, as the operator `user` was told. `phone` is E.164 where it is a number."""

    way: str
    phone: str | None = None
    caller: str | None = None
    place: str | None = None
    contact_id: int | None = None
    user_id: int
    user: str


class ByTelephone(Wire):
    """A key that dialled. `call`: the exchange's name of it, behind that of the exchange; `number` as it was signalled, E.164 where it
    is a number, null: withheld; `contact` rings for the resident.
    """

    call: str
    line: str
    number: str | None = None
    at: datetime
    contact_id: int | None = None
    contact: str = ""
    relation: str = ""
    relation_en: str = ""


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
    peer: str | None = None
    """The address an unknown caller calls from: two of one name at two addresses are two homes."""
    called: Called | None = None
    """Of what was opened by hand."""
    telephoned: ByTelephone | None = None
    """Of what was opened by a key that dials."""


@dataclass(frozen=True, slots=True)
class DocumentedAs:
    """Plain values, ready for JSON, that the OpenAPI document describes as this type."""

    shape: type[BaseModel]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(self.shape)


ShownCard = Annotated[Mapping[str, Any], DocumentedAs(Card)]


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


ShownSms = Annotated[Mapping[str, Any], DocumentedAs(SmsView)]
ShownProof = Annotated[Mapping[str, Any], DocumentedAs(ProofView)]
