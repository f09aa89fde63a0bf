"""What a photograph of a place shows, and in which order somebody on the way needs them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Invalid


class PhotographKind(StrEnum):
    """In the order of the way."""

    FRONT = "front"
    ENTRANCE = "entrance"
    WAY_IN = "way_in"
    DOOR = "door"
    KEY_BOX = "key_box"
    INSIDE = "inside"


class PlaceKind(StrEnum):
    BUILDING = "building"
    HOME = "home"


KINDS_AT: Final[Mapping[PlaceKind, frozenset[PhotographKind]]] = MappingProxyType(
    {
        PlaceKind.BUILDING: frozenset(
            {PhotographKind.FRONT, PhotographKind.ENTRANCE, PhotographKind.WAY_IN}
        ),
        PlaceKind.HOME: frozenset(
            {
                PhotographKind.WAY_IN,
                PhotographKind.DOOR,
                PhotographKind.KEY_BOX,
                PhotographKind.INSIDE,
            }
        ),
    }
)
"""What anybody sees from the street belongs to the building. What shows how somebody lives, or where their key hangs, belongs to
the home: it is sealed, and every look at it leaves an entry in the audit trail.
"""
_ORDER: Final = {kind: place for place, kind in enumerate(PhotographKind)}
_NOT_ITS_NAME: Final = re.compile(r"单元|entrance|unit")


def check_kind(place: PlaceKind, kind: PhotographKind) -> None:
    """Raises Invalid `photograph_kind` where such a picture belongs elsewhere."""
    if kind not in KINDS_AT[place]:
        raise Invalid(
            f"A photograph of the kind {kind.value} does not belong to a {place.value}.",
            code="photograph_kind",
            kind=kind.value,
            place=place.value,
        )


def order_of(kind: str, entrance: str, photograph_id: int) -> tuple[int, bool, int]:
    """To sort by: along the way, what holds for a whole building before its entrance, the older first."""
    return _ORDER[PhotographKind(kind)], entrance != "", photograph_id


def same_entrance(one: str, other: str) -> bool:
    """2单元, Entrance 2, full-width and plain: the same entrance."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    lowered = unicodedata.normalize("NFKC", name).lower()
    return _NOT_ITS_NAME.sub("", lowered).strip()
