"""Forwarding in the alarm process: what goes to other centres, and what has become of it. Nothing that speaks to them is loaded here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.forwarding.finding import FORWARDING, Forwardings
from callcenter.alerts.forwarding.without_database import ForwardingsAway
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.api.passing import Office
from callcenter.core.held import HeldConnections
from callcenter.forwarding import ANSWERED
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def forwardings_part(
    ground: Ground, workbench: Workbench, away: Away, keeping: Keeping, office: Office
) -> Part:
    """Of the alarm process, with a connection of its own: no ladder waits for another centre."""
    connections = HeldConnections(ground.database, FORWARDING, 1)
    beside = replace(workbench, connections=connections)
    without = ForwardingsAway(workbench, away, keeping, partial(office.give, "/forwardings"))
    away.forwards_leave = without.decided
    return Part(
        prepare=workbench.forwards.read,
        processors=[Forwardings(beside, workbench.forwards_written, away.remembers), without],
        listens={ANSWERED: lambda _: ground.wakeups.wake(FORWARDING)},
        stop=connections.close,
    )
