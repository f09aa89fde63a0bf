"""Waiting for something to become true, with a deadline instead of a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

DEADLINE_S = 10.0


async def until(condition: Callable[[], object], what: str, within_s: float = DEADLINE_S) -> None:
    """Poll until `condition()` holds; fail with `what` when it does not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not condition():
        assert loop.time() < deadline, f"not within {within_s:g} s: {what}"
        await asyncio.sleep(0.005)


async def until_told(
    ask: Callable[[], Awaitable[object]], what: str, within_s: float = DEADLINE_S
) -> None:
    """As `until`, where the answer must be fetched."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not await ask():
        assert loop.time() < deadline, f"not within {within_s:g} s: {what}"
        await asyncio.sleep(0.05)
