"""What is heavy starts one by one, and others are heard between."""

from __future__ import annotations

import asyncio

from callcenter.listeners.one_by_one import OneByOne


async def test_what_comes_alone_starts_at_once():
    begun: list[int] = []
    pages = OneByOne()
    pages.soon(lambda: begun.append(1))
    assert begun == [1]
    await asyncio.sleep(0)
    pages.soon(lambda: begun.append(2))
    assert begun == [1, 2]


async def test_a_press_among_hundreds_of_pages_waits_for_one_of_them():
    happened: list[str] = []
    pages, loop = OneByOne(), asyncio.get_running_loop()
    for _ in range(300):
        pages.soon(lambda: happened.append("page"))
    loop.call_soon(lambda: happened.append("press"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert happened.index("press") <= 2
    while len(happened) < 301:
        await asyncio.sleep(0)
    assert happened.count("page") == 300
