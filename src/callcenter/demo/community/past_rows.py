"""The invented past as rows of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callcenter.alerts.incident import IncidentMode
from callcenter.core.ids import new_id
from callcenter.demo.community.history import PastIncident
from callcenter.demo.community.plan import ESTATE, Community
from callcenter.devices.signals import CLASS_OF, PRIORITY_OF
from callcenter.regions.models import Region
from callcenter.residents.models import ResidentStatus
from callcenter.residents.names import latin_name


@dataclass(frozen=True, slots=True)
class Ids:
    """Database ids by position in the plan."""

    regions: Mapping[str, Region]
    homes: Sequence[int]
    residents: Sequence[int]
    devices: Sequence[int]
    users: Sequence[int]


class PastRows:
    """One past incident as rows."""

    def __init__(self, past: PastIncident, planned: Community, ids: Ids) -> None:
        self.past = past
        self.id = new_id()
        self.planned, self.ids = planned, ids
        self.position = position = planned.resident_called(past.listed.resident)
        self.resident = planned.residents[position]
        self.home = planned.homes[self.resident.home]
        self.device = next(
            number
            for number, device in enumerate(planned.devices)
            if device.kind == past.listed.device
            and device.home == self.resident.home
            and device.resident in (None, position)
        )
        self.planned_device = planned.devices[self.device]
        self.resident_id = ids.residents[position]
        self.home_id = ids.homes[self.resident.home]
        self.device_id = ids.devices[self.device]
        self.region = ids.regions[self.home.building.grid]
        self.user_id = ids.users[past.operator]
        self.user = planned.users[past.operator]

    def _at(self, seconds: int) -> datetime:
        return self.past.opened_at + timedelta(seconds=seconds)

    def incident_row(self) -> dict[str, Any]:
        listed = self.past.listed
        return {
            "id": self.id,
            "version": len(self.past.steps),
            "subject": f"home:{self.home_id}",
            "signal_class": CLASS_OF[listed.kind].value,
            "kind": listed.kind.value,
            "mode": IncidentMode.REAL,
            "state": "closed",
            "priority": PRIORITY_OF[listed.kind],
            "region_id": self.region.id,
            "region_path": list(self.region.path),
            "home_id": self.home_id,
            "resident_id": self.resident_id,
            "device_id": self.device_id,
            "source": self.planned_device.source,
            "identifier": self.planned_device.identifier,
            "lat": self.home.lat,
            "lng": self.home.lng,
            "card": card_of(self.planned, self.ids, self.resident.home, self.position)
            | {
                "device_kind": self.planned_device.kind,
                "device_label": self.planned_device.label,
            },
            "opened_at": self.past.opened_at,
            "last_signal_at": self.past.opened_at,
            "escalated": 0,
            "taken_by": self.user_id,
            "taken_by_name": self.user.name.zh,
            "taken_at": self._at(listed.taken_after),
            "closed_at": self._at(listed.closed_after),
            "outcome": listed.outcome,
            "safe_by": listed.safe_by,
            "safe_where": listed.safe_where,
        }

    def entry_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "incident_id": self.id,
                "number": number,
                "at": self._at(step.after),
                "kind": step.kind,
                "user_id": None if step.kind == "opened" else self.user_id,
                "user_name": None if step.kind == "opened" else self.user.name.zh,
                "data": step.data,
            }
            for number, step in enumerate(self.past.steps, start=1)
        ]

    def journal_row(self) -> dict[str, Any]:
        """The signal that opened it. It was never on a wire, so there are no raw bytes, and a flag says why."""
        return {
            "id": new_id(),
            "source": self.planned_device.source,
            "identifier": self.planned_device.identifier,
            "device_id": self.device_id,
            "home_id": self.home_id,
            "kind": self.past.listed.kind,
            "outcome": "opened",
            "incident_id": self.id,
            "occurred_at": self.past.opened_at,
            "received_at": self.past.opened_at,
            "stored_at": self.past.opened_at,
            "flags": ["demo_past"],
            "raw": b"",
        }


def card_of(planned: Community, ids: Ids, place: int, pressed: int | None = None) -> dict[str, Any]:
    """The card of the home at this place in the plan, as it was pushed then (seats.messages.Card); `pressed`: by whom it is known.

    Whoever else lives there is on it where nobody is known to have pressed.
    """
    home = planned.homes[place]
    return {
        "people": [
            {
                "resident_id": ids.residents[position],
                "name": resident.person.name,
                "name_latin": latin_name(resident.person.name).latin,
                "sex": resident.person.sex,
                "age": resident.person.age,
                "risk": resident.person.risk,
                "status": ResidentStatus.HOME,
                "hazards": [hazard.zh for hazard in resident.hazards],
                "hazards_en": [hazard.en for hazard in resident.hazards],
                "pressed": position == pressed,
            }
            for position, resident in enumerate(planned.residents)
            if (resident.home == place if pressed is None else position == pressed)
        ],
        "address": home.address.zh,
        "address_en": home.address.en,
        "estate": ESTATE,
        "building": f"{home.building.number}号楼",
        "building_en": f"Building {home.building.number}",
        "entrance": str(home.household.entrance),
        "floor": home.household.floor,
        "door": home.household.door,
        "access_note": home.access.zh,
        "key_note": home.key.zh,
    }
