"""Bodies of rows and columns: a sheet with the names of the fields above it, or a line that has a device and a kind. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final

from callcenter.devices.protocols.http_json.fields import NEEDED, named
from callcenter.devices.signals import Kind

Pair = tuple[str, object]

MAX_ROWS: Final = 100
_SEPARATORS: Final = (",", ";", "\t", "|")
_MOST_CELLS: Final = 50
_BETWEEN: Final = re.compile(r"[,;|\t]| +")
_MOST_WORDS: Final = 8
_KINDS: Final = frozenset(kind.value.replace("_", "") for kind in Kind)
_AROUND: Final = " \t\0\"'[]"


def table(text: str) -> Iterator[Pair]:
    """Below a line that names device and kind."""
    lines = [line for line in text.splitlines()[: MAX_ROWS + 1] if line.strip()]
    for separator in _SEPARATORS:
        names, *rows = _cells(lines, separator) or [[]]
        if len(names) <= _MOST_CELLS and all(name in named(_numbered(names)) for name in NEEDED):
            for row in rows:
                yield from _device_first(list(zip(names, row, strict=False)))
            return


def lines(text: str) -> Iterator[Pair]:
    """A101,sos: one of the first two words of a line is a kind, and another one who calls."""
    for line in text.splitlines()[:MAX_ROWS]:
        words = [word.strip(_AROUND) for word in _BETWEEN.split(line.strip())]
        kinds = [word for word in words if _is_kind(word)]
        others = [word for word in words if word and word not in kinds]
        numbers = [word for word in others if any(letter.isdigit() for letter in word)]
        is_said = len(kinds) == 1 and kinds[0] in words[:2] and len(words) <= _MOST_WORDS
        if not is_said or (len(others) > 1 and not numbers):
            continue
        yield from (("device", device) for device in [*numbers, *others][:1])
        yield "kind", kinds[0]


def _is_kind(word: str) -> bool:
    return re.sub(r"[\W_]", "", word).casefold() in _KINDS


def _cells(text: list[str], separator: str) -> list[list[str]]:
    try:
        return [
            [cell.strip(_AROUND) for cell in row]
            for row in csv.reader(text, delimiter=separator, skipinitialspace=True)
        ]
    except csv.Error:
        return []


def _numbered(names: list[str]) -> list[Pair]:
    return [(name, place) for place, name in enumerate(names, 1)]


def _device_first(pairs: Sequence[Pair]) -> list[Pair]:
    """A device begins a signal; what stands before it in its row belongs to it all the same."""
    return sorted(pairs, key=lambda pair: "device" not in named([pair]))
