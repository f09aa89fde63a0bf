"""What people send and see of lists that are worked by voice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from callcenter.calls.item import CallState, ListKind
from callcenter.calls.schemas import Name
from callcenter.core.written import Written
from callcenter.hotline.call_outs.models import VoiceState

Notice = Annotated[str, Field(max_length=120)]
"""So much is spoken."""


class CallOutBody(Written):
    """Everybody at home in this region who has a telephone. `notice` belongs to notices."""

    kind: Literal[ListKind.SATISFACTION, ListKind.NOTICE]
    name: Name
    region_id: int
    notice: Notice = ""
    notice_en: Notice = ""


class ByVoiceBody(Written):
    """Whether the centre rings by itself first. What rings already goes on."""

    by_voice: bool


class CallOutView(BaseModel):
    """How far a list has got. `items` by their state, `voice` the automatic calls by theirs, `scores` how many gave which, `wishes` who
    want to speak with somebody and have not been called yet.
    """

    id: int
    kind: ListKind
    name: str
    region_id: int
    region_name: str
    region_name_en: str
    active: bool
    by_voice: bool
    notice: str
    created_at: datetime
    items: dict[CallState, int]
    voice: dict[VoiceState, int]
    scores: dict[int, int]
    wishes: int
    exchange: bool = True
    """Whether this site has an exchange at all: without one nobody is rung by itself."""


class CallOutItemView(BaseModel):
    """One call of it, and what the telephone made of it."""

    id: int
    state: CallState
    result: str | None
    score: int | None
    wish: str | None
    resident_id: int | None
    home_id: int
    name: str | None
    name_latin: str | None
    phone: str | None
    voice_state: VoiceState | None
    voice_outcome: str | None
    voice_attempts: int
    pressed: str | None
    due_at: datetime | None
    """When it is rung next, while it is due."""
