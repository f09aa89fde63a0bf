"""First looks at family pages, which the office counts, onto the timeline of an incident that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.alerts.bodies import PageLook
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.one_alone import Became, one_alone
from callcenter.alerts.handling.page_opened import PAGE_OPENED

BATCH: Final = 50


class PageLooks:
    """The processor. Nobody waits for it: every two seconds."""

    name = "page_looks"
    interval_s = 2.0

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def run_once(self, now: datetime) -> int:
        """Tell of a slice of those that nobody was told of."""
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_UNTOLD, BATCH)
            for row in rows:
                await self._tell_or_leave(connection, row, now)
        return len(rows)

    async def _tell_or_leave(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """What cannot be told at all is told once in the log."""
        if row["open"]:
            became = await one_alone(row["id"], self._tell(connection, row, now))
            if became is Became.LEFT:
                return
        await connection.execute(_TOLD, row["id"], row["contact_id"])

    async def _tell(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        body = PageLook(row["contact_id"], row["name"], row["relation"], row["relation_en"])
        order = replace(of_system(PAGE_OPENED, body), at=now, id=_look_id(row))
        await carry_out(connection, self._workbench, row["id"], order)


def _look_id(row: Mapping[str, Any]) -> UUID:
    """The same whenever it is told, so that it is told once: a UUID of the time of the incident (RFC 9562, version 7)."""
    incident: UUID = row["id"]
    rest = bytearray(
        sha256(b"look" + incident.bytes + str(row["contact_id"]).encode()).digest()[:10]
    )
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=incident.bytes[:6] + bytes(rest))


_UNTOLD: Final = """
SELECT look.incident_id AS id, look.contact_id, coalesce(incident.state <> 'closed', false) AS open,
       coalesce(contact.name, '') AS name, coalesce(contact.relation, '') AS relation,
       coalesce(contact.relation_en, '') AS relation_en
FROM family_look AS look
LEFT JOIN incident ON incident.id = look.incident_id
LEFT JOIN contact ON contact.id = look.contact_id
WHERE NOT look.told ORDER BY look.first_at LIMIT $1
"""

_TOLD: Final = "UPDATE family_look SET told = true WHERE incident_id = $1 AND contact_id = $2"
