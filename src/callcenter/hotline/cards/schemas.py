"""What people send and see of cards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from callcenter.core.written import Written
from callcenter.hotline.filing.schemas import Code
from callcenter.hotline.traits import Trait

Title = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=5_000)]


class CardView(BaseModel):
    """One card. `n` 0: as it is built in. `for_this`: it is meant for the call or disposition that was asked about."""

    code: str
    n: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    dispositions: list[str]
    traits: list[Trait]
    position: int
    is_offered: bool
    for_this: bool


class CardBody(Written):
    """`n` is that of the version which was seen, 0 for a new card or one that is built in."""

    n: Annotated[int, Field(ge=0)]
    title_zh: Title
    title_en: Title
    text_zh: Text
    text_en: Text
    dispositions: Annotated[list[Code], Field(max_length=40)] = Field(default_factory=list)
    traits: list[Trait] = Field(default_factory=list)
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    is_offered: bool = True


class CardVersionView(BaseModel):
    """One version; `written_at` none: as it is built in."""

    n: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    is_offered: bool
    written_at: datetime | None
    written_by_name: str
