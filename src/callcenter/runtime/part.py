"""What one part of the program brings into the process it runs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
from fastapi import APIRouter

from callcenter.core.changes import Callback
from callcenter.core.processing import Processor
from callcenter.core.supervisor import Supervisor


async def _nothing() -> None:
    """A part that has nothing to close."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A process is a list of these; `runtime.process` starts them in order and stops them in reverse."""

    prepare: Callable[[asyncpg.Connection], Awaitable[object]] | None = None
    """Before anything is served, on a connection that is closed afterwards. Where the process starts without a database, on what was
    kept of its answers (core.replayed), and once more when it is there.
    """
    without_database: Callable[[datetime], None] | None = None
    """The process starts with what was kept as of this moment."""
    tasks: Mapping[str, Callable[[], Coroutine[Any, Any, Any]]] = field(default_factory=dict)
    """What runs as long as the process, by name."""
    processors: Sequence[Processor] = ()
    yields: bool = False
    """Its processors rest while a newer server does the work."""
    listens: Mapping[str, Callback] = field(default_factory=dict)
    """Channels of NOTIFY and what their hints wake."""
    routers: Sequence[APIRouter] = ()
    ports: Mapping[type, object] = field(default_factory=dict)
    """What routers find in the context, by type."""
    open: Callable[[Supervisor], Awaitable[None]] | None = None
    """Let signals in: called once everything runs."""
    waits: bool = False
    """Where the process starts without a database it is not prepared, and its processors rest until the database is there."""
    leave: Callable[[], Awaitable[None]] = _nothing
    """Before anything is closed: whoever can go to another server is told to."""
    close: Callable[[], Awaitable[None]] = _nothing
    """Let nothing more in; requests under way may still end."""
    stop: Callable[[], Awaitable[None]] = _nothing
    """After the last request."""
