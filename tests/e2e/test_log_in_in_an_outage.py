"""The night shift comes while the database is away: the log-in page says so, lets an operator in, and the seat rings."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.conftest import LOUD, SILENT, STORY, Faults, OpenPage, Picture, log_in
from tests.e2e.test_two_servers import Beside
from tests.faults.test_log_in_without_database import PASSWORD, an_outage, staff
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place, durable_databases, furnished
from tests.support.postgres import TestDatabases
from tests.support.server import Server
from tests.support.wire import insist, sos

__all__ = ["durable_databases"]

pytestmark = STORY


@dataclass
class Night:
    """A server without its database, and how it comes back."""

    beside: Beside
    place: Place
    server: Server
    proxy: FlakyProxy

    def press(self, number: int) -> None:
        self.beside.run(insist(self.server.http_port, sos(self.place.site.phone(number))))

    def restore(self) -> None:
        async def restored() -> None:
            self.proxy.restore()

        self.beside.run(restored())


@asynccontextmanager
async def a_night(databases: TestDatabases) -> AsyncIterator[tuple[Place, Server, FlakyProxy]]:
    with tempfile.TemporaryDirectory(prefix="callcenter-night-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # noqa: ASYNC240 - a fixture may wait for a disk
        async with furnished(databases, folder) as place:
            await staff(place)
            async with an_outage(place, "at its start") as (server, proxy):
                yield place, server, proxy


@pytest.fixture
def night(playwright: Playwright, durable_databases: TestDatabases) -> Iterator[Night]:
    beside, stack = Beside(), AsyncExitStack()
    try:
        yield Night(beside, *beside.run(stack.enter_async_context(a_night(durable_databases))))
    finally:
        beside.run(stack.aclose())
        beside.end()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("zh-CN", "接线员和班长仍可登录"),
        ("en", "Operators and supervisors can log in all the same"),
    ],
)
def test_an_operator_logs_in_without_the_database(
    night: Night,
    open_any: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
    language: str,
    says: str,
):
    page = open_any(language)
    page.goto(f"{night.server.url}/?lang={language}")
    expect(page.get_by_test_id("login-away")).to_contain_text(says)
    assert accessibility_faults(page) == []
    keep_picture(page, f"login-without-database-{language}")
    log_in(page, "admin", PASSWORD)
    expect(page.locator("#login-error")).not_to_be_empty()
    log_in(page, "zhou", PASSWORD)
    page.get_by_test_id("start-duty").click()
    expect(page.get_by_test_id("outage")).to_be_visible()
    expect(page.locator(SILENT)).to_be_attached()
    night.press(2)
    expect(page.locator(LOUD)).to_be_attached()
    page.keyboard.press("t")
    expect(page.locator(SILENT)).to_be_attached()
    keep_picture(page, f"seat-without-database-{language}")
    night.restore()
    expect(page.get_by_test_id("outage-over")).to_be_visible()
    expect(page.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
