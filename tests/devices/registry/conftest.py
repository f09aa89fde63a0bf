"""A street with a source, and the registry that reads it."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.devices.callers import SourceRef
from callcenter.devices.registry import Registry
from tests.support.community import Community
from tests.support.reading import read_whole


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    founded = await Community.found(owner)
    await founded.source()
    return founded


@pytest.fixture
async def registry(owner: asyncpg.Connection, community: Community) -> Registry:
    made = Registry(unseal=lambda sealed, context: sealed)
    await read_whole(made, owner)
    return made


def dc09(registry: Registry) -> SourceRef:
    source = registry.source("dc09")
    assert source is not None
    return source
