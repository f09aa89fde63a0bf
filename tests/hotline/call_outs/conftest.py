"""A whole centre with call lists that rings by itself, its time moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.hotline.call_outs.router import RingsByItself
from callcenter.hotline.list_calls import ListCalls
from tests.support.calls import Caller, Calls, open_calls
from tests.support.clock import HandClock
from tests.support.outbox import SHANGHAI
from tests.support.story import Story, open_story
from tests.support.voice import PAUSES, Voice


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    async with open_story(database, owner, clock) as made:
        yield made


@pytest.fixture
async def calls(story: Story) -> AsyncIterator[Calls]:
    async with open_calls(story) as made:
        yield made


@pytest.fixture
async def wang(calls: Calls) -> Caller:
    return await calls.caller("wang")


@pytest.fixture
async def voice(calls: Calls) -> Voice:
    """With the office's processor beside it, at a site with an exchange."""
    context = calls.story.app.state.context
    ports = {**context.ports, RingsByItself: RingsByItself(exchange=True)}
    calls.story.app.state.context = replace(context, ports=ports)
    voice = Voice(calls.story)
    voice.installed()
    held = HeldConnections(calls.story.database, "list calls", 1)
    calls.story.stack.push_async_callback(held.close)
    listed = ListCalls(held, PAUSES.quiet, SHANGHAI)
    calls.story.processors = [*calls.story.processors, listed]
    return voice
