"""The seats in the alarm process: their hub, sweeps, presence and proofs, and the port of the socket."""

from __future__ import annotations

from callcenter.alerts.emergency.keeping import EmergencyAccesses
from callcenter.core.changes import Callback
from callcenter.hotline.telephone.telephones import TELEPHONES
from callcenter.runtime import bounding
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.announcements.keeping import Announcements
from callcenter.seats.assembly import CHANNELS, Desk, Seats
from callcenter.seats.crowd import Crowd
from callcenter.seats.hub import Hub
from callcenter.seats.rights import RIGHTS
from callcenter.seats.shifts import Shifts
from callcenter.seats.talk import Talk


class RightsChanged:
    """Port of the context: somebody's grants or session changed here. Seats are checked at once, other processes are told."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def __call__(self) -> None:
        self._ground.wakeups.wake(RIGHTS)
        self._ground.wakeups.wake(TELEPHONES)
        await self._ground.changes.notify("grants")


def seats_part(ground: Ground, seats: Seats, talk: Talk | None = None) -> Part:
    """From `prepare` on the sweeps find every change; the seats themselves come over the socket."""

    async def close() -> None:
        seats.hub.cut(
            seats.hub.seats.values(), 1012
        )  # consoles find another process, or this one again

    async def stop() -> None:
        await seats.leave()
        await seats.close()

    crowd = Crowd(bounding.crowd(ground.settings.seats), talk)
    return Part(
        prepare=seats.begin,
        tasks={"hub": seats.hub.run},
        processors=seats.processors,
        listens={channel: _waking(ground, processor) for channel, processor in CHANNELS.items()},
        ports={
            Desk: seats.desk,
            Hub: seats.hub,
            Crowd: crowd,
            Shifts: seats.shifts,
            Announcements: seats.announcements,
            EmergencyAccesses: seats.accesses,
        },
        close=close,
        stop=stop,
    )


def _waking(ground: Ground, processor: str) -> Callback:
    def wake(_payload: str) -> None:
        if processor == RIGHTS:
            ground.sessions.forget()
        ground.wakeups.wake(processor)

    return wake
