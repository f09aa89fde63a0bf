"""What the alarm process hears of those who were sent. Nothing that places, texts or tracks them is loaded here."""

from __future__ import annotations

from dataclasses import replace

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.field.lone_worker import ByIntake
from callcenter.alerts.field.telling import FIELD_NEWS, FieldTelling
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.core.held import HeldConnections
from callcenter.devices.registry import Registry
from callcenter.dispatch.hints import FIELD
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def field_news_part(
    ground: Ground, workbench: Workbench, intake: Intake, registry: Registry
) -> Part:
    """With a connection of its own: no ladder waits for the field."""
    connections = HeldConnections(ground.database, FIELD_NEWS, 1)
    telling = FieldTelling(replace(workbench, connections=connections), ByIntake(intake, registry))
    return Part(
        processors=[telling],
        listens={FIELD: lambda _: ground.wakeups.wake(FIELD_NEWS)},
        stop=connections.close,
    )
