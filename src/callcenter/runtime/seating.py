"""The seats of the alarm process: hub, sweep, presence, proofs, and the socket's port."""

from __future__ import annotations

from functools import partial

import structlog

from callcenter.core.held import HeldConnections, keep_doing
from callcenter.devices.registry import Registry
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.hub import Hub
from callcenter.seats.presence import Presence
from callcenter.seats.proofs import Proofs
from callcenter.seats.socket import Desk
from callcenter.seats.sweep import Sweep
from callcenter.seats.upkeep import Upkeep

log = structlog.get_logger(__name__)


class Seating:
    """What keeps the boards of this process true."""

    def __init__(self, ground: Ground, hub: Hub, registry: Registry) -> None:
        self.ground = ground
        self.hub = hub
        self.proofs = Proofs(hub, ground.clock)
        self.sweep = Sweep(hub, registry.region_path)
        self.presence = Presence(hub, ground.process_id)
        self.upkeep = Upkeep(
            hub,
            self.sweep,
            self.presence,
            self.proofs,
            ground.clock,
            sweep_every_s=ground.settings.alarm.sweep_every_s,
        )
        self.reading = HeldConnections(ground.database, "seat-snapshots", 2)

    async def rights_changed(self) -> None:
        """Somebody's grants or session changed here: seats are checked at once, other processes are told."""
        self.upkeep.hint.set()
        await self.ground.changes.notify("grants")

    def rights_changed_elsewhere(self, _payload: str) -> None:
        self.ground.sessions.forget()
        self.upkeep.hint.set()

    def texts_changed(self, _payload: str) -> None:
        self.upkeep.hint.set()

    async def close(self) -> None:
        """Consoles find another process, or this one again."""
        self.hub.cut(self.hub.seats.values(), 1012)

    async def leave(self) -> None:
        """Nobody waits for our leases to run out."""
        try:
            async with self.reading.use() as connection:
                await self.presence.leave(connection)
        finally:
            await self.reading.close()


def seats_part(seating: Seating) -> Part:
    """From here on the sweep finds every change; the seats themselves come over the socket."""
    upkeep, database = seating.upkeep, seating.ground.database
    return Part(
        prepare=seating.sweep.incidents,
        tasks={
            "hub": seating.hub.run,
            "beat": upkeep.beat,
            **{
                loop.name: partial(keep_doing, database, loop.name, loop.wait, loop.step)
                for loop in upkeep.loops()
            },
        },
        listens={
            "incidents": lambda _: upkeep.hint.set(),
            "grants": seating.rights_changed_elsewhere,
            "texts": seating.texts_changed,
        },
        ports={
            Desk: Desk(seating.hub, seating.proofs, seating.sweep, seating.reading),
            Hub: seating.hub,
        },
        close=seating.close,
        stop=seating.leave,
    )
