"""Codes of regions: twelve digits down to the community (GB/T 2260, GB/T 10114), a grid has some of its own behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict, Invalid
from callcenter.regions.models import RegionLevel

_TWELVE: Final = re.compile(r"[1-9]\d{11}")
_OF_A_GRID: Final = re.compile(r"[1-9]\d{11}-?[0-9A-Za-z]{1,6}")
_ZEROS_AFTER: Final[Mapping[str, int]] = MappingProxyType(
    {RegionLevel.PROVINCE: 2, RegionLevel.CITY: 4, RegionLevel.DISTRICT: 6, RegionLevel.STREET: 9}
)
"""How many digits say something, from above; the rest are zeros."""


def check_code(level: str, code: str) -> None:
    """Raises Invalid `region_code` with the reason: `twelve`, `grid`, or `zeros` with after how many digits."""
    if level == RegionLevel.GRID:
        if not _OF_A_GRID.fullmatch(code):
            raise _refused(code, "grid", "the twelve digits of its community and up to six signs")
        return
    if not _TWELVE.fullmatch(code):
        raise _refused(code, "twelve", "twelve digits")
    after = _ZEROS_AFTER.get(level, len(code))
    if code[after:].strip("0"):
        raise _refused(code, "zeros", f"zeros after the first {after} digits", after=after)


FURTHEST: Final = timedelta(days=3 * 366)
"""Nobody knows a code of later; a day so far away is a slip of the pen."""


def check_day(day: date, today: date, since: date | None) -> None:
    """From which day a new code may hold, where the one before holds `since` a day. Raises Invalid `code_day`, or Conflict
    `later_is_known`.
    """
    if day > today + FURTHEST:
        raise Invalid("a code is known three years ahead at most", code="code_day")
    if since is not None and day < since:
        raise Conflict(
            f"the code before holds since {since.isoformat()} only",
            code="later_is_known",
            since=since.isoformat(),
        )


def _refused(code: str, reason: str, must: str, **params: object) -> Invalid:
    return Invalid(
        f"{code!r} is no code of such a region: {must}.",
        code="region_code",
        reason=reason,
        **params,
    )
