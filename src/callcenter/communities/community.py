"""Which regions make one community, as somebody with these rights sees the tree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from callcenter.regions.models import RegionLevel


@dataclass(frozen=True, slots=True)
class Place:
    """A region that may be seen; `path` holds the ids from the root down to it."""

    id: int
    path: Sequence[int]
    level: str
    code: str | None
    name: str
    name_en: str


def community_of(place: Place, known: Mapping[int, Place]) -> int:
    """The community that it is, or lies in. Above all communities, and for whoever may see a grid alone: itself."""
    around = (known[step] for step in place.path if step in known)
    return next((each.id for each in around if each.level == RegionLevel.COMMUNITY), place.id)


def grouped(places: Iterable[Place]) -> dict[int, int]:
    """The community of every region, by its id."""
    known = {place.id: place for place in places}
    return {place.id: community_of(place, known) for place in known.values()}
