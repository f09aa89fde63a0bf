"""Codes of regions (GB/T 2260, GB/T 10114): two digits of the province, then city, district, street and community. Pure."""

from __future__ import annotations

import re
from typing import Final

_LEVELS: Final = (2, 4, 6, 9, 12)
"""So many digits name a province, city, district, street, community; the rest are zeros."""
_CODE: Final = re.compile(r"^\d{6}(\d{3}(\d{3})?)?$")


def digits_that_name(code: str | None) -> str | None:
    """The digits that the codes of everything below the region begin with; None for what is no such code."""
    if code is None or not _CODE.match(code) or not code.strip("0"):
        return None
    named = next(length for length in _LEVELS if not code[length:].strip("0"))
    return code[:named]
