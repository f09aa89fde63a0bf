"""Rides as people book and see them, with what they cost and how they were; and who may ride free."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.written import Written
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.road_words import demand_fit
from callcenter.residents.access import Asking
from callcenter.rounds.rides.booking import Booked, book, used_in_month
from callcenter.rounds.rides.fare import PaidBy
from callcenter.rounds.rides.models import RideEntitlement
from callcenter.rounds.rides.rating import BY_OFFICE, rate

Place = Annotated[str, Field(max_length=200)]


class RideBody(Written):
    """From the home, unless `place` says otherwise. `asked_fen`: what it costs without an entitlement, in fen."""

    resident_id: int
    destination: Place
    begins_at: AwareDatetime
    place: Place = ""
    minutes: Annotated[int, Field(ge=5, le=600)] = 30
    asked_fen: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    what: Annotated[str, Field(max_length=500)] = ""


class RideView(BaseModel):
    """`state` as of its task. `fare_fen` is to be paid: 0 by an entitlement, with how many of its rides of that month are used."""

    task_id: UUID
    state: str
    code: int
    resident_id: int | None
    name: str | None
    name_latin: str | None
    place: str
    destination: str
    begins_at: datetime
    minutes: int
    driver: str | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    fare_fen: int
    paid_by: PaidBy
    used: int | None
    rides_a_month: int | None
    asked_at: datetime | None
    rating: int | None
    rated_at: datetime | None
    rated_by: str


class RatingBody(BaseModel):
    rating: Annotated[int, Field(ge=1, le=5)]


class EntitlementBody(Written):
    resident_id: int
    from_day: date | None = None
    """Today, unless given."""
    until_day: date | None = None
    rides_a_month: Annotated[int, Field(ge=1, le=99)]
    document: Annotated[str, Field(max_length=200)] = ""


class EntitlementView(BaseModel):
    """`used`: rides of this month."""

    id: int
    resident_id: int
    from_day: date
    until_day: date | None
    rides_a_month: int
    document: str
    used: int


async def rides_of(asking: Asking, day: date, task_id: UUID | None = None) -> list[RideView]:
    """Of a day, in their order; the look is written down."""
    regions = sorted(asking.principal.regions(Action.SEE_FIELD))
    parts = {"regions": regions, "day": day, "task_id": task_id}
    rows = (await asking.session.execute(_RIDES, parts)).mappings().all()
    residents = sorted({row["resident_id"] for row in rows if row["resident_id"] is not None})
    await asking.note("rides_seen", "rides", regions, {"resident_ids": residents})
    return [RideView.model_validate(dict(row)) for row in rows]


async def book_ride(asking: Asking, body: RideBody, zone: tzinfo) -> RideView:
    """Raises NotFound, Invalid `destination_wanted`, `in_the_past`, `not_for_phones`."""
    resident = await asking.resident(body.resident_id, Action.BOOK_TASKS)
    if body.begins_at < asking.now.replace(second=0, microsecond=0):
        raise Invalid("A ride begins now or later.", code="in_the_past")
    demand_fit(body.what, body.place)  # where it goes is an address: 肿瘤医院
    who = asking.principal
    doer = Doer(StepBy.DESK, who.user_id, who.name)
    given: Mapping[str, Any] = body.model_dump()
    task, ride = await book(asking.session, Booked(**given), doer, asking.now, zone)
    subject = f"resident:{resident.id}"
    await asking.note("ride_booked", subject, task.region_path, {"task_id": str(task.id)})
    shown = await asking.session.execute(
        _RIDES, {"regions": task.region_path, "day": ride.booked_for, "task_id": task.id}
    )
    return RideView.model_validate(dict(shown.mappings().one()))


async def rate_ride(asking: Asking, task_id: UUID, rating: int) -> RideView:
    """As the passenger has told the office. Raises NotFound, Conflict `not_over`, `rated_already`."""
    regions = sorted(asking.principal.regions(Action.DISPATCH))
    parts = {"regions": regions, "day": asking.now.date(), "task_id": task_id}
    found = (await asking.session.execute(_RIDES, parts)).mappings().one_or_none()
    if found is None:
        raise NotFound("no such ride", what="ride")
    await rate(asking.session, task_id, rating, BY_OFFICE, asking.now)
    await asking.note("ride_rated", f"task:{task_id}", found["region_path"], {"rating": rating})
    shown = (await asking.session.execute(_RIDES, parts)).mappings().one()
    return RideView.model_validate(dict(shown))


async def entitlements(asking: Asking, resident_id: int) -> list[EntitlementView]:
    """Of one resident; the look is written down. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.BOOK_TASKS)
    rows = (await asking.session.execute(_ENTITLEMENTS, {"resident_id": resident.id})).mappings()
    found = []
    for row in rows.all():
        used = await used_in_month(asking.session, row["id"], asking.now.date())
        found.append(EntitlementView.model_validate({**row, "used": used}))
    regions = sorted(asking.principal.regions(Action.BOOK_TASKS))
    await asking.note("ride_entitlements_seen", f"resident:{resident.id}", regions)
    return found


