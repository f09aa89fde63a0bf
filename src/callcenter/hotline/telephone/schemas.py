"""What consoles send and get of telephones and calls."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field

from callcenter.core.written import Written
from callcenter.devices.callers import Whose
from callcenter.hotline.telephone.telephones import TelephoneKind

WAY: Final = "/ws/v1/voice"

Number = Annotated[str, Field(pattern=r"^\+?[0-9*#]{2,20}$", examples=["+8613900000088"])]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class TelephoneView(BaseModel):
    """With what the page registers, anew each time it is asked. `exchange`: whether the exchange answers now."""

    exchange: bool
    kind: TelephoneKind
    name: str
    password: str
    realm: str
    way: str = WAY
    desk: str
    desk_phones: list[str]


class ChooseTelephone(Written):
    kind: TelephoneKind
    desk: Annotated[str, Field(max_length=31)] = ""
    """The name of a desk telephone, where that is the kind."""


class Dial(Written):
    number: Number
    incident_id: UUID | None = None
    line: Annotated[str | None, Field(max_length=21)] = None
    """Whose number is shown; none: the first of one's regions."""


class Dialled(BaseModel):
    id: UUID


class PassOn(Written):
    user_id: RowId | None = None
    """Nobody: it waits for whoever is free."""


class Consult(Written):
    user_id: RowId


class Add(Written):
    number: Number


class Keys(Written):
    digits: Annotated[str, Field(pattern=r"^[0-9*#]{1,32}$", examples=["1"])]


class ListenIn(Written):
    whisper: bool = False
    """The operator alone hears whoever listens in."""
    barge: bool = False
    """Everybody does."""


class Attach(Written):
    """One of the ids, as `whose` says."""

    whose: Whose
    resident_id: RowId | None = None
    contact_id: RowId | None = None
    staff_id: RowId | None = None
    organisation_id: RowId | None = None
    device_id: RowId | None = None
    home_id: RowId | None = None
