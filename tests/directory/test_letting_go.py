"""Freed in slices."""

from __future__ import annotations

import asyncio
import itertools

from callcenter.directory.letting_go import let_go


async def test_others_have_their_turn_while_much_is_freed():
    rows, places = list(range(10_000)), dict.fromkeys(range(5_000))
    freeing = asyncio.ensure_future(let_go(rows, places))
    seen = []
    while not freeing.done():
        await asyncio.sleep(0)
        seen.append(len(rows) + len(places))
    assert (rows, places) == ([], {})
    assert max(before - after for before, after in itertools.pairwise(seen)) <= 1_000


async def test_nothing_is_freed_at_once():
    await let_go([], {})
