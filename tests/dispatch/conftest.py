"""What every test of the field starts from: a street, and whoever works there."""

from __future__ import annotations

import pytest

from tests.support.community import Community
from tests.support.field import Field


@pytest.fixture
async def field(database, owner) -> Field:
    return Field(database, owner, await Community.found(owner))
