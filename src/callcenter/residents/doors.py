"""Where the door of a home is, as far as its building tells. Pure."""

from __future__ import annotations

from typing import Any

from callcenter.residents.models import Building


def door_position(building: Building, entrance: str) -> tuple[float, float] | None:
    """(lat, lng) of the entrance, else of the middle of the footprint, in WGS-84 degrees."""
    entrances: Any = building.entrances
    for each in entrances or []:
        if str(each.get("name")) == entrance and each.get("position"):
            return each["position"][1], each["position"][0]
    ring: Any = building.footprint
    corners = ring[:-1] if ring else []
    if not corners:
        return None
    return (
        sum(corner[1] for corner in corners) / len(corners),
        sum(corner[0] for corner in corners) / len(corners),
    )
