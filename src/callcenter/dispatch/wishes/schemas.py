"""What people send and see of wishes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from callcenter.core.written import Written
from callcenter.dispatch.wishes.wish import WishState

LONGEST: int = 500

WishWords = Annotated[str, Field(max_length=LONGEST)]


class WishView(BaseModel):
    """`said_by` empty: they themselves. `call_id` or `call_item_id` says in which call."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    resident_id: int
    words: str
    said_by: str
    said_at: datetime
    call_id: UUID | None
    call_item_id: int | None
    heard_by_name: str
    state: WishState
    ended_at: datetime | None
    ended_words: str
    ended_by_name: str
    task_id: UUID | None


class WishBody(Written):
    """`id` is made by the client: the same sent twice is one."""

    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    said_by: Annotated[str, Field(max_length=60)] = ""


class WishEndBody(Written):
    """`version` is the one that was seen; `words` say what became of it."""

    version: int
    state: Literal[WishState.DONE, WishState.WITHDRAWN]
    words: Annotated[str, Field(min_length=1, max_length=LONGEST)]
