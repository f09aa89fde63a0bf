"""Who is there to see an incident, and where its changes go: the port between alerts and seats."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from callcenter.alerts.change import Change


@dataclass(frozen=True, slots=True)
class Manning:
    """Who sits where an incident would be seen: users, and those of them who supervise there."""

    users: frozenset[int] = frozenset()
    supervisors: frozenset[int] = frozenset()
    attentive: frozenset[int] = frozenset()
    """Those of them who neither pause, nor have another incident, nor are in a call: what was offered to others rings everywhere."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What makes one seat better for an alarm than another."""

    home_id: int | None = None
    speaks: frozenset[str] = frozenset()
    """Dialects of whoever may have called; none: anybody will do."""


class Board(Protocol):
    """Where changes go after the commit, and who is there to see them. The seats' hub fulfils it."""

    def publish(self, changes: Sequence[Change]) -> None:
        """Push to the seats of this process and let other processes know."""

    def manned(self, region_path: Sequence[int]) -> bool:
        """Whether an armed seat would see an incident of this region."""

    def manning(self, region_path: Sequence[int]) -> Manning:
        """Who has an armed seat that would see an incident of this region."""

    def offer(self, region_path: Sequence[int], wanted: Wanted) -> Sequence[int]:
        """The user at whose seats an alarm of this region is to ring first; none, and it rings everywhere. From memory."""

    def present(self, user_id: int) -> bool:
        """Whether this user has an armed seat."""

    def absent_for(self, user_id: int) -> timedelta:
        """How long ago this user's console was last heard, as far as this process knows: it is missed only after some beats."""

    @property
    def manned_regions(self) -> Collection[int]:
        """Regions with an armed seat; it sees everything below them, too."""

    @property
    def present_users(self) -> Collection[int]:
        """Users with an armed seat."""

    @property
    def attentive_users(self) -> Collection[int]:
        """Those of them who neither pause nor have a taken incident."""
