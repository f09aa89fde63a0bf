"""What goes to another centre: one alarm, as it stood when it was decided, or the word that a person has taken theirs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class What(StrEnum):
    ALARM = "alarm"
    TAKEN = "taken"
    """Of an alarm that they have forwarded to us: somebody here has it."""


class Detail(StrEnum):
    """How much of the home goes along."""

    CODE = "code"
    """Kind, account and our number: they ask by phone."""
    CARD = "card"
    """With address, names and position, so that they can act alone."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """`id` stays the same in every repeat, and so does `sequence` (DC-09, 1 to 9999). `content` of an alarm: number, kind,
    occurred_at, home_id, identifier, lat, lng, address, names, text, hops, why; what of it leaves is decided by the centre's detail.
    """

    id: UUID
    what: What
    sequence: int
    content: Mapping[str, Any]

    @property
    def occurred_at(self) -> datetime | None:
        said = self.content.get("occurred_at")
        return datetime.fromisoformat(said) if isinstance(said, str) else None


def words_of(content: Mapping[str, Any], detail: Detail) -> str:
    """One line for whoever reads it there: our number, and with the card where it is and who lives there."""
    parts = [f"#{content.get('number', '')}"]
    if detail is Detail.CARD:
        parts += [str(content.get("address") or ""), *map(str, content.get("names") or ())]
        parts.append(str(content.get("text") or ""))
    return " ".join(part for part in parts if part)


def account_of(prefix: str, digits: int, content: Mapping[str, Any]) -> str:
    """The account under which they know the caller: the centre's own, with `digits` more of the number of the home."""
    if not digits:
        return prefix
    home = int(content.get("home_id") or 0) % 10**digits
    return f"{prefix}{home:0{digits}d}"
