"""Long lists and tables are freed a slice at a time: half a million objects at once would keep the loop for some 0.4 s."""

from __future__ import annotations

import asyncio
from typing import Any, Final

_SLICE: Final = 1_000
"""Entries, of some thirty objects each: about 10 ms."""


async def let_go(*held: list[Any] | dict[Any, Any]) -> None:
    """Empty them, with the loop let go in between. Nobody may need them any more."""
    for each in held:
        while each:
            _drop(each)
            await asyncio.sleep(0)


def _drop(held: list[Any] | dict[Any, Any]) -> None:
    if isinstance(held, list):
        del held[-_SLICE:]
        return
    for _ in range(min(_SLICE, len(held))):
        held.popitem()
