"""Which of several PostgreSQL hosts takes writes: found once for all connections of a process, and anew when it no longer answers.

asyncpg asks the hosts of an address one after the other within one time limit, so that one that has vanished without a word
would use it up. Here all are asked at once, and the one with the newest timeline is taken: an old primary that nobody has
fenced is told apart from the one that was promoted.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit
from weakref import WeakKeyDictionary

import asyncpg
import structlog

from callcenter.core.errors import Misconfigured

log = structlog.get_logger(__name__)

PORT: Final = 5432
ASK_S: Final = (1.5, 1.5, 5.0)
"""How long hosts are waited for, by turns: a dead one is not waited for long, a slow one is not given up for ever."""
SECOND_LOOK_S: Final = 0.15
"""For another host that takes writes as well, after the first has answered."""
PAUSE_S: Final = 0.3
"""At least half of it lies between two searches, a random part more: a database that comes back is not met by all at once."""

MOVED: Final = (
    OSError,  # also TimeoutError
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TargetServerAttributeNotMatched,
)
"""This host does not take writes now."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name, an address or the folder of a Unix socket."""

    name: str
    port: int

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


Connect = Callable[[Host, float], Awaitable[asyncpg.Connection]]
"""Opens a connection that takes writes within so many seconds. Raises what asyncpg raises."""


@dataclass(frozen=True, slots=True)
class _Answer:
    host: Host
    timeline: int = 0
    """How often a standby was promoted before; 0: it takes no writes."""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    host: Host
    search: int
    """After how many searches."""


def hosts_of(dsn: str) -> tuple[Host, ...]:
    """In the order of the address. Pure. Raises Misconfigured for a port that is none."""
    parts = urlsplit(dsn)
    query = parse_qs(parts.query)
    named = parts.netloc.rpartition("@")[2]
    if named:
        return tuple(_host(each) for each in named.split(","))
    names = _listed(query, "host")
    ports = _listed(query, "port") or [str(PORT)]
    ports = ports * len(names) if len(ports) == 1 else ports
    return tuple(Host(name, _port(port)) for name, port in zip(names, ports, strict=False))


def newest(answers: Sequence[_Answer]) -> _Answer | None:
    """Which one to write to. Pure."""
    writing = [each for each in answers if each.timeline]
    return max(writing, key=lambda each: each.timeline, default=None)


class Primary:
    """`durable` raises Misconfigured for a host that may lose what it has acknowledged: none moves there."""

    def __init__(
        self, hosts: Sequence[Host], *, durable: Callable[[asyncpg.Connection], Awaitable[None]]
    ) -> None:
        self._hosts = hosts
        self._durable = durable
        self._known: Host | None = None
        self._last: Host | None = None
        self._failures = 0
        self._search: asyncio.Future[Host] | None = None
        self._searches = 0
        """That have found one."""
        self._opened: WeakKeyDictionary[asyncpg.Connection, _Opened] = WeakKeyDictionary()

    def doubt(self, connection: asyncpg.Connection) -> None:
        """It was lost, or did not answer: who opens one next looks at all hosts again, unless somebody has looked since it was
        opened. All that are lost together lead to one search.
        """
        opened = self._opened.get(connection)
        if opened is not None and opened.search == self._searches:
            self._known = None

    async def open(self, connect: Connect) -> asyncpg.Connection:
        """A connection to the host that takes writes. Raises what asyncpg raises of the one that is known, OSError where there is
        none.
        """
        host = self._known
        if host is not None:
            try:
                return self._keep(host, await connect(host, ASK_S[0]))
            except MOVED:
                if self._known == host:
                    self._known = None
        host = await self._found(connect)
        return self._keep(host, await connect(host, ASK_S[-1]))

    def _keep(self, host: Host, connection: asyncpg.Connection) -> asyncpg.Connection:
        self._opened[connection] = _Opened(host, self._searches)
        return connection

    async def _found(self, connect: Connect) -> Host:
        """Searched by one, for all who ask meanwhile: they fail together, too."""
        while self._known is None:
            if self._search is not None:
                return await asyncio.shield(self._search)
            search = self._search = asyncio.get_running_loop().create_future()
            search.add_done_callback(_looked_at)
            try:
                search.set_result(await self._look(connect))
            except OSError as error:
                search.set_exception(error)
                raise
            finally:
                self._search = None
                if not search.done():  # who searched was given up: the next one does
                    search.set_exception(OSError("nobody looks for the primary any more"))
        return self._known

    async def _look(self, connect: Connect) -> Host:
        if self._failures:
            await asyncio.sleep(PAUSE_S * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
        answers = await self._ask_all(connect, ASK_S[self._failures % len(ASK_S)])
        found = newest(answers)
        if found is None:
            self._failures += 1
            why = "; ".join(f"{each.host}: {each.why_not}" for each in answers)
            raise OSError(f"no host takes writes: {why}")
        self._failures = 0
        self._searches += 1
        self._known = found.host
        self._move(found)
        return found.host

    def _move(self, found: _Answer) -> None:
        """Whatever still hangs on another host is let go, so that nobody waits for the dead."""
        for connection, opened in list(self._opened.items()):
            if opened.host != found.host and not connection.is_closed():
                connection.terminate()
        if self._last not in (None, found.host):
            log.warning(
                "database_moved",
                before=str(self._last),
                now=str(found.host),
                timeline=found.timeline,
            )
        self._last = found.host

    async def _ask_all(self, connect: Connect, within_s: float) -> list[_Answer]:
        async with asyncio.TaskGroup() as group:
            asks = [
                group.create_task(self._ask(connect, host, within_s), name=f"ask {host}")
                for host in self._hosts
            ]
            waiting = set(asks)
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if any(each.result().timeline for each in done):
                    await asyncio.wait(waiting, timeout=SECOND_LOOK_S) if waiting else None
                    break
            answered = [each.result() for each in asks if each.done()]
            for each in asks:
                each.cancel()
        return answered

    async def _ask(self, connect: Connect, host: Host, within_s: float) -> _Answer:
        connection: asyncpg.Connection | None = None
        try:
            async with asyncio.timeout(within_s):
                connection = await connect(host, within_s)
                timeline = await connection.fetchval(_TIMELINE)
                if self._last not in (None, host):  # a start looks for itself
                    await self._durable(connection)
            return _Answer(host, int(timeline, 16))
        except Misconfigured as error:
            log.warning("database_not_durable", host=str(host), reason=str(error))
            return _Answer(host, why_not=str(error))
        except (*MOVED, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return _Answer(host, why_not=str(error) or f"no answer within {within_s:g} s")
        finally:
            if connection is not None:
                connection.terminate()


_TIMELINE: Final = "SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)"


def _looked_at(search: asyncio.Future[Host]) -> None:
    """A search that failed while nobody else waited for it is no error that nobody has seen."""
    search.exception()


def _listed(query: dict[str, list[str]], key: str) -> list[str]:
    return query[key][-1].split(",") if key in query else []


def _host(text: str) -> Host:
    if text.startswith("["):
        name, _, rest = text[1:].partition("]")
        return Host(name, _port(rest.removeprefix(":")))
    name, _, port = text.partition(":")
    return Host(unquote(name), _port(port))


def _port(text: str) -> int:
    if not text:
        return PORT
    if not text.isdecimal():
        raise Misconfigured(f"database_url: {text!r} is no port", code="database_url")
    return int(text)
