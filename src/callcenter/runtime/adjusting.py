"""Settings that need no restart, kept true in the memory of each process; and which log-ins are used there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from callcenter.adjustable.current import SITE_SETTINGS, SiteReading
from callcenter.auth.session_use import UsedSessions
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def adjusting_part(ground: Ground, standing_open: Callable[[], Iterable[bytes]] = tuple) -> Part:
    """Of both processes. `standing_open`: log-ins of consoles that are connected to this one."""
    reading = SiteReading(ground.site, ground.database)
    used = UsedSessions(ground.sessions, ground.database, standing_open)

    async def stop() -> None:
        await reading.connections.close()
        await used.connections.close()

    return Part(
        prepare=ground.site.read,
        processors=[reading, used],
        listens={SITE_SETTINGS: lambda _: ground.wakeups.wake(SITE_SETTINGS)},
        stop=stop,
    )
