"""What was opened with a reason, as supervisors see it on the board and in the list. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN

ACCESS_COLUMNS: Final = ", ".join(
    f"emergency_access.{name}"
    for name in (
        "id", "version", "user_id", "user_name", "subject", "label", "home_id", "region_path", "reason", "opened_at",
        "ends_at", "ended_at", "ended_by", "ended_by_name",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccessLook:
    """One thing that was looked at or done meanwhile, by its name in the audit trail."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    at: datetime
    action: str


@dataclass(frozen=True, slots=True)
class AccessView:
    """Who has opened what outside their regions, why, and until when."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: int
    user_id: int
    user_name: str
    label: str
    """Address, or the caller of whom no more is known."""
    home_id: int | None
    reason: str
    opened_at: datetime
    ends_at: datetime
    """Later while they work an incident there."""
    ended_at: datetime | None
    ended_by: int | None
    """Who ended it by hand; null: its time was over."""
    ended_by_name: str | None
    looks: Sequence[AccessLook] = ()


def access_view(row: Mapping[str, Any], looks: Sequence[AccessLook] = ()) -> AccessView:
    """From a row of ACCESS_COLUMNS, and maybe more."""
    names = [name for name in AccessView.__slots__ if name != "looks"]
    return AccessView(**{name: row[name] for name in names}, looks=looks)
