"""Processors of the alarm path do not wait for each other."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.processors import AT_ONCE, alarm_processors
from callcenter.core.held import HeldConnections
from tests.alerts.conftest import Desk


async def test_each_gets_along_with_one_connection_while_all_others_hold_theirs(
    desk: Desk, bench: Workbench
):
    """A second one would be refused after five seconds, and the processor would say that it failed."""
    connections = HeldConnections(desk.database, "processing", AT_ONCE)
    processors = alarm_processors(
        replace(bench, connections=connections), desk.intake, taker_gone_s=10.0
    )
    assert len({each.name for each in processors}) == AT_ONCE
    async with AsyncExitStack() as others:
        for _ in processors[1:]:
            await others.enter_async_context(connections.use())
        for each in processors:
            await each.run_once(desk.clock.now())
    await connections.close()
