"""Which calls a list asks for, as conditions of SQL and their parameters; and the place of a row in it, for the next page. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from callcenter.core.errors import Invalid
from callcenter.dispatch.desk.asked_for import day_of
from callcenter.hotline.call import Direction
from callcenter.telephony.line import LineKind

LONGEST_TEXT: Final = 100


class Part(StrEnum):
    """Which list."""

    TO_BE_FILED = "to_be_filed"
    MISSED = "missed"
    CALL_BACKS = "call_backs"
    """Missed as well, and they have asked for it."""
    ALL = "all"


ENDED_IN: Final = "call.state = 'ended' AND call.direction = 'in' AND call.disposition IS NULL"
"""Every one of these is either to be filed or missed."""
CONDITIONS: Final[Mapping[Part, str]] = {
    Part.TO_BE_FILED: f"{ENDED_IN} AND call.answered_at IS NOT NULL",
    Part.MISSED: f"{ENDED_IN} AND call.answered_at IS NULL",
    Part.CALL_BACKS: f"{ENDED_IN} AND call.answered_at IS NULL AND call.call_back_wanted",
    Part.ALL: "true",
}
GROUPED: Final = frozenset({Part.MISSED, Part.CALL_BACKS})
"""Whoever rang five times is one line."""
OLDEST_FIRST: Final = frozenset({Part.TO_BE_FILED, Part.MISSED, Part.CALL_BACKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Only what is given is asked for."""

    part: Part = Part.ALL
    line: str | None = None
    kind: LineKind | None = None
    direction: Direction | None = None
    day: date | None = None
    resident_id: int | None = None
    disposition: str | None = None
    text: str = ""

    def conditions(self, zone: tzinfo) -> tuple[str, dict[str, Any]]:
        """What a row has to meet, and the parameters."""
        found = [CONDITIONS[self.part]]
        values: dict[str, Any] = {}
        for condition, more in self._chosen(zone):
            found.append(condition)
            values |= more
        return " AND ".join(f"({each})" for each in found), values

    def _chosen(self, zone: tzinfo) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if self.line is not None:
            yield "call.line = :line", {"line": self.line}
        if self.kind is not None:
            yield "call.kind = :kind", {"kind": self.kind.value}
        if self.direction is not None:
            yield "call.direction = :direction", {"direction": self.direction.value}
        if self.day is not None:
            since, until = day_of(self.day, zone)
            yield (
                "call.offered_at >= :since AND call.offered_at < :until",
                {"since": since, "until": until},
            )
        if self.resident_id is not None:
            yield (
                "call.resident_id IN (SELECT id FROM resident WHERE :resident_id IN (id, merged_into))",
                {"resident_id": self.resident_id},
            )
        if self.disposition is not None:
            yield (
                "call.disposition IN (SELECT code FROM disposition WHERE :disposition IN (code, parent))",
                {"disposition": self.disposition},
            )
        if self.text.strip():
            yield _TEXT, _of_text(self.text.strip())


_TEXT: Final = """
    call.caller_e164 LIKE :digits OR call.caller_raw LIKE :like OR call.note ILIKE :like OR resident.name ILIKE :like
    OR resident.name_latin ILIKE :like OR resident.pinyin LIKE :starts OR resident.initials LIKE :starts OR home.address ILIKE :like
"""


def _of_text(text: str) -> Mapping[str, Any]:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    digits = "".join(each for each in text if each.isascii() and each.isdigit()).lstrip("0")
    return {
        "like": f"%{plain}%",
        "starts": plain.lower().replace(" ", "") + "%",
        "digits": f"%{digits}%" if len(digits) > 2 else "-",
    }


@dataclass(frozen=True, slots=True)
class Start:
    """Behind which row a page begins."""

    at: datetime
    id: UUID


def write_start(start: Start) -> str:
    """Opaque to the client."""
    return (
        base64.urlsafe_b64encode(f"{start.at.isoformat()} {start.id}".encode()).decode().rstrip("=")
    )


def read_start(text: str) -> Start:
    """Raises Invalid `bad_cursor` for anything that `write_start` did not make."""
    try:
        said = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        at, _, id_ = said.rpartition(" ")
        found = Start(datetime.fromisoformat(at), UUID(id_))
    except (binascii.Error, ValueError):
        found = None
    if found is None or found.at.tzinfo is None:
        raise Invalid(
            "after: not a cursor of this list; begin again without it.", code="bad_cursor"
        )
    return found
