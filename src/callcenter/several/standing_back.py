"""Whether an older server leaves the work to a newer one. Pure.

A migrated schema alone is no reason: a migration is made so that the release before works on it, and what nobody else does
must still be done. It is one as soon as a server of the newer release lives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another server that lives."""

    name: str
    revision: str
    leaving: bool = False


def is_newer(revision: str | None, known: Collection[str]) -> bool:
    """Whether the database was migrated past what this release knows."""
    return revision is not None and revision not in known


def newer_ones(
    revision: str | None, known: Collection[str], siblings: Iterable[Sibling]
) -> list[Sibling]:
    """To whom the work is left; none: it goes on here."""
    if not is_newer(revision, known):
        return []
    return [each for each in siblings if not each.leaving and is_newer(each.revision, known)]
