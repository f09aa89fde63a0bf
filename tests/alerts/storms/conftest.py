"""A street whose power has failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.storm import StormTimes
from callcenter.alerts.storms.noticing import Storms
from callcenter.devices.signals import Kind
from tests.alerts.conftest import Centre

PowerCut = Callable[[int], Awaitable[Sequence[UUID]]]


@pytest.fixture
def noticing(bench: Workbench) -> Storms:
    return Storms(bench, StormTimes())


@pytest.fixture
def power_cut(centre: Centre) -> PowerCut:
    """So many homes without power, each with a device of its own; their incidents."""
    made = 0

    async def cut(homes: int) -> Sequence[UUID]:
        nonlocal made
        desk, names = centre.desk, [f"hub-{made + n}" for n in range(homes)]
        made += homes
        for name in names:
            home = await desk.community.home()
            await desk.community.device(name, home, await desk.community.resident(home))
        await desk.reload()
        stored = [await desk.press(name, Kind.POWER_FAIL) for name in names]
        return [one.incident_id for one in stored if one.incident_id is not None]

    return cut
