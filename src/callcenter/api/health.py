"""For those who watch the server: alive, ready, and what it counts."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from callcenter.api.hosts import is_this_machine
from callcenter.auth.guards import CurrentContext, client_address, context_of
from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.errors import Forbidden
from callcenter.core.migrating import all_revisions, latest_revision
from callcenter.listeners.heard import ListenerAge

log = structlog.get_logger(__name__)

router = APIRouter(tags=["operations"])
alive_router = APIRouter(include_in_schema=False)
"""For the alarm process, which asks the office whether it lives and what it counts."""

Check = Callable[[], Awaitable[bool]]
RECENT_S: Final = 0.5
"""Strangers may ask, too, and each answer costs connections that operators need."""


class _Recent:
    """What was found last; one at a time looks anew."""

    def __init__(self) -> None:
        self._found: Readiness | None = None
        self._at = -math.inf
        self._looking = asyncio.Lock()

    async def found(self, now: float, look: Callable[[], Awaitable[Readiness]]) -> Readiness:
        """At most `RECENT_S` old, by `now` (monotonic s)."""
        async with self._looking:
            if self._found is None or now - self._at >= RECENT_S:
                self._found, self._at = await look(), now
            return self._found


@dataclass(frozen=True, slots=True)
class Health:
    """Port of the context: what must hold before traffic may come, and the bearer token that reads `/metrics` from other
    machines (None: loopback only). The database and its migrations are checked in any case; a check named `database` knows
    better than the question whether it answers.
    """

    checks: Mapping[str, Check] = field(default_factory=dict)
    shown: Mapping[str, Check] = field(default_factory=dict)
    """What the answer names, too, although alarms are received without it."""
    listeners: Callable[[float], Mapping[str, ListenerAge]] = lambda _: {}
    """How long ago each listener of devices heard of anybody, at a time (monotonic s)."""
    office_metrics: Callable[[], Awaitable[bytes | None]] | None = None
    """What the office counts, shown with what this process counts."""
    outside_metrics: Callable[[], Awaitable[bytes | None]] | None = None
    """The same of the second listener, where there is one."""
    metrics_token: str | None = field(default=None, repr=False)
    recent: _Recent = field(default_factory=_Recent, repr=False, compare=False)


class Alive(BaseModel):
    status: str = "alive"
    build: str


class Readiness(BaseModel):
    """`checks` names each condition and whether it holds; `ready` needs all of them but `office`, `alarms_told`,
    `texts_leave`, `disk_reserve`, `watchdog` and `outside`. `listeners` tells when each last heard of anybody; that a night is quiet is no fault."""

    ready: bool
    checks: dict[str, bool]
    listeners: dict[str, ListenerAge] = {}


@router.get("/healthz")
async def alive(context: CurrentContext) -> Alive:
    """The process answers. Says nothing of the database: a restart would not bring that back."""
    return Alive(build=context.build)


@alive_router.get("/healthz")
async def office_alive(context: CurrentContext) -> Alive:
    """The office answers."""
    return Alive(build=context.build)


@router.get("/readyz", responses={503: {"model": Readiness}})
async def ready(context: CurrentContext, response: Response) -> Readiness:
    """Alarms can be received and stored: database reachable and migrated, listeners up. 503 if not.

    `staying` is false while it is being stopped, `schema_known` while a newer server does the work: send nobody here any more.

    `office` says whether the rest of the server answers; alarms do not need it. `alarms_told` is false while an alarm waits that
    no seat sees and no duty number can be told of, `texts_leave` while an emergency text waits for more than a minute,
    `disk_reserve` while the disk is nearly full and what is left is for alarms, `watchdog` while one that was enrolled is silent or
    says that its circle does not close, `outside`, where there is a second listener, while that does not answer; devices must get
    through all the same.
    """
    health = health_of(context.ports)
    now = context.clock.monotonic()
    look = partial(_look, health, context.database, now)
    found = await health.recent.found(now, look)
    if not found.ready:
        response.status_code = 503
    return found


async def _look(health: Health, database: Database, now: float) -> Readiness:
    checks: dict[str, Check] = {
        "database": partial(_answers, database),
        "migrations": partial(_is_current, database, or_newer="schema_known" in health.checks),
        **health.checks,
    }
    results = {name: await _holds(name, check) for name, check in checks.items()}
    is_ready = all(results.values())
    results |= {name: await _holds(name, check) for name, check in health.shown.items()}
    ages = dict(health.listeners(now))
    return Readiness(ready=is_ready, checks=results, listeners=ages)


@router.get("/metrics", response_class=Response)
async def read_metrics(request: Request) -> Response:
    """In the text format of Prometheus; from this machine, or with the bearer token of the settings."""
    health = health_of(context_of(request).ports)
    if not (_is_from_here(request) or _has_token(request, health.metrics_token)):
        raise Forbidden("metrics are read on this machine or with the bearer token")
    counted = metrics.exposition()
    if health.office_metrics is not None:
        others = {"office": health.office_metrics, "outside": health.outside_metrics}
        told = {name: await ask() for name, ask in others.items() if ask is not None}
        counted = metrics.merged({"alarm": counted} | {name: of for name, of in told.items() if of})
    return Response(counted, media_type=metrics.CONTENT_TYPE)


@alive_router.get("/metrics", response_class=Response)
async def office_metrics() -> Response:
    """What the office counts. From outside this address is the alarm process's."""
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


def health_of(ports: Mapping[type, object]) -> Health:
    found = ports.get(Health)
    return found if isinstance(found, Health) else Health()


LONGEST_S: Final = 1.0
"""So long a check may take: whoever asks has to send devices elsewhere."""
_asked: Final[set[asyncio.Future[bool]]] = set()
"""Those that are not done."""


async def _holds(name: str, check: Check) -> bool:
    """A database that stands still answers nothing, and gives nothing back either: the question is left, not waited for."""
    asking = asyncio.ensure_future(check())  # noqa: TID251 - left where it hangs: a group would wait
    _asked.add(asking)
    asking.add_done_callback(_asked.discard)
    await asyncio.wait({asking}, timeout=LONGEST_S)
    if not asking.done():
        asking.cancel()
        log.warning("readiness_check_failed", check=name, error=f"no answer in {LONGEST_S} s")
        return False
    try:
        return asking.result()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with a check, the answer is no
        log.warning("readiness_check_failed", check=name, error=repr(error))
        return False


async def _answers(database: Database) -> bool:
    async with database.transaction() as session:
        return await session.scalar(text("SELECT true")) is True


async def _is_current(database: Database, *, or_newer: bool) -> bool:
    """`or_newer`: one ahead of this release is another check's, which knows who else lives."""
    async with database.transaction() as session:
        found = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return found == latest_revision() or (or_newer and found not in all_revisions())


def _is_from_here(request: Request) -> bool:
    """From this machine itself, not through a proxy on it, nor by a foreign page in its browser."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    if not is_this_machine(request.headers.get("host", "localhost")):
        return False
    return _is_loopback(client_address(request))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _has_token(request: Request, token: str | None) -> bool:
    sent = request.headers.get("authorization", "")
    return token is not None and secrets.compare_digest(sent.encode(), f"Bearer {token}".encode())
