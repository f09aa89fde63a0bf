"""What a ride costs, and why it costs nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PaidBy(StrEnum):
    ENTITLEMENT = "entitlement"
    PASSENGER = "passenger"
    """To be paid."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """`used`: rides of the month in question that count on it, without those that were called off."""

    id: int
    from_day: date
    until_day: date | None
    rides_a_month: int
    used: int

    def holds(self, day: date) -> bool:
        """There is one left for a ride on this day."""
        begun = self.from_day <= day
        ended = self.until_day is not None and day >= self.until_day
        return begun and not ended and self.used < self.rides_a_month


@dataclass(frozen=True, slots=True)
class Fare:
    """`fen` is what is to be paid."""

    fen: int
    paid_by: PaidBy
    entitlement_id: int | None = None


def fare_of(asked_fen: int, day: date, entitlements: Sequence[Entitlement]) -> Fare:
    """Nothing by the entitlement that ends first, else what was asked."""
    holding = [each for each in entitlements if each.holds(day)]
    if not holding:
        return Fare(asked_fen, PaidBy.PASSENGER)
    first = min(holding, key=lambda each: (each.until_day or date.max, each.id))
    return Fare(0, PaidBy.ENTITLEMENT, first.id)
