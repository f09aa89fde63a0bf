"""Putting a device, a home or a region in test until a time: its alarms are shown as tests then, and reach nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import structlog
from pydantic import Field
from sqlalchemy import func, select

from callcenter.auth.permissions import Action, Role
from callcenter.core.database import Database
from callcenter.core.errors import Forbidden, Invalid, NotFound
from callcenter.core.held import HeldConnections
from callcenter.core.written import Written
from callcenter.devices.inventory import device_in_sight
from callcenter.devices.models import PeriodOfTest, Tested
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home

log = structlog.get_logger(__name__)

LISTED_AFTER = timedelta(hours=1)
"""For so long one that is over stands in the list, so that its end is seen."""


@dataclass(frozen=True, slots=True)
class LongestTest:
    """Port: no test may be longer."""

    time: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Named:
    """What is to be in test; `path`: of its region, from the root down."""

    subject: Tested
    id: int
    label: str
    path: Sequence[int]


class TryBody(Written):
    """One of the three, for `minutes` from now on."""

    device_id: int | None = None
    home_id: int | None = None
    region_id: int | None = None
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class TryForecast(Written):
    """Whose alarms would reach nobody."""

    label: str
    homes: int


class TryView(Written):
    """A period of test; `over` from its time on, or once somebody has ended it."""

    id: int
    subject: Tested
    subject_id: int
    label: str
    region_id: int
    from_at: datetime
    until_at: datetime
    reason: str
    by_name: str
    ended_at: datetime | None
    over: bool


async def begin(asking: Asking, longest: LongestTest, body: TryBody) -> TryView:
    """Raises NotFound, Invalid `one_subject` and `test_too_long`, Forbidden `needs_supervisor` for a region."""
    named = await _subject(asking, body)
    until = timedelta(minutes=body.minutes)
    if until > longest.time:
        raise Invalid(
            "A test may not be that long.", code="test_too_long", minutes=longest.time.seconds // 60
        )
    period = PeriodOfTest(
        subject=named.subject.value,
        subject_id=named.id,
        label=named.label,
        region_id=named.path[-1],
        region_path=named.path,
        from_at=asking.now,
        until_at=asking.now + until,
        reason=body.reason,
        by_id=asking.principal.user_id,
        by_name=asking.principal.name,
    )
    asking.session.add(period)
    await asking.session.flush()
    subject = f"{named.subject}:{named.id}"
    await asking.note("test_begun", subject, named.path, {"minutes": body.minutes})
    return _view(period, asking.now)


async def foresee(asking: Asking, body: TryBody) -> TryForecast:
    """What `begin` would silence. Raises what it raises, but for the time."""
    named = await _subject(asking, body)
    if named.subject is not Tested.REGION:
        return TryForecast(label=named.label, homes=1)
    below = select(func.count()).select_from(Home).join(Region)
    homes = await asking.session.scalar(below.where(Region.path.contains([named.id])))
    return TryForecast(label=named.label, homes=homes or 0)


async def end(asking: Asking, test_id: int) -> TryView:
    """Before its time; one that is over stays as it is. Raises NotFound."""
    period = await asking.session.scalar(
        select(PeriodOfTest).where(PeriodOfTest.id == test_id).with_for_update()
    )
    if period is None or not asking.principal.may(Action.MANAGE_DEVICES, period.region_path):
        raise NotFound("no such test", what="test")
    if not _is_over(period, asking.now):
        period.ended_at = asking.now
        await asking.session.flush()
        subject = f"{period.subject}:{period.subject_id}"
        await asking.note("test_ended", subject, period.region_path)
    return _view(period, asking.now)


async def running(asking: Asking) -> list[TryView]:
    """Those of the granted regions, and what has ended within the hour; the latest first."""
    regions = sorted(asking.principal.regions(Action.MANAGE_DEVICES))
    found = await asking.session.scalars(
        select(PeriodOfTest)
        .where(
            PeriodOfTest.region_path.overlap(regions),
            PeriodOfTest.until_at > asking.now - LISTED_AFTER,
        )
        .order_by(PeriodOfTest.id.desc())
    )
    return [_view(period, asking.now) for period in found]


async def _subject(asking: Asking, body: TryBody) -> _Named:
    found = await _subjects(asking, body)
    if len(found) != 1:
        raise Invalid("Name a device, a home or a region.", code="one_subject")
    named = found[0]
    if named.subject is Tested.REGION:
        _demand_supervisor(asking, named.path)
    return named


async def _subjects(asking: Asking, body: TryBody) -> Sequence[_Named]:
    """All that are named. Raises NotFound."""
    found: list[_Named] = []
    if body.device_id is not None:
        device = await device_in_sight(asking, body.device_id, Action.MANAGE_DEVICES)
        path = await asking.path_of(device.region_id)
        found.append(_Named(Tested.DEVICE, device.id, device.identifier, path))
    if body.home_id is not None:
        home = await asking.home(body.home_id, Action.MANAGE_DEVICES)
        path = await asking.path_of(home.region_id)
        found.append(_Named(Tested.HOME, home.id, home.address, path))
    if body.region_id is not None:
        region = await asking.region(body.region_id, Action.MANAGE_DEVICES)
        found.append(_Named(Tested.REGION, region.id, region.name, region.path))
    return found


def _demand_supervisor(asking: Asking, path: Sequence[int]) -> None:
    """Nobody silences a whole region alone who does not answer for its alarms."""
    if not any(
        grant.role is Role.SUPERVISOR and grant.region_id in path
        for grant in asking.principal.grants
    ):
        raise Forbidden("A region is put in test by a supervisor.", code="needs_supervisor")


def _is_over(period: PeriodOfTest, now: datetime) -> bool:
    return period.ended_at is not None or period.until_at <= now


def _view(period: PeriodOfTest, now: datetime) -> TryView:
    return TryView(
        id=period.id,
        subject=Tested(period.subject),
        subject_id=period.subject_id,
        label=period.label,
        region_id=period.region_id,
        from_at=period.from_at,
        until_at=period.until_at,
        reason=period.reason,
        by_name=period.by_name,
        ended_at=period.ended_at,
        over=_is_over(period, now),
    )


class EndsOfTests:
    """The processor that says which tests are over, in the log and, by their rows, at the seats. They end by their time, whoever
    looks.
    """

    name = "ends_of_tests"
    interval_s = 5.0

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Each is said once, by whichever server comes first."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_OVER, now)
        for row in rows:
            log.warning(
                "test_over", subject=f"{row['subject']}:{row['subject_id']}", test=row["id"]
            )
        return 0


_OVER = """
UPDATE test_period SET noticed_at = $1, changed_xid = pg_current_xact_id()
WHERE noticed_at IS NULL AND (until_at <= $1 OR ended_at IS NOT NULL) RETURNING id, subject, subject_id
"""
