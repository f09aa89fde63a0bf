"""Devices against a signature: who has received one, when, from whom, and when it came back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict
from callcenter.core.written import Written
from callcenter.devices.inventory import IssueView, device_in_sight, end_assignments, open_issue
from callcenter.devices.models import Device, DeviceIssue
from callcenter.residents.access import Asking, check_version

Fault = Annotated[str, Field(max_length=200)]


class IssueBody(Written):
    """`received_by`: the name that was signed. The signature itself stays on paper."""

    version: int
    received_by: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


class ReturnBody(Written):
    """`fault`: what is wrong with it; empty where it can be handed out again."""

    version: int
    fault: Fault = ""


async def issue_device(asking: Asking, device_id: int, body: IssueBody) -> Device:
    """Raises Conflict `issued_already`, and `device_faulty` for one that nobody should trust."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    check_version(device, body.version)
    if device.fault:
        raise Conflict("This device is faulty.", code="device_faulty")
    if await open_issue(asking, device_id) is not None:
        raise Conflict("Somebody has signed for this device already.", code="issued_already")
    asking.session.add(
        DeviceIssue(
            device_id=device_id,
            received_by=body.received_by,
            received_at=asking.now,
            handed_by_id=asking.principal.user_id,
            handed_by_name=asking.principal.name,
        )
    )
    await asking.session.flush()
    path = await asking.path_of(device.region_id)
    await asking.note("device_issued", f"device:{device_id}", path)
    return device


async def return_device(asking: Asking, device_id: int, body: ReturnBody) -> Device:
    """It serves nobody any more, and is in stock, or faulty."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    check_version(device, body.version)
    await end_assignments(asking, device_id, asking.now)
    await take_back(asking, device, body.fault)
    path = await asking.path_of(device.region_id)
    detail = {"faulty": bool(body.fault)}
    await asking.note("device_returned", f"device:{device_id}", path, detail)
    return device


async def take_back(asking: Asking, device: Device, fault: str) -> None:
    """Into stock, with what is wrong with it; whoever has signed for it has it no longer."""
    device.fault = fault
    issue = await open_issue(asking, device.id)
    if issue is not None:
        issue.returned_at = asking.now
        issue.returned_to_name = asking.principal.name
    await asking.session.flush()


async def list_issues(asking: Asking, device_id: int) -> list[IssueView]:
    """The latest first."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES)
    rows = await asking.session.scalars(
        select(DeviceIssue)
        .where(DeviceIssue.device_id == device_id)
        .order_by(DeviceIssue.id.desc())
        .limit(100)
    )
    found = [IssueView.model_validate(row) for row in rows]
    path = await asking.path_of(device.region_id)
    await asking.note("device_issues_seen", f"device:{device_id}", path)
    return found
