"""One device in place of another: it takes over home, resident and settings, and no press of either is lost on the way.

The old one goes on serving the home for a quarter of an hour. It hangs round a neck until somebody takes it off, and what the
alarm process knows of the change is a moment old: a press of either is the home's, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import or_, select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.devices.handing import Fault, take_back
from callcenter.devices.inventory import (
    DeviceView,
    device_in_sight,
    device_views,
    end_assignments,
)
from callcenter.devices.models import Device, DeviceAssignment
from callcenter.devices.standing import holds
from callcenter.residents.access import Asking, check_version
from callcenter.residents.schemas import View

BOTH_SERVE: Final = timedelta(minutes=15)
TAKEN_OVER: Final = ("label", "heartbeat_s", "encrypted_only", "region_id")


class ReplaceBody(Written):
    """`device_id`: the one that takes over, from stock. `fault`: what is wrong with the old one; empty: back into stock."""

    version: int
    device_id: Annotated[int, Field(description="The one that takes over.")]
    fault: Fault = ""


class Replaced(View):
    """Both as they are now."""

    old: DeviceView
    new: DeviceView


async def replace_device(asking: Asking, device_id: int, body: ReplaceBody) -> Replaced:
    """Raises Invalid `same_device`, Conflict `serves_nobody`, `serves_already` and `device_faulty`."""
    old, new = await _both(asking, device_id, body.device_id)
    if new is old:
        raise Invalid("A device does not replace itself.", code="same_device")
    check_version(old, body.version)
    # What ends within a quarter of an hour was taken over before.
    serving = await _serving(asking, old, until=asking.now + BOTH_SERVE)
    await _check(asking, serving, new)
    await end_assignments(asking, old.id, asking.now + BOTH_SERVE)
    _take_over(asking, old, new, serving)
    await take_back(asking, old, body.fault)
    path = await asking.path_of(new.region_id)
    homes = sorted({each.home_id for each in serving})
    detail: dict[str, object] = {"by": new.id, "home_ids": homes, "faulty": bool(body.fault)}
    await asking.note("device_replaced", f"device:{old.id}", path, detail)
    return Replaced(old=(await device_views(asking, [old]))[0], new=(await device_views(asking, [new]))[0])  # fmt: skip


async def _both(asking: Asking, old_id: int, new_id: int) -> tuple[Device, Device]:
    """Locked in the order of their ids, so that two who exchange them the other way round do not wait for each other."""
    found = {
        each: await device_in_sight(asking, each, Action.MANAGE_DEVICES, to_change=True)
        for each in sorted((old_id, new_id))
    }
    return found[old_id], found[new_id]


async def _serving(
    asking: Asking, device: Device, until: datetime | None = None
) -> Sequence[DeviceAssignment]:
    """What it serves now, and beyond `until`."""
    query = select(DeviceAssignment).where(
        DeviceAssignment.device_id == device.id, holds(asking.now)
    )
    if until is not None:
        ends = DeviceAssignment.valid_until
        query = query.where(or_(ends.is_(None), ends > until))
    return (await asking.session.scalars(query)).all()


async def _check(asking: Asking, serving: Sequence[DeviceAssignment], new: Device) -> None:
    if not serving:
        raise Conflict("It serves nobody: there is nothing to take over.", code="serves_nobody")
    if new.fault:
        raise Conflict("The one that would take over is faulty.", code="device_faulty")
    if await _serving(asking, new):
        raise Conflict("The one that would take over serves a home.", code="serves_already")
    for each in serving:
        await asking.home(each.home_id, Action.MANAGE_DEVICES)


def _take_over(
    asking: Asking, old: Device, new: Device, serving: Sequence[DeviceAssignment]
) -> None:
    for name in TAKEN_OVER:
        if (value := getattr(old, name)) not in (None, ""):
            setattr(new, name, value)
    new.version += 1  # an assignment has no version of its own; copies in memory look at the device
    asking.session.add_all(
        DeviceAssignment(
            device_id=new.id,
            home_id=each.home_id,
            resident_id=each.resident_id,
            valid_from=asking.now,
        )
        for each in serving
    )