async def entitle(asking: Asking, body: EntitlementBody) -> EntitlementView:
    """Raises NotFound, Invalid `ends_before_it_begins`."""
    resident = await asking.resident(body.resident_id, Action.DISPATCH)
    from_day = body.from_day or asking.now.date()
    if body.until_day is not None and body.until_day <= from_day:
        raise Invalid("It ends after it has begun.", code="ends_before_it_begins")
    values = body.model_dump() | {"from_day": from_day}
    row = RideEntitlement(**values, created_at=asking.now, created_by=asking.principal.user_id)
    asking.session.add(row)
    await asking.session.flush()
    regions = sorted(asking.principal.regions(Action.DISPATCH))
    await asking.note("ride_entitled", f"resident:{resident.id}", regions, {"id": row.id})
    return EntitlementView(id=row.id, used=0, **values)


_RIDES = statement(
    """
SELECT task.id AS task_id, task.state, task.code, task.resident_id, task.region_path, resident.name, resident.name_latin,
       task.place, task.destination, task.begins_at, task.minutes, staff.name AS driver, task.accepted_at, task.arrived_at,
       task.ended_at, ride.fare_fen, ride.paid_by, entitlement.rides_a_month, CASE WHEN rating.asked_phone IS NOT NULL THEN rating.asked_at END AS asked_at, rating.rating, rating.rated_at,
       coalesce(rating.rated_by, '') AS rated_by, CASE WHEN ride.entitlement_id IS NOT NULL THEN (
           SELECT count(*) FROM ride AS other JOIN task AS its ON its.id = other.task_id AND its.state <> 'cancelled'
           WHERE other.entitlement_id = ride.entitlement_id
           AND date_trunc('month', other.booked_for) = date_trunc('month', ride.booked_for)) END AS used
FROM ride JOIN task ON task.id = ride.task_id
LEFT JOIN task_rating AS rating ON rating.task_id = ride.task_id
LEFT JOIN resident ON resident.id = task.resident_id
LEFT JOIN staff ON staff.id = task.staff_id
LEFT JOIN ride_entitlement AS entitlement ON entitlement.id = ride.entitlement_id
WHERE task.region_path && CAST(:regions AS bigint[])
    AND CASE WHEN CAST(:task_id AS uuid) IS NULL THEN ride.booked_for = CAST(:day AS date) ELSE task.id = :task_id END
ORDER BY task.state = 'unplaced' DESC, task.begins_at, task.id LIMIT 2000
"""
)

_ENTITLEMENTS = statement(
    """
SELECT id, resident_id, from_day, until_day, rides_a_month, document FROM ride_entitlement
WHERE resident_id = :resident_id ORDER BY from_day DESC, id DESC
"""
)
