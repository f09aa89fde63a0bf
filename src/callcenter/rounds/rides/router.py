"""Rides over HTTP, in the office: booked, seen, rated; and who may ride free."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from callcenter.auth.guards import Zone, require
from callcenter.auth.permissions import Action
from callcenter.residents.guards import Trail
from callcenter.rounds.rides import keeping
from callcenter.rounds.rides.figures import WorkFigure, figures_of
from callcenter.rounds.rides.keeping import (
    EntitlementBody,
    EntitlementView,
    RatingBody,
    RideBody,
    RideView,
)

router = APIRouter(prefix="/api/v1/rides", tags=["rounds"])

Sees = require(Action.SEE_FIELD)
Books = require(Action.BOOK_TASKS)
Dispatches = require(Action.DISPATCH)


@router.get("", dependencies=[Sees])
async def show_rides(asking: Trail, day: date | None = None) -> list[RideView]:
    """Of a day, today unless given; those that nobody has taken first."""
    return await keeping.rides_of(asking, day or asking.now.date())


@router.post("", status_code=201, dependencies=[Books])
async def book_ride(body: RideBody, asking: Trail, zone: Zone) -> RideView:
    """A task for the drivers nearby. What it costs is written now: nothing by an entitlement that has a ride left in that month."""
    return await keeping.book_ride(asking, body, zone)


@router.get("/figures", dependencies=[Sees])
async def show_figures(
    asking: Trail, zone: Zone, from_day: date, until_day: date
) -> list[WorkFigure]:
    """Rides, errands and visits of these days, both included: how many were done, how many were asked about, and how they were."""
    return await figures_of(asking, from_day, until_day, zone)


@router.post("/{ride_id}/rating", dependencies=[Dispatches])
async def rate_ride(ride_id: UUID, body: RatingBody, asking: Trail) -> RideView:
    """As the passenger has told the office; the first answer stands."""
    return await keeping.rate_ride(asking, ride_id, body.rating)


@router.get("/entitlements/{resident_id}", dependencies=[Books])
async def show_entitlements(resident_id: int, asking: Trail) -> list[EntitlementView]:
    """Of one resident, with how many rides of this month are used."""
    return await keeping.entitlements(asking, resident_id)


@router.post("/entitlements", status_code=201, dependencies=[Dispatches])
async def entitle(body: EntitlementBody, asking: Trail) -> EntitlementView:
    return await keeping.entitle(asking, body)
