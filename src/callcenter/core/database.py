"""Reaching PostgreSQL: SQLAlchemy sessions for people's edits, held asyncpg connections for the alarm path."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.known_types import KnowingTypes
from callcenter.core.primary import Host, Primary, hosts_of

SERVER_ROLE: Final = "callcenter_server"
"""The role of everything the server does: it cannot change the journal or the audit trail (design 6b.17)."""

_CONNECT_TIMEOUT_S: Final = 5.0
_STATEMENT_TIMEOUT_MS: Final = 15_000
"""Longer than any page needs; a runaway query must not keep a pooled connection for ever."""
_ANSWER_S: Final = 30.0
"""A database host that vanished says nothing: without this its connections would be waited for until TCP gives up (15 min)."""

_TCP_GIVES_UP_MS: Final = 8_000
"""What was sent and not even received for this long ends the connection: a host that lost its power sends no farewell."""
_KEEPALIVE: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}

_REFUSALS: Final = (
    OSError,  # also TimeoutError: nobody listens, or nobody answers
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TargetServerAttributeNotMatched,  # of several hosts none takes writes
)


class Database:
    """One PostgreSQL database. `role` is taken on right after log-in; None keeps the log-in's own (migrations). Where the address
    names several hosts, every connection goes to the one that takes writes (`core/primary.py`).
    """

    def __init__(self, dsn: str, *, role: str | None = SERVER_ROLE, pool_size: int = 10) -> None:
        self.dsn = dsn
        self._role = role
        hosts = hosts_of(dsn)
        self._primary = Primary(hosts, durable=assert_durable) if len(hosts) > 1 else None
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._open_pooled,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=_CONNECT_TIMEOUT_S,
            pool_pre_ping=True,
            json_serializer=_encode_json,
            json_deserializer=orjson.loads,
        )
        event.listen(self.engine.sync_engine, "handle_error", _let_go_of_a_standby)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @property
    def has_several_hosts(self) -> bool:
        """Where one does not answer, another may."""
        return self._primary is not None

    def doubt(self, connection: asyncpg.Connection) -> None:
        """It was lost, or a statement had no answer: the next one is made where writes are taken then."""
        if self._primary is not None:
            self._primary.doubt(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end of the block and rolls back on an error."""
        async with self._sessions.begin() as session:
            yield session

    async def connect(self, name: str, *, answer_s: float | None = _ANSWER_S) -> asyncpg.Connection:
        """A held connection with JSON as Python objects. Locks are waited for 200 ms at most, a transaction may stand
        idle for 2 s (design 6b.4); a statement without an answer after `answer_s` raises TimeoutError. Raises
        Unavailable while PostgreSQL cannot be reached.
        """
        connection = await self._open(
            name,
            answer_s,
            idle_in_transaction_session_timeout="2000",
            lock_timeout="200",
            # Planned once and by index, whatever the statistics say: those of a young table call reading it through
            # the cheapest, and a plan made while it was empty would be kept while it grows.
            plan_cache_mode="force_generic_plan",
            enable_seqscan="off",
            random_page_cost="1.1",
        )
        for json_type in ("json", "jsonb"):
            await connection.set_type_codec(
                json_type, encoder=_encode_json, decoder=orjson.loads, schema="pg_catalog"
            )
        return connection

    async def close(self) -> None:
        """Closes the pool; connections handed out by `connect` belong to their holder."""
        await self.engine.dispose()

    async def _open_pooled(self) -> asyncpg.Connection:
        return await self._open(
            "callcenter",
            None,
            idle_in_transaction_session_timeout="30000",
            statement_timeout=str(_STATEMENT_TIMEOUT_MS),
            # A list or a search is planned for what is asked: the plan for anything reads a million rows to find three.
            plan_cache_mode="force_custom_plan",
            # One page must not take all processors away from the alarms.
            max_parallel_workers_per_gather="0",
            # Rows lie in memory or on solid state: following an index beats reading a table through.
            random_page_cost="1.1",
        )

    async def _open(self, name: str, answer_s: float | None, **settings: str) -> asyncpg.Connection:
        if self._role is not None:
            settings["role"] = self._role
        settings |= {"application_name": name, "timezone": "UTC"}
        try:
            if self._primary is None:
                return await _connected(self.dsn, answer_s, settings, None, _CONNECT_TIMEOUT_S)
            return await self._primary.open(partial(_connected, self.dsn, answer_s, settings))
        except _REFUSALS as error:
            raise Unavailable(
                f"PostgreSQL cannot be reached: {error}", code="database_unavailable"
            ) from error


async def _connected(
    dsn: str,
    answer_s: float | None,
    settings: dict[str, str],
    host: Host | None,
    within_s: float,
) -> asyncpg.Connection:
    """`host` is one of several, and refused unless it takes writes."""
    one = {} if host is None else {"host": host.name, "port": host.port}
    connection = await asyncpg.connect(
        dsn,
        **one,
        target_session_attrs=None if host is None else "read-write",
        timeout=within_s,
        command_timeout=answer_s,
        server_settings=settings,
        connection_class=KnowingTypes,
    )
    _notice_a_dead_host(connection)
    return connection


def _notice_a_dead_host(connection: asyncpg.Connection) -> None:
    """By the kernel, in seconds instead of a quarter of an hour; without a network there is nothing to notice."""
    of_transport = connection._transport.get_extra_info("socket")
    if of_transport is None or of_transport.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with suppress(OSError), socket.socket(fileno=os.dup(of_transport.fileno())) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (*_KEEPALIVE.items(), ("TCP_USER_TIMEOUT", _TCP_GIVES_UP_MS)):
            if hasattr(socket, name):  # not every system has them
                one.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _let_go_of_a_standby(context: ExceptionContext) -> None:
    """A pooled connection that takes no writes any more is made anew."""
    found = getattr(context.original_exception, "sqlstate", None)
    if found == asyncpg.ReadOnlySQLTransactionError.sqlstate:
        context.is_disconnect = True


async def assert_durable(connection: asyncpg.Connection) -> None:
    """Refuses a PostgreSQL that may lose what it has acknowledged (design 6b.12)."""
    rows = await connection.fetch(
        "SELECT name, setting FROM pg_settings"
        " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
    )
    wrong = [
        f"{row['name']} = {row['setting']}"
        for row in rows
        if row["setting"] not in _durable_values(row["name"])
    ]
    if wrong:
        raise Misconfigured(
            f"PostgreSQL may lose acknowledged alarms with {', '.join(wrong)}: set it to on",
            code="database_not_durable",
            settings=wrong,
        )


def _durable_values(name: str) -> tuple[str, ...]:
    # remote_apply waits for a replica on top of the own disk.
    return ("on", "remote_apply") if name == "synchronous_commit" else ("on",)


def _encode_json(value: object) -> str:
    return orjson.dumps(value).decode()
