"""An announcement as seats see it, and who has read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN

ANNOUNCEMENT_COLUMNS: Final = """
announcement.id, announcement.version, announcement.words, announcement.must_acknowledge, announcement.region_ids,
announcement.addressed, announcement.by_id, announcement.by_name, announcement.written_at, announcement.until_at,
announcement.ended_at, ARRAY(
    SELECT jsonb_build_object('user_id', app_user.id, 'name', app_user.name, 'name_en', app_user.name_en, 'read_at', read_at)
    FROM (SELECT unnest(announcement.seated) UNION
          SELECT user_id FROM announcement_read WHERE announcement_id = announcement.id) AS told(id)
    JOIN app_user ON app_user.id = told.id
    LEFT JOIN announcement_read ON announcement_id = announcement.id AND user_id = app_user.id
    ORDER BY app_user.id
) AS people
"""


@dataclass(frozen=True, slots=True)
class AddressedView:
    """Somebody who had a seat when it was written, or has read it since; `read_at`: null as long as they have not."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    user_id: int
    name: str
    name_en: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """Stands at every seat that sees incidents in its regions until its time, or until it is ended."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: UUID
    version: int
    words: str
    must_acknowledge: bool
    region_ids: Sequence[int]
    by_id: int
    by_name: str
    written_at: datetime
    until_at: datetime
    ended_at: datetime | None
    people: Sequence[AddressedView]


def announcement_view(row: Mapping[str, Any]) -> AnnouncementView:
    """From a row of ANNOUNCEMENT_COLUMNS."""
    values = {name: row[name] for name in AnnouncementView.__slots__}
    return AnnouncementView(**values | {"people": [_addressed(each) for each in row["people"]]})


def _addressed(told: Mapping[str, Any]) -> AddressedView:
    read_at = told["read_at"]
    return AddressedView(**{**told, "read_at": read_at and datetime.fromisoformat(read_at)})
