"""A storm as it is shown: on the board, by REST, and beside an incident that was part of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import ConfigDict

from callcenter.alerts.incident import Outcome
from callcenter.alerts.shown import SHOWN
from callcenter.alerts.storm import Storm


class StormAction(StrEnum):
    TAKE = "take"
    NOTE = "note"
    CLOSE = "close"


class OrderState(StrEnum):
    WAITING = "waiting"
    """It can be taken back."""
    RUNNING = "running"
    DONE = "done"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """Nobody could begin it in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormOrderView:
    """The last order for a storm. Until `due_at` nothing of it happens, and while it waits it can be taken back."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: UUID
    action: StormAction
    outcome: Outcome | None
    user_id: int
    user_name: str
    due_at: datetime
    state: OrderState
    done: int
    left_out: int
    """They stay in the queue: came later, in the hands of a colleague, or their home has an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormView:
    """Open technical incidents of `kind` and `mode` in `region_id`, with the regions below it where `below` says so, opened since
    `since` (and until `last_at` once it is over) are one line; of several storms the one of the nearest region counts, then the first.
    """

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: UUID
    version: int
    kind: str
    mode: str
    region_id: int
    region_path: Sequence[int]
    below: bool
    region_name: str
    region_name_en: str
    since: datetime
    last_at: datetime
    over_at: datetime | None
    settled_at: datetime | None
    """It is over and none of its alarms is open: it is shown no more."""
    order: StormOrderView | None


_OF_ORDER = tuple(field.name for field in fields(StormOrderView))
_OF_STORM = tuple(
    name
    for name in (field.name for field in fields(StormView))
    if name not in ("order", "region_name", "region_name_en")
)

STORM_COLUMNS = ", ".join(
    (
        *(f"storm.{name}" for name in (*_OF_STORM, "reaches")),
        "coalesce(region.name, '') AS region_name, coalesce(region.name_en, '') AS region_name_en",
        *(f"storm_order.{name} AS order_{name}" for name in _OF_ORDER if name != "id"),
        "storm_order.id AS order_id",
    )
)
STORM_JOINED = "LEFT JOIN region ON region.id = storm.region_id LEFT JOIN storm_order ON storm_order.id = storm.order_id"
"""What STORM_COLUMNS needs beside `storm`."""


def storm_view(row: Mapping[str, Any]) -> StormView:
    """From a row of STORM_COLUMNS."""
    values = {name: row[name] for name in (*_OF_STORM, "region_name", "region_name_en")}
    values["region_path"] = tuple(values["region_path"])
    order = None
    if row["order_id"] is not None:
        order = StormOrderView(**{name: row[f"order_{name}"] for name in _OF_ORDER})
    return StormView(**values, order=order)


def storm_in(row: Mapping[str, Any]) -> Storm:
    """The storm alone, from a row that has its columns."""
    values = {field.name: row[field.name] for field in fields(Storm)}
    values["region_path"] = tuple(values["region_path"])
    values["reaches"] = tuple(values["reaches"])
    return Storm(**values)
