"""Calls written as rows, as the alarm process writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.core.ids import new_id
from tests.support.api import person
from tests.support.community import Community

_names = count(1)
_DEFAULTS: dict[str, Any] = {
    "pbx": "pbx",
    "source": "live",
    "direction": "in",
    "kind": "hotline",
    "line": "95001",
    "caller_raw": "013912345678",
    "caller_e164": "+8613912345678",
    "presentation": "shown",
}


@dataclass
class CallsOnPaper:
    owner: asyncpg.Connection
    community: Community

    async def disposition(self, code: str, *, effective: bool) -> str:
        await self.owner.execute(
            "INSERT INTO disposition (code, zh, en, effective) VALUES ($1, $1, $1, $2) ON CONFLICT DO NOTHING",
            code,
            effective,
        )
        return code

    async def operator(self, login: str = "li") -> int:
        known = await self.owner.fetchval("SELECT id FROM app_user WHERE login = $1", login)
        return known or await person(self.owner, login, ("operator", self.community.street))

    async def call(self, offered_at: datetime, **columns: Any) -> UUID:
        """`answered_s`, `talked_s`, `rang_s` and `wrapped_s` are seconds; without `rang_s` and `talked_s` it stands still."""
        id_ = new_id()
        await self.write([{"id": id_, "offered_at": offered_at, **columns}])
        return id_

    async def write(self, calls: Iterable[dict[str, Any]]) -> None:
        for each in calls:
            row = self._row(each)
            names = ", ".join(row)
            places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
            await self.owner.execute(
                f"INSERT INTO call ({names}) VALUES ({places})",  # noqa: S608
                *row.values(),
            )

    def _row(self, given: dict[str, Any]) -> dict[str, Any]:
        row = {
            "id": new_id(),
            "region_id": self.community.street,
            "pbx_call": str(next(_names)),
            **_DEFAULTS,
            **given,
        }
        offered = row["offered_at"]
        after = {
            name: row.pop(f"{name}_s", None) for name in ("answered", "talked", "rang", "wrapped")
        }
        if after["answered"] is not None:
            row["answered_at"] = offered + timedelta(seconds=after["answered"])
        if after["rang"] is not None:
            row["ended_at"] = offered + timedelta(seconds=after["rang"])
        if after["talked"] is not None:
            row["ended_at"] = row["answered_at"] + timedelta(seconds=after["talked"])
        if after["wrapped"] is not None:
            row["wrapped_up_at"] = row["ended_at"] + timedelta(seconds=after["wrapped"])
        if row.get("disposition"):
            row["filed_at"] = row.get("ended_at")
        row["state"] = "ended" if row.get("ended_at") else "waiting"
        return row
