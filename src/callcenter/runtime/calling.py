"""Call lists: the office writes and works them, the alarm process opens what they bring to light."""

from __future__ import annotations

from callcenter.alerts.arriving.intake import Intake
from callcenter.calls.awake import Awake
from callcenter.calls.raising import RAISED, ByIntake, CallSignals
from callcenter.calls.settling import SettledCalls
from callcenter.calls.writing import DueCalls
from callcenter.core.held import HeldConnections
from callcenter.devices.registry import Registry
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def calls_part(ground: Ground) -> Part:
    """Of the office."""
    due, settled = DueCalls(ground.database, ground.zone), SettledCalls(ground.database)

    async def stop() -> None:
        await due.connections.close()
        await settled.connections.close()

    return Part(processors=[due, settled], stop=stop)


def call_signals_part(ground: Ground, intake: Intake, registry: Registry, awake: Awake) -> Part:
    """Of the alarm process."""
    connections = HeldConnections(ground.database, RAISED, 1)

    async def stop() -> None:
        await connections.close()
        await awake.connections.close()

    return Part(
        processors=[CallSignals(connections, ByIntake(intake, registry)), awake],
        listens={RAISED: lambda _: ground.wakeups.wake(RAISED)},
        stop=stop,
    )
