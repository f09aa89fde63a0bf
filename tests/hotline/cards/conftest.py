"""A hotline of a running centre, and one who works there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.hotline import Hotline, Worker, open_hotline
from tests.support.story import Story


@pytest.fixture
async def hotline(story: Story) -> AsyncIterator[Hotline]:
    async with open_hotline(story) as made:
        yield made


@pytest.fixture
async def wang(hotline: Hotline) -> Worker:
    return await hotline.worker("wang")
