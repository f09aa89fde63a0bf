"""Numbers that are dialled by people in need, and by nobody else: no test, no drill, no automatic call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

EMERGENCY: Final = (
    "110",
    "112",
    "119",
    "120",
    "122",
    "911",
    "999",
    "12110",
    "12119",
    "12120",
    "12345",
)
"""China's numbers for police, fire, ambulance and accidents, their texts and the city's hotline; what telephones from elsewhere dial instead."""


def spellings(numbers: Iterable[str]) -> Iterator[str]:
    """As people and gateways write them: with the prefix of the country, with the area code by which those of another city are reached, and
    with the digit that leaves the exchange of an office. X stands for any digit.
    """
    for number in numbers:
        yield from (
            number,
            f"+{number}",
            f"+86{number}",
            f"86{number}",
            f"0086{number}",
            f"0{number}",
            f"9{number}",
        )
        for country in ("0", "+86", "86", "0086", "90"):
            yield from (f"{country}XX{number}", f"{country}XXX{number}")


def is_emergency(number: str) -> bool:
    """In whichever spelling."""
    return _SPELT.fullmatch(number) is not None


_SPELT: Final = re.compile(
    "|".join(re.escape(each).replace("X", "[0-9]") for each in spellings(EMERGENCY))
)
