"""Which of the rules say of which open alarms that they go now. Pure but for the memory of who sits where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from callcenter.alerts.board import Board
from callcenter.forwarding.rules import Rule, Standing, Why, judge, rule_of

COMING_BACK_S: Final = 15.0
"""Nobody sits there only when nobody has for so long: an operator who loads the page again, or whose server has just started, is
there again within this.
"""


class Seated:
    """Where nobody sits, and since when this process knows it (monotonic seconds)."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._empty: dict[tuple[int, ...], float] = {}

    def begin(self, paths: Sequence[tuple[int, ...]], monotonic: float) -> None:
        """A look at all of these at once; of others nothing is remembered."""
        before = self._empty
        self._empty = {
            path: before.get(path, monotonic) for path in paths if not self._board.manned(path)
        }

    def is_manned(self, path: tuple[int, ...], monotonic: float) -> bool:
        """Until it is certain that nobody will be back in a moment."""
        since = self._empty.get(path)
        return since is None or monotonic - since < COMING_BACK_S


def standing_of(row: Mapping[str, Any]) -> Standing:
    """Of a row of an open alarm with where it came from."""
    return Standing(
        incident_id=row["id"],
        region_path=tuple(row["region_path"]),
        kind=row["kind"],
        priority=row["priority"],
        waits=row["state"] == "waiting",
        rang_at=row["opened_at"],
        hops=row["hops"] if row["centre_id"] is not None else 0,
        came_from=row["centre_id"],
    )


def due(
    rows: Sequence[Mapping[str, Any]], seated: Seated, monotonic: float, now: datetime
) -> list[tuple[Standing, Rule]]:
    """The pairs of which the rule says: now. `now` in the site's zone."""
    pairs = [(standing_of(row), rule_of(row)) for row in rows]
    seated.begin(list(dict.fromkeys(tuple(one.region_path) for one, _ in pairs)), monotonic)
    return [
        (one, rule)
        for one, rule in pairs
        if judge(rule, one, manned=seated.is_manned(tuple(one.region_path), monotonic), now=now)
        is Why.NOW
    ]
