"""Whom the demo's centre rings up by itself: a few of its residents every morning, and devices that have not reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Final

from callcenter.calls.item import ListKind, stale_after
from callcenter.calls.policy import STANDARD
from callcenter.calls.risk import Person, rank_of
from callcenter.calls.rule import Every, Rule, next_after
from callcenter.demo.community.plan import Community

MORNING: Final = Rule(Every.DAILY, time(9, 30))
MOST: Final = 6
"""Residents on the list of well-being calls."""
WAITING: Final = timedelta(minutes=10)
"""Since when the first calls are due: a visitor has something to do at once."""

LISTS: Final = (
    (ListKind.WELL_BEING, "每日平安电话 · Daily well-being"),
    (ListKind.SILENT_DEVICE, "未上报的设备 · Silent devices"),
    (ListKind.LOW_BATTERY, "电池不足 · Low batteries"),
)


def list_rows(region_id: int, now: datetime, zone: tzinfo) -> list[dict[str, Any]]:
    """The lists; those of devices fill themselves. `zone`: the site's, in which it is morning."""
    return [
        {
            "kind": kind.value,
            "name": name,
            "region_id": region_id,
            "created_at": now,
            **(_rule(now, zone) if kind is not ListKind.WELL_BEING else {}),
        }
        for kind, name in LISTS
    ]


def _rule(now: datetime, zone: tzinfo) -> dict[str, Any]:
    return {
        "every": MORNING.every.value,
        "at": MORNING.at,
        "next_at": next_after(MORNING, now, zone).at,
    }


def called(planned: Community) -> list[int]:
    """Positions of the residents who live alone, whoever is most at risk first."""
    alone = [
        position
        for position, resident in enumerate(planned.residents)
        if planned.homes[resident.home].household.living == "alone"
    ]
    return sorted(alone, key=lambda position: _rank(planned, position))[:MOST]


def _rank(planned: Community, position: int) -> int:
    resident = planned.residents[position]
    living = planned.homes[resident.home].household.living
    person = Person(resident.person.risk, living, resident.person.ability)
    return rank_of(ListKind.WELL_BEING, person)


def plan_rows(
    planned: Community, list_id: int, residents: Sequence[int], now: datetime, zone: tzinfo
) -> list[dict[str, Any]]:
    """Every morning at half past nine."""
    return [
        {"list_id": list_id, "resident_id": residents[position], **_rule(now, zone)}
        for position in called(planned)
    ]


def item_rows(
    planned: Community,
    list_id: int,
    homes: Sequence[int],
    residents: Sequence[int],
    now: datetime,
    zone: tzinfo,
) -> list[Mapping[str, Any]]:
    """Today's calls, due whenever the demo is started."""
    due_at = now.astimezone(UTC) - WAITING
    return [
        {
            "list_id": list_id,
            "subject": f"resident:{residents[position]}",
            "home_id": homes[planned.residents[position].home],
            "resident_id": residents[position],
            "occurrence": now.astimezone(zone).date(),
            "due_at": due_at,
            "rank": _rank(planned, position),
            "next_try_at": due_at,
            "stale_at": stale_after(STANDARD[ListKind.WELL_BEING].pace, due_at),
        }
        for position in called(planned)
    ]
