"""What other processes are told once a change is committed. Only hints: whoever needs the change looks by itself as well."""

from __future__ import annotations

from typing import Final, cast

from fastapi import BackgroundTasks, Depends
from fastapi.params import Depends as DependsMarker

from callcenter.auth.guards import CurrentContext
from callcenter.core.changes import Changes

LINES: Final = "lines"
"""Lines, number rules, dispositions or cards are others now."""


def hint(channel: str) -> DependsMarker:
    """A dependency of a route that changes something."""

    def tell(context: CurrentContext, background: BackgroundTasks) -> None:
        changes = context.ports.get(Changes)
        if changes is not None:
            background.add_task(cast("Changes", changes).notify, channel)

    marker: DependsMarker = Depends(tell)
    return marker
