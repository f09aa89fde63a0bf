"""What a screen across the room shows of an incident: never more than it was set to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from callcenter.alerts.incident import Incident
from callcenter.auth.permissions import WallShows

_OF_BUILDING: Final = ("estate", "building", "building_en", "building_id")
_OF_ADDRESS: Final = (*_OF_BUILDING, "address", "address_en", "entrance", "floor", "door")
KEPT: Final[Mapping[WallShows, tuple[str, ...]]] = {
    WallShows.BUILDING: _OF_BUILDING,
    WallShows.ADDRESS: _OF_ADDRESS,
    WallShows.NAMES: _OF_ADDRESS,
}
"""Fields of the card; everything else of it stays away: how to get in, where keys lie, what was said."""
_OF_PERSON: Final = ("resident_id", "name", "name_latin", "pressed")


def on_the_wall(incident: Incident, shows: WallShows) -> Incident:
    """The incident as the screen gets it: kind, state, age and place, and names only where it was set so."""
    names = shows is WallShows.NAMES
    card = {name: incident.card[name] for name in KEPT[shows] if name in incident.card}
    return replace(
        incident,
        card={**card, "people": _people(incident.card) if names else []},
        taken_by_name=incident.taken_by_name if names else None,
        resident_id=None,
        device_id=None,
        identifier=None,
        safe_by=None,
        safe_where=None,
    )


def _people(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {name: person[name] for name in _OF_PERSON if name in person}
        | {"hazards": [], "hazards_en": [], "sex": None, "age": None}
        for person in card.get("people", ())
    ]
