"""What was done without the database and is refused when it is to be written stands on the timeline, with why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callcenter.alerts.entries import NotWritten
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, moved
from callcenter.alerts.incident import Event, Incident, State


@dataclass(frozen=True, slots=True)
class Refused:
    """A command by name, the code of its refusal, and who gave it."""

    command: str
    code: str
    name: str


def say_refused(
    incident: Incident, facts: Facts, by: By, body: Refused, now: datetime
) -> Decision | None:
    """Nothing of a closed incident, which says itself how it ended."""
    if incident.state is State.CLOSED:
        return None
    said = NotWritten(command=body.command, code=body.code, note=body.name)
    return Decision(moved(incident, Event.RECORD, by), said)


SAY_REFUSED = Command("not_written", Refused, say_refused)
