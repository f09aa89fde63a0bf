"""Fixtures for every test: a database of its own, and a clock moved by hand."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Generator, Iterator

import asyncpg
import pytest
import structlog
from hypothesis import settings

from callcenter.core.database import Database
from tests.support.clock import HandClock
from tests.support.lending import Lending
from tests.support.postgres import TestDatabases, running_test_cluster

_WORKER_KEY = "test_databases"
_SERVER_OF_ITS_OWN = (
    "tests/e2e/test_demo_script.py",
    "tests/e2e/test_family_page.py",
    "tests/e2e/test_from_nothing.py",
)

_SECOND_DEMO = "tests/e2e/test_li"
"""From this name on the stories of the shared demo have another one, on another worker: each half takes as long."""
_LONGEST = (
    "tests/faults/test_table_in_short.py",
    "tests/alerts/test_every_",
    "tests/replaying/test_real_night.py",
    "tests/forwarding/test_two_centres.py",
    *_SERVER_OF_ITS_OWN,
)
"""Begun before all others beside the stories, else a worker is still at one of them when there is nothing left to do."""

# No test depends on how fast the machine is.
settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")


class _SharedCluster:
    """In an xdist run the controller starts the server, before the workers, and tells them where it is."""

    def __init__(self) -> None:
        self._running = running_test_cluster()
        self._databases: TestDatabases | None = None

    def databases(self) -> TestDatabases:
        if self._databases is None:
            self._databases = self._running.__enter__()
        return self._databases

    def pytest_configure_node(self, node: object) -> None:
        databases = self.databases()
        node.workerinput[_WORKER_KEY] = (databases.admin_dsn, databases.owner_dsn)  # type: ignore[attr-defined]

    def pytest_unconfigure(self) -> None:
        if self._databases is not None:
            self._running.__exit__(None, None, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sequences",
        type=int,
        default=0,
        help="So many random sequences of everything that happens to incidents; without it a few, always the same",
    )


def pytest_configure(config: pytest.Config) -> None:
    _write_plain_tracebacks()
    if not hasattr(config, "workerinput") and config.pluginmanager.hasplugin("dsession"):
        config.pluginmanager.register(_SharedCluster())


def _write_plain_tracebacks() -> None:
    """A coloured one with the values of every frame, structlog's default, takes seconds of a core for one error."""
    *others, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, renderer])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: nobody need walk it again and again to find that out."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(
            20_000
        )  # a test makes thousands of objects, and lets go of nearly all by itself
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Every test for itself, but the stories of a shared demo on one worker, with one browser."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - only there in such a run

    class OneDemo(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            shared = nodeid.startswith("tests/e2e/") and not nodeid.startswith(_SERVER_OF_ITS_OWN)
            return f"tests/e2e {nodeid >= _SECOND_DEMO}" if shared else nodeid

    return OneDemo(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where workers share the tests, the longest first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda each: not each.nodeid.startswith(_LONGEST))


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[TestDatabases]:
    """The test cluster: `await databases.clone()` gives the DSN of a further fresh database."""
    told = getattr(request.config, "workerinput", {}).get(_WORKER_KEY)
    if told is not None:
        yield TestDatabases(*told)
        return
    with running_test_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def lending(databases: TestDatabases) -> Iterator[Lending]:
    """The databases of this process, one test after the other."""
    lending = Lending(databases)
    yield lending
    lending.close()


@pytest.fixture
async def dsn(lending: Lending) -> AsyncIterator[str]:
    """The owner's DSN of a database with all tables and no rows, for this test alone."""
    lent = await lending.lend()
    yield lent
    await lending.give_back(lent)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """The test's database as the server reaches it: in the role `callcenter_server`."""
    opened = Database(dsn)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the test's database as the owner of its tables, with JSON as Python objects."""
    as_owner = Database(dsn, role=None)
    connection = await as_owner.connect("test owner")
    yield connection
    await connection.close()
    await as_owner.close()


@pytest.fixture
def clock() -> HandClock:
    """Stands still until the test moves it."""
    return HandClock()
