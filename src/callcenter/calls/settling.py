"""Calls that settle themselves: a device that reports again, a battery that was changed, a button that was pressed, a resident who has
died; and a well-being call follows its resident into another home.
"""

from __future__ import annotations

from datetime import datetime

from callcenter.calls.item import ListKind
from callcenter.calls.pressing import Presses
from callcenter.calls.thresholds import arguments_of, read_policies, threshold_from
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections


class SettledCalls:
    """The processor `settled_calls`."""

    name = "settled_calls"
    interval_s = 60.0

    def __init__(self, database: Database) -> None:
        self._presses = Presses()
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Ends them, unless somebody is calling at this moment. Waits a minute for the next look, whatever it found."""
        async with self.connections.use() as connection:
            silent = arguments_of(await read_policies(connection), ListKind.SILENT_DEVICE)
            await connection.execute(_HEARD_AGAIN, now, *silent)
            await connection.execute(_CHARGED, now)
            await self._presses.find(connection, now)
            await connection.execute(_GONE, now)
            await connection.execute(_ELSEWHERE)
        return 0


_HEARD_AGAIN = f"""
UPDATE call_item SET state = 'done', result = 'recovered', ended_at = $1::timestamptz
WHERE id IN (
    SELECT call_item.id FROM call_item
    JOIN call_list ON call_list.id = call_item.list_id AND call_list.kind = 'silent_device'
    JOIN device ON device.id = call_item.device_id
    JOIN device_last_seen AS seen ON seen.device_id = device.id
    JOIN home ON home.id = call_item.home_id
    JOIN region ON region.id = home.region_id
    {threshold_from(2)}
    WHERE call_item.state = 'open' AND seen_at >= $1::timestamptz - threshold.after * heartbeat_s * interval '1 second'
    FOR UPDATE OF call_item SKIP LOCKED
)
"""  # noqa: S608 constant parts

_CHARGED = """
UPDATE call_item SET state = 'done', result = 'recovered', ended_at = $1
WHERE id IN (
    SELECT call_item.id FROM call_item
    JOIN call_list ON call_list.id = call_item.list_id AND call_list.kind = 'low_battery'
    JOIN device ON device.id = call_item.device_id
    WHERE call_item.state = 'open' AND NOT device.battery_low
    FOR UPDATE OF call_item SKIP LOCKED
)
"""

# Of a roll-call too: whoever lies in hospital since is not alone at home.
_GONE = """
UPDATE call_item SET state = 'given_up', result = 'gone', ended_at = $1
WHERE id IN (
    SELECT call_item.id FROM call_item JOIN resident ON resident.id = call_item.resident_id
    WHERE call_item.state = 'open' AND resident.status IN ('deceased', 'moved', 'hospital')
    FOR UPDATE OF call_item SKIP LOCKED
)
"""

# Whoever may see the new home calls them, and an alarm rings there.
_ELSEWHERE = """
UPDATE call_item SET home_id = found.home_id FROM (
    SELECT call_item.id, resident.home_id FROM call_item
    JOIN resident ON resident.id = call_item.resident_id AND resident.home_id <> call_item.home_id
    WHERE call_item.state = 'open' AND call_item.subject SIMILAR TO '(resident|visit|pair):%'
    FOR UPDATE OF call_item SKIP LOCKED
) AS found
WHERE call_item.id = found.id
"""
