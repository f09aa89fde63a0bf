"""What of somebody changes how one talks to them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Trait(StrEnum):
    """What of somebody changes how one talks to them."""

    DEAF = "deaf"
    SPEECH = "speech"
    """Aphasia, and whatever else takes the words."""
    DIALECT = "dialect"
    BLIND = "blind"
    CONFUSED = "confused"
    ALONE = "alone"
    UNKNOWN = "unknown"
    """Nobody is attached to the call: who is it?"""


_OF_DISABILITY: Mapping[str, Trait] = {
    "hearing": Trait.DEAF,
    "speech": Trait.SPEECH,
    "visual": Trait.BLIND,
    "mental": Trait.CONFUSED,
    "intellectual": Trait.CONFUSED,
}
_APHASIA = ("失语", "言语不清", "口齿不清", "aphasi", "slurred")
_CONFUSION = ("认知", "失智", "痴呆", "糊涂", "dementia", "confused")


def traits_of(person: Mapping[str, Any]) -> frozenset[Trait]:
    """From the record: `hearing`, `dialect`, `talk_note`, `disability`, `living`."""
    said = str(person.get("talk_note") or "").lower()
    found = {
        Trait.DEAF: bool(person.get("hearing")),
        Trait.DIALECT: bool(person.get("dialect")),
        Trait.ALONE: person.get("living") in ("alone", "alone_by_day"),
        Trait.SPEECH: any(word in said for word in _APHASIA),
        Trait.CONFUSED: any(word in said for word in _CONFUSION),
    }
    of_paper = _OF_DISABILITY.get(str(person.get("disability") or ""))
    told = {trait for trait, holds in found.items() if holds}
    return frozenset(told if of_paper is None else told | {of_paper})
