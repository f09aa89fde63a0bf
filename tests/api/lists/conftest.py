"""A centre with one of everything that a list shows, and people signed in with different rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from callcenter.alerts.archive import Archive
from callcenter.core.held import HeldConnections
from tests.support import office
from tests.support.districts import District, found_district
from tests.support.office import assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "east", "elsewhere", "hints", "signed_in"]

offices_app = office.app


@pytest.fixture
async def app(offices_app, database, clock) -> AsyncIterator[FastAPI]:
    looking_back = HeldConnections(database, "archive", 1)
    archive = Archive(looking_back, clock, ZoneInfo("Asia/Shanghai"))
    offices_app.state.context.ports[Archive] = archive
    yield offices_app
    await looking_back.close()


@pytest.fixture
async def east(community) -> District:
    return await found_district(community, "东榆", "+8613900000011", 40.123456)
