"""When a waiting alarm is shown as late, by region and priority: as the policies say, told to every seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.regions.policies import (
    ANY_PRIORITY,
    PRIORITIES,
    EscalationPolicy,
    policies_of,
    standard_for,
)
from callcenter.seats.hub import Hub

Limits = Mapping[str, Mapping[str, int]]


def limits_of(policies: Mapping[int, EscalationPolicy]) -> Limits:
    """Seconds by priority, as they go to the consoles."""
    return {
        str(priority): {"warning_s": policy.warning_s, "critical_s": policy.critical_s}
        for priority, policy in sorted(policies.items())
    }


STANDARD_LIMITS: Final = limits_of(
    {ANY_PRIORITY: standard_for(PRIORITIES[-1]), **{n: standard_for(n) for n in (1, 2)}}
)


class Ageing:
    """A processor that looks every few seconds and tells the seats when a policy has changed."""

    name = "ageing"
    interval_s = 5.0

    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub = hub
        self.connections = HeldConnections(database, self.name, 1)
        self._regions: Mapping[str, Limits] = {}

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - a policy holds from when it is saved
        """Look, and tell what has changed."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_SAID)
        regions = {str(row["id"]): limits_of(policies_of(row["escalation"])) for row in rows}
        if regions != self._regions:
            self._regions = regions
            await self._hub.tell_all({"type": "ages", "ages": self.shown()})
        return 0

    def shown(self) -> dict[str, Any]:
        """What holds where a region says nothing, and what regions say."""
        return {"standard": STANDARD_LIMITS, "regions": self._regions}


_SAID = "SELECT id, escalation FROM region WHERE escalation IS NOT NULL ORDER BY id"
