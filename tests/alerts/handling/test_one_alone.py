"""What is wrong with one incident holds up no other; a database that is away holds up all."""

from __future__ import annotations

from uuid import UUID

import pytest

from callcenter.alerts.handling.one_alone import Became, one_alone
from callcenter.core.errors import Conflict

INCIDENT = UUID(int=7)


async def _ends_with(error: Exception | None) -> None:
    if error is not None:
        raise error


@pytest.mark.parametrize(
    ("error", "became"),
    [
        (None, Became.DONE),
        (Conflict("Somebody holds it.", code="wrong_state"), Became.LEFT),
        (ZeroDivisionError(), Became.FAILED),
    ],
)
async def test_what_became_of_it_is_told_and_nothing_is_raised(
    error: Exception | None, became: Became
):
    assert await one_alone(INCIDENT, _ends_with(error)) is became


async def test_a_connection_that_is_lost_is_told_to_whoever_goes_through_them():
    with pytest.raises(ConnectionError):
        await one_alone(INCIDENT, _ends_with(ConnectionResetError()))
