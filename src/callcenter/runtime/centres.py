"""Other centres in the office: it sends to them, asks whether they hear us, and hears who has accepted. The ways are picked here."""

from __future__ import annotations

from functools import partial
from typing import Final

from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.forwarding import ANSWERED, WRITTEN
from callcenter.forwarding.accepting import Accepting
from callcenter.forwarding.claiming import opener
from callcenter.forwarding.flown import Flown
from callcenter.forwarding.models import WayKind
from callcenter.forwarding.router import outage_router, taken_router
from callcenter.forwarding.sender import FORWARDER, Forwarder
from callcenter.forwarding.supervising import CentrePaths
from callcenter.forwarding.way import Way
from callcenter.forwarding.ways.dc09 import Dc09Way
from callcenter.forwarding.ways.http import HttpWay
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part

SPOOL_BYTES: Final = 256 * 1024
"""Some hundred forwardings with their centres."""


def centres_part(ground: Ground, supervisor: Supervisor) -> Part:
    """Of the office."""
    opened = opener(ground.seal)
    ways: dict[str, Way] = {
        WayKind.DC09: Dc09Way(ground.clock),
        WayKind.HTTP: HttpWay(ground.clock),
    }
    tell = partial(ground.changes.notify, ANSWERED)
    spool = Spool(
        ground.settings.data_dir / "spool-forwards", ground.seal, segment_bytes=SPOOL_BYTES
    )
    flown = Flown(ways, opened, supervisor.start_short, ground.clock, spool)
    forwarder = Forwarder(
        ground.database,
        ways,
        opened,
        start_short=supervisor.start_short,
        wake=partial(ground.wakeups.wake, FORWARDER),
        tell_changed=tell,
        clock=ground.clock,
    )
    forwarder.adopt_from(flown)
    paths = CentrePaths(ground.database, ways, opened, ground.clock)
    accepting = Accepting(ground.database, opened)

    async def stop() -> None:
        await paths.connections.close()
        await accepting.connections.close()
        await forwarder.close()

    return Part(
        processors=[forwarder, flown, paths],
        listens={WRITTEN: lambda _: ground.wakeups.wake(FORWARDER)},
        routers=[taken_router(accepting, tell), outage_router(flown)],
        stop=stop,
    )
