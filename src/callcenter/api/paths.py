"""Whose an address is: one table for the process that passes on, the console's files and the pages. Pure.

Signals have been taken out before it is asked (`listeners/http.py`): a request below or near their path is no signal any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Owner(StrEnum):
    """Who answers for an address that no route of the alarm process has."""

    OFFICE = "office"
    CONSOLE = "console"
    """Its one page, for every view of it."""
    FILES = "files"
    """Of the console, as they are named; anything else is not there."""
    NOBODY = "nobody"
    """Asked for by mistake: never a page."""


OWNERS: Final[Mapping[str, Owner]] = {
    "api": Owner.OFFICE,
    "hooks": Owner.OFFICE,
    "forwarded": Owner.OFFICE,
    "f": Owner.OFFICE,
    "docs": Owner.OFFICE,
    "docs.css": Owner.OFFICE,
    "openapi.json": Owner.OFFICE,
    "assets": Owner.FILES,
    "ingest": Owner.NOBODY,
    "ws": Owner.NOBODY,
    "healthz": Owner.NOBODY,
    "readyz": Owner.NOBODY,
    "metrics": Owner.NOBODY,
}
"""By the first part of the path. The alarm process's own routes below /api, /ws and beside them come first."""
_NEAR: Final = ("api", "ws", "ingest", "hooks", "assets")
"""What begins like these is one of them with a mistake in it."""


def owner_of(path: str) -> Owner:
    """Who answers for this path."""
    first = next(iter(path.strip("/").split("/")), "")
    if first in OWNERS:
        return OWNERS[first]
    return Owner.NOBODY if first.lower().startswith(_NEAR) or path == "*" else Owner.CONSOLE
