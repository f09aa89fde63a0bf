"""What a ride costs."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.rounds.rides.fare import Entitlement, Fare, PaidBy, fare_of

DAY = date(2026, 3, 14)
LONG_AGO = date(2020, 1, 1)
TO_BE_PAID = Fare(1_200, PaidBy.PASSENGER)


@pytest.mark.parametrize(
    ("held", "fare"),
    [
        ([], TO_BE_PAID),
        ([Entitlement(1, LONG_AGO, None, 4, 3)], Fare(0, PaidBy.ENTITLEMENT, 1)),
        ([Entitlement(1, LONG_AGO, None, 4, 4)], TO_BE_PAID),
        ([Entitlement(1, date(2026, 3, 15), None, 4, 0)], TO_BE_PAID),
        ([Entitlement(1, LONG_AGO, DAY, 4, 0)], TO_BE_PAID),
        (
            [
                Entitlement(1, LONG_AGO, None, 4, 0),
                Entitlement(2, LONG_AGO, date(2026, 4, 1), 4, 0),
            ],
            Fare(0, PaidBy.ENTITLEMENT, 2),
        ),
        (
            [
                Entitlement(1, LONG_AGO, None, 4, 0),
                Entitlement(2, LONG_AGO, date(2026, 4, 1), 4, 4),
            ],
            Fare(0, PaidBy.ENTITLEMENT, 1),
        ),
    ],
)
def test_a_ride_is_free_by_what_ends_first_and_else_to_be_paid(held, fare: Fare):
    assert fare_of(1_200, DAY, held) == fare
