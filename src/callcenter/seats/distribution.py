"""Whom an alarm is offered to first, where a region rings at one seat. Pure: it knows who is ready, and nothing else.

In this order: who speaks as the resident does; who had this home last and has nothing now; the fewest open; whose turn it is,
the longest idle first. An offer ends a turn, so that among equals each is asked once before anybody is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Final, NamedTuple

from callcenter.alerts.board import Wanted
from callcenter.core.recent import Recent
from callcenter.seats.board import Scope, visible

NO_SKILLS: Final[frozenset[str]] = frozenset()
POOLS: Final = 2_000
"""Regions whose candidates are remembered between two changes."""


class Candidate(NamedTuple):
    """Somebody who is ready."""

    user_id: int
    scope: Scope
    skills: frozenset[str] = NO_SKILLS
    """Dialects and languages they speak."""


class Distribution:
    """`load`: how much a user has open or ringing."""

    def __init__(self, load: Callable[[int], int]) -> None:
        self._load = load
        self._ready: Mapping[int, Candidate] = {}
        self._listed: list[Candidate] = []
        self._turns: dict[int, int] = {}
        self._numbers = count()
        self._pools: dict[tuple[tuple[int, ...], frozenset[str]], Sequence[int]] = {}
        self._had_last: Recent[int | None, int | None] = Recent()

    def seat(self, ready: Iterable[Candidate]) -> None:
        """These are ready now. Whoever comes has the last turn; whoever stays keeps theirs."""
        listed = list(ready)
        if listed == self._listed:
            return
        self._listed = listed
        found = {one.user_id: one for one in listed}
        turns = {user: self._turns[user] for user in found if user in self._turns}
        for user in found:
            if user not in turns:
                turns[user] = next(self._numbers)
        self._ready, self._turns, self._pools = found, turns, {}

    def took(self, user_id: int, home_id: int) -> None:
        """This user has had the home last."""
        self._had_last.put(home_id, user_id)

    def best(
        self,
        path: Sequence[int],
        wanted: Wanted,
        may: Callable[[int], bool] | None = None,
    ) -> int | None:
        """The best seat for an alarm of this region, whose turn is over with it; None where nobody is ready. `may`: only of these."""
        pool = self._pool(tuple(path), wanted.speaks)
        if may is not None:
            pool = [user for user in pool if may(user)] or [
                user for user in self._pool(tuple(path), NO_SKILLS) if may(user)
            ]
        if not pool:
            return None
        load, turns = self._load, self._turns
        had_last = self._had_last.get(wanted.home_id, None)
        if had_last is not None and had_last in pool and not load(had_last):
            found = had_last
        else:
            found = min(pool, key=lambda user: (load(user), turns[user]))
        turns[found] = next(self._numbers)
        return found

    def _pool(self, path: tuple[int, ...], speaks: frozenset[str]) -> Sequence[int]:
        """Who sees this region, and of these only who speaks so, if anybody does."""
        found = self._pools.get((path, speaks))
        if found is None:
            if len(self._pools) >= POOLS:
                self._pools.clear()
            seeing = [one for one in self._ready.values() if visible(one.scope, path)]
            speaking = [one for one in seeing if speaks & one.skills]
            found = self._pools[path, speaks] = [one.user_id for one in speaking or seeing]
        return found
