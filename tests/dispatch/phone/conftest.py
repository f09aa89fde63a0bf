"""A street, whoever works there, and their phones."""

from __future__ import annotations

import pytest

from callcenter.core.sealed import Seal
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.field import NOW, Field


@pytest.fixture
async def field(database, owner) -> Field:
    return Field(database, owner, await Community.found(owner))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def seal(tmp_path) -> Seal:
    return Seal.load(tmp_path)
