"""Which fields of an object are those of a signal, however they are called and however deep they stand. Pure.

The names of the contract go before all others. A platform that wraps its signals in an envelope of its own is understood, too:
what the envelope says counts where the signal inside does not say it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from callcenter.devices.tolerance import UNREADABLE

Document = Mapping[str, object]

NEEDED: Final = ("device", "kind")
"""At least one of them makes an object a signal."""
MAX_OBJECTS: Final = 2_500
"""Of one body: more than signals with a name of their own find room in, so that none is acknowledged and lost."""
MAX_WRAPPED: Final = 4
"""Envelopes around a signal."""
_MAX_KEY: Final = 60

_NAMES: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "id": ("id", "messageid", "msgid", "eventid", "uuid"),
        "device": (
            *("device", "deviceid", "deviceno", "devicenumber", "deviceimei", "devid", "imei"),
            *("terminal", "terminalid", "serialnumber", "serial", "sn", "设备", "设备号"),
        ),
        "kind": ("kind", "event", "eventtype", "alarm", "alarmtype", "type"),
        "occurred_at": (
            "occurredat",
            "timestamp",
            "datetime",
            "eventtime",
            "alarmtime",
            "time",
            "ts",
        ),
        "lat": ("lat", "latitude", "纬度"),
        "lon": ("lon", "lng", "long", "longitude", "经度"),
        "place": ("location", "position", "gps", "coords", "coordinates", "geo", "point"),
        "datum": ("datum", "coordtype", "coordinatesystem", "coordsys", "crs"),
        "text": ("text",),
        "extra": ("extra",),
    }
)
_RANK: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        written: (name, rank)
        for name, spellings in _NAMES.items()
        for rank, written in enumerate(spellings)
    }
)
_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})


@lru_cache(maxsize=1024)
def _meant(key: str) -> tuple[str, int] | None:
    """The field that a key names, and how sure that is: 0 is the contract's own name."""
    plain = "".join(c for c in normalize("NFKC", key[:_MAX_KEY]).casefold() if c.isalnum())
    return _RANK.get(plain)


def named(pairs: Iterable[tuple[str, object]]) -> Document:
    """The fields of a signal among these."""
    return _plain(_ranked(pairs))


_Ranked = Mapping[str, tuple[int, object]]
"""By field: how surely it was named, and its value. Of several that say it alike, all of them."""


def _ranked(pairs: Iterable[tuple[str, object]]) -> _Ranked:
    found: dict[str, tuple[int, list[object]]] = {}
    for key, value in pairs:
        meant = _meant(key)
        if meant is None or value in _NOTHING:
            continue
        name, rank = meant
        before = found.get(name)
        if before is None or rank < before[0]:
            found[name] = (rank, [value])
        elif rank == before[0]:
            before[1].append(value)
    return {
        name: (rank, each[0] if len(each) == 1 else each) for name, (rank, each) in found.items()
    }


def _plain(ranked: _Ranked) -> Document:
    return {name: value for name, (_, value) in ranked.items()}


def _merged(outer: _Ranked, inner: _Ranked) -> _Ranked:
    """What is named more surely; if both are, what stands with a device of its own, else what stands outside."""
    is_closer = "device" in inner
    made = dict(outer)
    for name, each in inner.items():
        before = made.get(name)
        if before is None or each[0] < before[0] or (is_closer and each[0] == before[0]):
            made[name] = each
    return made


def together(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object as JSON's reader makes it, where a name that is there twice has both values."""
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    several: dict[str, list[object]] = {}
    for key, value in pairs:
        several.setdefault(key, []).append(value)
    return {key: each[0] if len(each) == 1 else each for key, each in several.items()}


def signals_in(value: object) -> list[Document]:
    """The signals in what was read, each with the fields it has."""
    return [_plain(each) for each in islice(_search(value, {}, MAX_WRAPPED), MAX_OBJECTS)]


def _search(value: object, around: _Ranked, levels: int) -> Iterator[_Ranked]:
    if isinstance(value, str) and levels:
        yield from _search(_written_within(value), around, levels - 1)
    elif isinstance(value, list) and levels:
        for item in value:
            yield from _search(item, around, levels - 1)
    elif isinstance(value, dict):
        yield from _search_object(value, around, levels)


def _search_object(value: Document, around: _Ranked, levels: int) -> Iterator[_Ranked]:
    own = _ranked(value.items())
    whole = _merged(around, own)
    if levels and not _is_complete(whole):
        wrapped = (item for key, item in value.items() if _may_wrap(key))
        inner = [each for item in wrapped for each in _search(item, whole, levels - 1)]
        if inner:
            yield from inner
            return
    if any(whole.get(name) is not around.get(name) for name in NEEDED):
        yield whole


def _is_complete(found: _Ranked) -> bool:
    return "device" in found and "kind" in found and found["kind"][0] == 0


def _may_wrap(key: str) -> bool:
    """What is kept as it is, is not looked into."""
    meant = _meant(key)
    return meant is None or meant[0] not in ("extra", "text", "place")


def _written_within(text: str) -> object:
    """JSON that was encoded twice; None for any other text."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(text, strict=False, object_pairs_hook=together)
    except UNREADABLE:
        return None
