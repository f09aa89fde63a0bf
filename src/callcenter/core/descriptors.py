"""Open files of this process: as many as the system allows, and how they are shared out before they run short."""

from __future__ import annotations

import resource
from dataclasses import dataclass, replace
from typing import Final

import structlog

log = structlog.get_logger(__name__)

WANTED: Final = 65_536
"""More serves nobody: some sites have no limit at all, and tables are made for what is allowed."""
OWN: Final = 96
"""The database, the log, the listening sockets, some files of the console: with room to spare."""
MOST_BACKLOG: Final = 1024
FEW: Final = 4096
"""With fewer than these, a site with many diallers should hear of it."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many connections may be open at once, and how many may wait to be accepted. All that wait are accepted in one go, so
    that the reserve holds as many beside the places.
    """

    devices: int
    browsers: int
    backlog: int


def shares(limit: int) -> Shares:
    """Of `limit` descriptors. A browser's or a phone's request may need a second one, on its way to the office."""
    backlog = max(16, min(MOST_BACKLOG, limit // 8))
    free = max(limit - OWN - backlog, 32)
    return Shares(devices=free * 6 // 10, browsers=free * 2 // 10, backlog=backlog)


def narrowed(given: Shares, devices: int | None, browsers: int | None) -> Shares:
    """The shares, where the settings want fewer: never more than there are descriptors for."""
    return replace(
        given,
        devices=min(given.devices, devices or given.devices),
        browsers=min(given.browsers, browsers or given.browsers),
    )


def raise_limit() -> int:
    """Raise the soft limit as far as it goes, and say so in the log; the limit from now on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    limit = WANTED if soft == resource.RLIM_INFINITY else min(soft, WANTED)
    given = shares(limit)
    of_these = {"devices": given.devices, "browsers": given.browsers}
    if limit < FEW:
        log.warning("descriptors", limit=limit, **of_these)
    else:
        log.info("descriptors", limit=limit, **of_these)
    return limit
