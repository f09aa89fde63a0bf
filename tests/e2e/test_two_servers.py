"""Two servers on one database: a seat whose server is stopped or killed goes on at the other, with its incident, its half-written
note and its sound, and what is pressed meanwhile rings there.
"""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Page, Playwright, expect

from callcenter.auth.guards import COOKIE
from tests.e2e.conftest import HEARD, LOUD, SILENT, STORY, OpenPage
from tests.support.place import Place, durable_databases, furnished
from tests.support.postgres import TestDatabases
from tests.support.server import Server
from tests.support.wire import insist, sos

__all__ = ["durable_databases"]

pytestmark = STORY

T = TypeVar("T")


class Beside:
    """An event loop in a thread of its own: the browser's library has the one of this thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(110)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass
class Two:
    """Both servers, of which each names both."""

    beside: Beside
    place: Place
    first: Server
    second: Server

    def press(self, number: int) -> None:
        """At the second server, which is there to the end."""
        phone = self.place.site.phone(number)
        self.beside.run(insist(self.second.http_port, sos(phone)))


@pytest.fixture
def two(playwright: Playwright, durable_databases: TestDatabases) -> Iterator[Two]:
    beside, stack = Beside(), AsyncExitStack()
    try:
        place, first, second = beside.run(stack.enter_async_context(two_servers(durable_databases)))
        yield Two(beside, place, first, second)
    finally:
        beside.run(stack.aclose())
        beside.end()


@asynccontextmanager
async def two_servers(databases: TestDatabases) -> AsyncIterator[tuple[Place, Server, Server]]:
    ports = [free_port(), free_port()]
    servers = json.dumps([f"http://127.0.0.1:{port}" for port in ports])
    with tempfile.TemporaryDirectory(prefix="callcenter-two-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # noqa: ASYNC240 - a fixture may wait for a disk
        async with furnished(databases, folder) as place:
            made = [
                await place.serve(SEVERAL__SERVERS=servers, PORT=str(port), LANGUAGE="en")
                for port in ports
            ]
            yield place, *made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def killed(two: Two) -> None:
    two.first.kill()


def stopped(two: Two) -> None:
    assert two.beside.run(two.first.stop()) == 0


@pytest.mark.parametrize("lose", [stopped, killed])
def test_the_seat_goes_on_at_the_other_server(
    two: Two, open_any: OpenPage, lose: Callable[[Two], None]
):
    page = seat_of(two, open_any)
    expect(page.locator(HEARD)).to_be_attached()  # the test tone
    expect(page.locator(SILENT)).to_be_attached()
    two.press(0)
    expect(page.locator(LOUD)).to_be_attached()
    page.keyboard.press("t")
    expect(page.locator(SILENT)).to_be_attached()
    page.keyboard.press("n")
    page.get_by_test_id("note-field").fill("her daughter is on the way")

    page.evaluate(WATCH_LINE)
    lose(two)
    lost_at = time.monotonic()
    expect(page.get_by_test_id("elsewhere")).to_contain_text(f"127.0.0.1:{two.second.http_port}")
    two.press(1)
    expect(page.locator(LOUD)).to_be_attached()
    print(f"{lose.__name__}: rings there {time.monotonic() - lost_at:.2f} s after")  # noqa: T201
    print(f"without a line for {page.evaluate('window.longestDown'):.0f} ms")  # noqa: T201
    expect(page.get_by_test_id("link-lost")).to_have_count(0)
    expect(page.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("note-field")).to_have_value("her daughter is on the way")

    page.get_by_test_id("note-field").press("Enter")
    expect(page.get_by_text("her daughter is on the way")).to_be_visible()


WATCH_LINE = """() => {
    window.longestDown = 0
    let since = null
    const look = () => {
        const down = !document.querySelector('.bar__state--live')
        if (down) since ??= performance.now()
        else if (since !== null) since = null
        if (since !== null) window.longestDown = Math.max(window.longestDown, performance.now() - since)
        requestAnimationFrame(look)
    }
    look()
}"""


def seat_of(two: Two, open_any: OpenPage) -> Page:
    """On duty at the first server."""
    page = open_any("en")
    operator = two.place.site.operators[0]
    page.context.add_cookies([{"name": COOKIE, "value": operator.cookie, "url": two.first.url}])
    page.goto(two.first.url)
    page.get_by_test_id("start-duty").click()
    expect(page.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
    return page
