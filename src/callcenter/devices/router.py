"""REST for devices: register, change, assign to a home or resident, release."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from pydantic import AwareDatetime

from callcenter.auth.guards import CurrentUser, port, require
from callcenter.auth.permissions import Action
from callcenter.core.errors import Forbidden
from callcenter.devices import handing, inventory, replacing, sources, trying
from callcenter.devices.handing import IssueBody, ReturnBody
from callcenter.devices.inventory import (
    AssignmentBody,
    DeviceBody,
    DeviceChanges,
    DeviceFilter,
    DeviceView,
    IssueView,
)
from callcenter.devices.models import Device
from callcenter.devices.replacing import ReplaceBody, Replaced
from callcenter.devices.sources import (
    RenewBody,
    SecretsView,
    SourceBody,
    SourceChanges,
    SourceView,
)
from callcenter.devices.trying import LongestTest, TryBody, TryForecast, TryView
from callcenter.residents.access import Asking
from callcenter.residents.guards import Hint, Part, Sealed, Trail
from callcenter.residents.schemas import Page

router = APIRouter(prefix="/api/v1", tags=["devices"])


def _viewer(principal: CurrentUser) -> None:
    if not principal.actions.intersection(inventory.SEEING):
        raise Forbidden("devices are not granted", action=Action.SEE_PROFILES.value)


Viewer = Depends(_viewer)
Manager = require(Action.MANAGE_DEVICES)
Administrator = require(Action.MANAGE_USERS)


async def _view(asking: Asking, device: Device) -> DeviceView:
    return (await inventory.device_views(asking, [device]))[0]


@router.get("/devices", dependencies=[Viewer])
async def search_devices(
    asking: Trail, wanted: Annotated[DeviceFilter, Depends()], window: Part
) -> Page[DeviceView]:
    """Devices in the granted regions; `q` is the beginning of an identifier or part of a label."""
    return await inventory.find_devices(asking, wanted, window)


@router.post("/devices", status_code=201, dependencies=[Manager, Hint])
async def add_device(body: DeviceBody, asking: Trail, seal: Sealed) -> DeviceView:
    return await _view(asking, await inventory.add_device(asking, seal, body))


@router.get("/devices/{device_id}", dependencies=[Viewer])
async def show_device(device_id: int, asking: Trail) -> DeviceView:
    return await inventory.show_device(asking, device_id)


@router.patch("/devices/{device_id}", dependencies=[Manager, Hint])
async def change_device(
    device_id: int, body: DeviceChanges, asking: Trail, seal: Sealed
) -> DeviceView:
    return await _view(asking, await inventory.change_device(asking, seal, device_id, body))


@router.delete("/devices/{device_id}", status_code=204, dependencies=[Manager, Hint])
async def remove_device(device_id: int, version: int, asking: Trail) -> None:
    """For entries made by mistake; a device that only changes hands is released and assigned."""
    await inventory.remove_device(asking, device_id, version)


@router.post("/devices/{device_id}/assignments", status_code=201, dependencies=[Manager, Hint])
async def assign_device(device_id: int, body: AssignmentBody, asking: Trail) -> DeviceView:
    """Let the device serve a home, and optionally one resident of it, from now or from `valid_from` on."""
    return await _view(asking, await inventory.assign_device(asking, device_id, body))


@router.post("/devices/{device_id}/release", dependencies=[Manager, Hint])
async def release_device(
    device_id: int,
    asking: Trail,
    ends: Annotated[AwareDatetime | None, Body(embed=True)] = None,
) -> DeviceView:
    """End what the device serves, now or at `ends`."""
    return await _view(asking, await inventory.release_device(asking, device_id, ends))


@router.post("/devices/{device_id}/issue", status_code=201, dependencies=[Manager])
async def issue_device(device_id: int, body: IssueBody, asking: Trail) -> DeviceView:
    """Hand it out against a signature: who has received it, when, from whom."""
    return await _view(asking, await handing.issue_device(asking, device_id, body))


@router.post("/devices/{device_id}/return", dependencies=[Manager])
async def return_device(device_id: int, body: ReturnBody, asking: Trail) -> DeviceView:
    """It came back into stock, perhaps with a fault."""
    return await _view(asking, await handing.return_device(asking, device_id, body))


@router.get("/devices/{device_id}/issues", dependencies=[Manager])
async def list_issues(device_id: int, asking: Trail) -> list[IssueView]:
    """Who has had it, the latest first."""
    return await handing.list_issues(asking, device_id)


@router.post("/devices/{device_id}/replacement", status_code=201, dependencies=[Manager, Hint])
async def replace_device(device_id: int, body: ReplaceBody, asking: Trail) -> Replaced:
    """Another one takes over home, resident and settings. For a quarter of an hour both serve the home, so that a press of
    either is the home's."""
    return await replacing.replace_device(asking, device_id, body)


@router.get("/sources", dependencies=[Administrator])
async def list_sources(asking: Trail) -> list[SourceView]:
    """Who may hand in signals, and when each was last heard."""
    return await sources.list_sources(asking)


@router.post("/sources", status_code=201, dependencies=[Administrator, Hint])
async def add_source(body: SourceBody, asking: Trail, seal: Sealed) -> SecretsView:
    """Token and secret are in this answer alone."""
    return await sources.add_source(asking, seal, body)


@router.patch("/sources/{source_id}", dependencies=[Administrator, Hint])
async def change_source(source_id: int, body: SourceChanges, asking: Trail) -> SourceView:
    """Region of its unknown callers, how long a repeat is one, and whether it is heard at all."""
    return await sources.change_source(asking, source_id, body)


@router.post("/sources/{source_id}/renewal", status_code=201, dependencies=[Administrator, Hint])
async def renew_source(source_id: int, body: RenewBody, asking: Trail, seal: Sealed) -> SecretsView:
    """Fresh token and secret, in this answer alone; those of before are accepted for some time yet."""
    return await sources.renew_source(asking, seal, source_id, body)


@router.get("/tests", dependencies=[Manager])
async def show_tests(asking: Trail) -> list[TryView]:
    """What is in test in the granted regions, and what was within the hour."""
    return await trying.running(asking)


@router.post("/tests", status_code=201, dependencies=[Manager, Hint])
async def begin_test(
    body: TryBody, asking: Trail, longest: Annotated[LongestTest, port(LongestTest)]
) -> TryView:
    """测试: from now on for `minutes` alarms of this device, home or region are tests and reach nobody. Ends by itself."""
    return await trying.begin(asking, longest, body)


@router.post("/tests/preview", dependencies=[Manager])
async def preview_test(body: TryBody, asking: Trail) -> TryForecast:
    """How many homes would reach nobody. Begins nothing."""
    return await trying.foresee(asking, body)


@router.post("/tests/{test_id}/end", dependencies=[Manager, Hint])
async def end_test(test_id: int, asking: Trail) -> TryView:
    """Before its time."""
    return await trying.end(asking, test_id)
