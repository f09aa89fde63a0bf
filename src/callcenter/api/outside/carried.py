"""What the second listener carries: a list of what is allowed, asked before anything is routed. Pure.

A target is looked at as it was sent. What is not spelled plainly (an escape, a dot segment, an empty part, a backslash) is no
address of ours, so nobody has to know how another program would read it.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FAMILY: Final = "/f/"
PHONE: Final = "/api/v1/phone/"
PASSED: Final = {
    FAMILY: frozenset({"GET", "HEAD", "POST"}),
    PHONE: frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}),
}
"""What begins like these is the office's, by these methods."""
READING: Final = frozenset({"GET", "HEAD"})

_PLAIN: Final = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
"""Parts that are not empty and do not begin with a dot, of letters that nobody reads in two ways."""


class Way(StrEnum):
    """Who answers."""

    FILE = "file"
    """This process, with a file of the page of phones."""
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Carried:
    """`files` are those of the page of phones, below the folder of the console (m.html, assets/m-1.js)."""

    files: Set[str] = frozenset()

    def way(self, method: str, target: bytes) -> Way | None:
        """Who answers for this path as it was sent, without its query; None: nobody, whatever else the server has there."""
        if not _PLAIN.fullmatch(target):
            return None
        path = target.decode("ascii")
        if path[1:] in self.files:
            return Way.FILE if method in READING else None
        for prefix, methods in PASSED.items():
            if path.startswith(prefix):
                return Way.OFFICE if method in methods else None
        return None
