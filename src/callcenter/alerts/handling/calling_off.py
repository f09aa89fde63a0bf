"""A drill is over: whatever of it is still open leaves the boards, also what nobody has taken. Pure."""

from __future__ import annotations

from datetime import datetime

from callcenter.alerts.bodies import CommandBody
from callcenter.alerts.entries import CalledOff
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, moved
from callcenter.alerts.incident import FOLLOW_DUE, Event, Incident, IncidentMode, Outcome, State


def call_off(
    incident: Incident, facts: Facts, by: By, body: CommandBody | None, now: datetime
) -> Decision | None:
    """Closed as a test, by nobody. What is no drill stays, whoever asks for it."""
    if incident.mode is not IncidentMode.DRILL or incident.state is State.CLOSED:
        return None
    after = moved(
        incident,
        Event.CALL_OFF,
        by,
        outcome=Outcome.TEST.value,
        closed_at=now,
        offered_to=None,
        follow_due_at=None,
        marks=incident.unmarked(FOLLOW_DUE),
    )
    return Decision(after, CalledOff())


CALL_OFF = Command("called_off", CommandBody, call_off)
