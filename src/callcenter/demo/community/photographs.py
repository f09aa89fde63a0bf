"""Photographs of the way to one home of 榆荫里, as photographs.toml lists them, drawn by `drawn`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import Field

from callcenter.core.sealed import Seal
from callcenter.demo.community.drawn import HEIGHT, WIDTH, drawn
from callcenter.demo.community.listed import Both, Listed, read
from callcenter.demo.community.plan import Community
from callcenter.residents.photographs.keeping import SEALED
from callcenter.residents.photographs.kinds import PhotographKind


class ListedPhotograph(Listed):
    """Of the home of `home_of` (a name), or of an `entrance` of the building with the number `building`."""

    kind: PhotographKind
    scene: str
    caption: Both
    home_of: str | None = None
    building: int | None = None
    entrance: str = ""
    days_ago: int


class Photographs(Listed):
    """The content of photographs.toml."""

    photographs: tuple[ListedPhotograph, ...] = Field(alias="photograph")


@cache
def photographs() -> Sequence[ListedPhotograph]:
    """In the order in which they get their ids."""
    return read("photographs.toml", Photographs).photographs


def photograph_rows(
    planned: Community,
    buildings: Mapping[int, int],
    homes: Sequence[int],
    seal: Seal,
    now: datetime,
) -> list[dict[str, Any]]:
    """`buildings` are ids by number; `homes` ids in the order of the plan."""
    home_of = {each.person.name: homes[each.home] for each in planned.residents}
    rows = []
    for listed in photographs():
        content = drawn(listed.scene)
        home = None if listed.home_of is None else home_of[listed.home_of]
        rows.append(
            {
                "building_id": None if listed.building is None else buildings[listed.building],
                "entrance": listed.entrance,
                "home_id": home,
                "kind": listed.kind.value,
                "caption": listed.caption.zh,
                "caption_en": listed.caption.en,
                "taken_on": (now - timedelta(days=listed.days_ago)).date(),
                "media_type": "image/png",
                "width": WIDTH,
                "height": HEIGHT,
                "sha256": hashlib.sha256(content).digest(),
                "content": content if home is None else seal.seal(content, context=SEALED),
                "stored_at": now,
            }
        )
    return rows
