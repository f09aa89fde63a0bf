"""The settings that hold now, in the memory of each process: what holds while the database is away is what was read last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from callcenter.adjustable.known import BUILT_IN, SETTINGS, Value
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError
from callcenter.core.held import HeldConnections

log = structlog.get_logger(__name__)

SITE_SETTINGS: Final = "site_settings"
"""The processor's name, and the channel of the hint that wakes it."""


class RawConnection(Protocol):
    """The part of an asyncpg connection (JSON codec set) that reading needs."""

    async def fetch(self, query: str, *args: object) -> Any:
        """All rows of a query."""


def _nobody() -> None:
    """Nobody else runs."""


class Site:
    """`of_file` is what the settings file of this server says; `tell` hints to the other processes that a row has changed."""

    def __init__(
        self, of_file: Mapping[str, Value] = BUILT_IN, tell: Callable[[], None] = _nobody
    ) -> None:
        self.of_file = of_file
        self.tell = tell
        self._said: Mapping[str, Value] = {}

    async def read(self, connection: RawConnection) -> None:
        """What was said on the page. A value that this version does not know or allow is left out: the file's holds."""
        rows = await connection.fetch(SAID)
        self._said = {row["name"]: row["value"] for row in rows if _is_fit(row)}

    def value(self, name: str) -> Value:
        """What holds."""
        return self._said.get(name, self.of_file[name])

    def number(self, name: str) -> int:
        """What holds, of a setting that counts."""
        return int(self.value(name))

    def text(self, name: str) -> str:
        """What holds, of a setting in words."""
        return str(self.value(name))

    @property
    def session(self) -> timedelta:
        """How long a log-in lasts that begins now."""
        return timedelta(hours=self.number("site.session_h"))

    @property
    def screen(self) -> timedelta:
        """How long a screen stays one since it was used last."""
        return timedelta(days=self.number("site.screen_d"))


def _is_fit(row: Mapping[str, Any]) -> bool:
    name = row["name"]
    if name not in SETTINGS:
        return False
    try:
        SETTINGS[name].check(row["value"])
    except CallCenterError as error:
        log.warning("site_setting_left_out", name=name, code=error.code)
        return False
    return True


class SiteReading:
    """The processor `site_settings`, of both processes: reads them on a hint, else every ten seconds."""

    name = SITE_SETTINGS
    interval_s = 10.0

    def __init__(self, site: Site, database: Database) -> None:
        self._site = site
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - the last word holds, whenever it was said
        """Zero always."""
        async with self.connections.use() as connection:
            await self._site.read(connection)
        return 0


SAID = "SELECT name, value FROM site_setting WHERE value IS NOT NULL"
