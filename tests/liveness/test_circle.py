"""What a round found, as watchdog and server read it."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.liveness.circle import Circle, Leg, LegResult, LegState, legs_after

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def circle(*legs: tuple[Leg, LegState]) -> Circle:
    done = [LegResult(leg=leg, state=state) for leg, state in legs]
    return Circle(pressed_at=NOON, legs=legs_after(done))


def test_the_first_leg_that_fails_is_where_it_stopped():
    found = circle((Leg.SEAT, LegState.OK), (Leg.DEVICE, LegState.FAILED))
    assert found.failed is not None
    assert found.failed.leg is Leg.DEVICE
    assert [leg.state for leg in found.legs[2:]] == [LegState.SKIPPED] * 5


def test_one_that_holds_from_memory_is_closed_and_says_so():
    found = circle(
        *((leg, LegState.OK) for leg in Leg if leg is not Leg.CLOSED), (Leg.CLOSED, LegState.KEPT)
    )
    assert found.failed is None
    assert found.kept


def test_it_travels_as_json():
    found = circle((Leg.SEAT, LegState.FAILED))
    assert Circle.model_validate_json(found.model_dump_json()) == found
