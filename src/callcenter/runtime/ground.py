"""What every process of the server stands on: its clock, the database, keys, hints."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from callcenter import __version__
from callcenter.adjustable.current import SITE_SETTINGS, Site
from callcenter.auth.guards import Context
from callcenter.auth.known_browsers import KnownBrowsers
from callcenter.auth.passwords import Passwords
from callcenter.auth.sessions import Sessions
from callcenter.core.changes import Changes
from callcenter.core.clock import Clock, SystemClock
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.core.secrets import Secrets, load_secrets
from callcenter.runtime import bounding
from callcenter.runtime.kept_answers import Recalled, recalled
from callcenter.settings import Settings
from callcenter.several.living import Lives, Self

_GATHER_S = 0.05


class Ground:
    """Made after the fork, in the process that uses it."""

    def __init__(
        self, settings: Settings, dsn: str, *, pool_size: int, is_office: bool = False
    ) -> None:
        self.settings = settings
        self.clock: Clock = SystemClock()
        self.zone = ZoneInfo(settings.timezone)
        self.process_id: UUID = new_id()
        self.database = Database(dsn, pool_size=pool_size)
        self.secrets: Secrets = load_secrets(settings.data_dir)
        self.seal = Seal.load(settings.data_dir)
        self.changes = Changes(self.database)
        self.wakeups = Wakeups()
        self.sessions = Sessions(self.database, self.clock)
        own = Self(self.process_id, socket.gethostname(), __version__)
        self.lives = Lives(self.database, self.clock, own, writes=not is_office)
        self.reserve: Reserve = bounding.reserve(settings)
        self.site = Site(bounding.adjustable(settings), self._site_changed)
        self.loaded = asyncio.Event()
        """What this process knows comes from the database; not yet, where it has started with what was kept."""
        self.keeps_answers = False
        """Whether there is something to start with while the database is away."""
        self.waits_little = False
        """It was away when the process before this one ended."""
        self.needs_answers = True
        """Without a snapshot that can be used it waits for the database; False: it knows enough without."""
        self.tables_may_be_old = False
        """The server has started without a database, whose tables may still be those of an earlier release."""

    async def recalled(self) -> Recalled:
        """What was kept. Raises Unusable."""
        return await recalled(self.settings.data_dir, self.seal)

    def _site_changed(self) -> None:
        self.wakeups.wake(SITE_SETTINGS)
        self.changes.tell(SITE_SETTINGS)

    def stands_back(self) -> bool:
        """A newer server does the work."""
        return self.lives.stands_back

    def context(
        self, ports: Mapping[type, object], grants_changed: Callable[[], Awaitable[None]]
    ) -> Context:
        """What the routers of this process are given."""
        settings = self.settings
        return Context(
            database=self.database,
            clock=self.clock,
            sessions=self.sessions,
            secure_cookies=settings.tls_certificate is not None
            or any(origin.startswith("https://") for origin in settings.public_origins),
            build=__version__,
            demo=settings.demo,
            exercise=settings.exercise,
            site_timezone=settings.timezone,
            origins=frozenset(settings.origins),
            cookie_domain=settings.several.cookie_domain,
            grants_changed=grants_changed,
            passwords=Passwords(most=settings.log_in.waiting, within_s=settings.log_in.within_s),
            known_browsers=KnownBrowsers(self.secrets.browser_key),
            ports=ports,
            site=self.site,
        )


class Hint:
    """Tells the other processes that something has changed: NOTIFY after the commit, on its own connection (design 6b.3).

    Many changes become one hint; `run` is a task.
    """

    def __init__(self, changes: Changes, channel: str) -> None:
        self._changes = changes
        self._channel = channel
        self._due = asyncio.Event()

    def give(self) -> None:
        """Soon; costs nothing."""
        self._due.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self._changes.notify(self._channel)
            await asyncio.sleep(_GATHER_S)
