"""Calls as people see them, within the regions that they see. One query for all of them: a line is a line everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from callcenter.auth.permissions import Action
from callcenter.calls.item import CallState
from callcenter.calls.schemas import CallAttemptView, CallItemView, CallView
from callcenter.calls.statement import statement
from callcenter.core.errors import NotFound
from callcenter.residents.access import Asking

MOST_SHOWN: Final = 1_000
MOST_REPORTED: Final = 20_000
LOOKED_BACK: Final = timedelta(days=31)
"""What has ended before stands on no list any more, but on that of a roll-call."""


def regions_of(asking: Asking, action: Action = Action.WORK_INCIDENTS) -> list[int]:
    """Where the asker may do this, for `region.path && :regions`."""
    return sorted(asking.principal.regions(action))


async def items_of(
    asking: Asking, list_id: int, states: Sequence[CallState], *, most: int = MOST_SHOWN
) -> list[CallItemView]:
    """The list to tick off, in the order of the calls, what has ended last."""
    found = await asking.session.execute(
        _OF_LIST,
        {
            "regions": regions_of(asking),
            "list_id": list_id,
            "states": [state.value for state in states],
            "since": asking.now - LOOKED_BACK,
            "most": most,
        },
    )
    rows = found.mappings().all()
    return await asyncio.to_thread(_items, rows)


def _items(rows: Sequence[Mapping[Any, Any]]) -> list[CallItemView]:
    """Thousands of them would hold the loop for seconds."""
    return [CallItemView.model_validate(dict(row)) for row in rows]


async def note_look(
    asking: Asking, action: str, subject: str, items: Sequence[CallItemView]
) -> None:
    """One entry of the audit trail for all of them."""
    homes = sorted({item.home_id for item in items})
    await asking.note(action, subject, regions_of(asking), {"home_ids": homes})


async def call_of(asking: Asking, item_id: int) -> CallView:
    """The call in hand. Raises NotFound. Its look is written down by whoever took it."""
    parts = {"regions": regions_of(asking), "item_id": item_id}
    found = (await asking.session.execute(_CALL, parts)).mappings().one_or_none()
    if found is None:
        raise NotFound("no such call", what="call")
    attempts = await asking.session.execute(_ATTEMPTS, {"item_id": item_id})
    return _call(dict(found), [dict(row) for row in attempts.mappings()])


def _call(row: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]]) -> CallView:
    more = {name: row[name] for name in CallView.model_fields if name in row}
    tried = [CallAttemptView.model_validate(one) for one in attempts]
    return CallView.model_validate(
        more | {"item": CallItemView.model_validate(row), "attempts": tried}
    )


_COLUMNS = """
SELECT item.id, item.list_id, list.kind, item.occurrence, item.due_at, item.state, item.attempts AS attempts, item.next_try_at,
       item.reasons, item.result, item.note, item.home_id, item.resident_id, item.device_id,
       resident.name, resident.name_latin, resident.risk, resident.phone, home.address, home.address_en,
       nullif(concat_ws(' ', nullif(device.label, ''), device.identifier), '') AS device,
       item.leased_by, holder.name AS leased_by_name, item.ended_at, ender.name AS ended_by_name,
       raised.incident_id, incident.number AS incident_number, item.signal_kind, item.signal_at, item.score, item.wish
"""

_FROM = """
FROM call_item AS item
JOIN call_list AS list ON list.id = item.list_id
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id
LEFT JOIN resident ON resident.id = item.resident_id
LEFT JOIN device ON device.id = item.device_id
LEFT JOIN app_user AS holder ON holder.id = item.leased_by
LEFT JOIN app_user AS ender ON ender.id = item.ended_by
LEFT JOIN call_signal AS raised ON raised.item_id = item.id
LEFT JOIN incident ON incident.id = raised.incident_id
"""

_WITHIN = "WHERE region.path && CAST(:regions AS bigint[])"

_OF_LIST = statement(
    f"""
{_COLUMNS} {_FROM} {_WITHIN} AND item.list_id = :list_id AND item.state = ANY(:states)
    AND (list.kind = 'roll_call' OR item.state IN ('open', 'leased') OR item.due_at > :since)
ORDER BY array_position(ARRAY['leased', 'open', 'missed', 'escalated', 'given_up', 'done'], item.state),
         CASE WHEN item.state IN ('open', 'leased') THEN item.rank END, item.ended_at DESC, item.rank, item.next_try_at, item.id
LIMIT :most
"""
)

_CALL = statement(
    f"""
{_COLUMNS}, list.name AS list_name, item.lease_until, resident.second_phone, coalesce(resident.talk_note, '') AS talk_note,
    coalesce(resident.hearing, '') AS hearing, coalesce(resident.dialect, '') AS dialect, seen.seen_at AS device_seen_at,
    (SELECT max(last_signal_at) FROM incident AS press
     WHERE press.home_id = item.home_id AND press.device_id = item.device_id) AS device_pressed_at,
    (SELECT alarm.id FROM incident AS alarm
     WHERE alarm.home_id = item.home_id AND alarm.class = 'alarm' AND alarm.state <> 'closed' AND alarm.mode <> 'drill'
     ORDER BY alarm.opened_at LIMIT 1) AS open_incident
{_FROM}
LEFT JOIN device_last_seen AS seen ON seen.device_id = item.device_id
{_WITHIN} AND item.id = :item_id
"""  # noqa: S608 constant parts
)

_ATTEMPTS = statement(
    "SELECT at, user_name, result, note FROM call_attempt WHERE item_id = :item_id ORDER BY at, id"
)
