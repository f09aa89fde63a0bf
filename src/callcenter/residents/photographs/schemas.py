"""What people write beside a photograph, and what they see of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from callcenter.core.written import Written
from callcenter.residents.photographs.kinds import PhotographKind
from callcenter.residents.schemas import View

Caption = Annotated[str, Field(max_length=200)]
EntranceName = Annotated[str, Field(max_length=20)]


class PhotographWords(Written):
    """`entrance` is one of the building's, empty for the whole of it and for a home."""

    kind: PhotographKind
    entrance: EntranceName = ""
    caption: Caption = ""
    caption_en: Caption = ""
    taken_on: date | None = None


class PhotographView(View):
    """Of a building or of a home; `mark` is part of the address under which it is shown. `by` is null where it came with the first
    data of a site.
    """

    id: int
    building_id: int | None
    entrance: str
    home_id: int | None
    kind: PhotographKind
    caption: str
    caption_en: str
    taken_on: date | None
    width: int
    height: int
    mark: str
    stored_at: datetime
    by: str | None = None
    by_en: str | None = None
