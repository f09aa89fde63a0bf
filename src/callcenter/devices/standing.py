"""How a device stands: in stock, signed for, at a home, silent, low, in test, faulty. For lists and for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.devices.models import (
    Device,
    DeviceAssignment,
    DeviceIssue,
    DeviceLastSeen,
    PeriodOfTest,
    Tested,
)

MISSED_HEARTBEATS: Final = 3
"""Life signs that did not come until a device counts as silent."""


class Standing(StrEnum):
    """What a list of devices is asked for. Those at a home may be several of these at once."""

    STOCK = "stock"
    ISSUED = "issued"
    ATTACHED = "attached"
    SILENT = "silent"
    LOW = "low"
    IN_TEST = "in_test"
    FAULTY = "faulty"


def holds(now: datetime) -> ColumnElement[bool]:
    """The assignment is in force at this moment."""
    return and_(
        DeviceAssignment.valid_from <= now,
        or_(DeviceAssignment.valid_until.is_(None), DeviceAssignment.valid_until > now),
    )


def stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    """The condition on Device."""
    serving = _serving(now).exists()
    signed_for = issued().where(DeviceIssue.device_id == Device.id).exists()
    conditions: Mapping[Standing, ColumnElement[bool]] = {
        Standing.ATTACHED: serving,
        Standing.ISSUED: and_(signed_for, ~serving),
        Standing.STOCK: and_(~signed_for, ~serving, Device.fault == ""),
        Standing.FAULTY: Device.fault != "",
        Standing.LOW: Device.battery_low.is_(True),
        Standing.SILENT: and_(serving, _missed(now).exists()),
        Standing.IN_TEST: or_(_tested(Tested.DEVICE, now), _tested(Tested.HOME, now)),
    }
    return conditions[standing]


def is_late(heartbeat_s: int | None, seen_at: datetime | None, now: datetime) -> bool:
    """Whether it has missed its life signs. One that was not heard of since the start may be well. Pure."""
    if heartbeat_s is None or seen_at is None:
        return False
    return seen_at < now - MISSED_HEARTBEATS * timedelta(seconds=heartbeat_s)


def issued() -> Select[DeviceIssue]:
    """What somebody has signed for and not given back."""
    return select(DeviceIssue).where(DeviceIssue.returned_at.is_(None))


async def in_test(
    session: AsyncSession, device_ids: Sequence[int], now: datetime
) -> Mapping[int, datetime]:
    """Until when these are in test, themselves or with their home."""
    own = select(PeriodOfTest.subject_id.label("id"), PeriodOfTest.until_at).where(
        _runs(Tested.DEVICE, now), PeriodOfTest.subject_id.in_(device_ids)
    )
    of_home = (
        select(DeviceAssignment.device_id.label("id"), PeriodOfTest.until_at)
        .join(PeriodOfTest, PeriodOfTest.subject_id == DeviceAssignment.home_id)
        .where(_runs(Tested.HOME, now), holds(now), DeviceAssignment.device_id.in_(device_ids))
    )
    both = own.union_all(of_home).subquery()
    latest = select(both.c.id, func.max(both.c.until_at).label("until_at")).group_by(both.c.id)
    return {row.id: row.until_at for row in await session.execute(latest)}


def _serving(now: datetime) -> Select[Any]:
    return select(DeviceAssignment.id).where(DeviceAssignment.device_id == Device.id, holds(now))


def _missed(now: datetime) -> Select[Any]:
    limit = MISSED_HEARTBEATS * Device.heartbeat_s * func.make_interval(0, 0, 0, 0, 0, 0, 1)
    return select(DeviceLastSeen.device_id).where(
        DeviceLastSeen.device_id == Device.id, DeviceLastSeen.seen_at < now - limit
    )


def _tested(subject: Tested, now: datetime) -> ColumnElement[bool]:
    """The device itself, or a home that it serves."""
    period = select(PeriodOfTest.id).where(_runs(subject, now))
    if subject is Tested.DEVICE:
        return period.where(PeriodOfTest.subject_id == Device.id).exists()
    homes = select(DeviceAssignment.home_id).where(
        DeviceAssignment.device_id == Device.id, holds(now)
    )
    return period.where(PeriodOfTest.subject_id.in_(homes)).exists()


def _runs(subject: Tested, now: datetime) -> ColumnElement[bool]:
    return and_(
        PeriodOfTest.subject == subject.value,
        PeriodOfTest.from_at <= now,
        PeriodOfTest.until_at > now,
        PeriodOfTest.ended_at.is_(None),
    )
