"""How the call of a key ended stands on the timeline of what it has opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.alerts.entries import CallEnded
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, moved
from callcenter.alerts.incident import Event, Incident, State


@dataclass(frozen=True, slots=True)
class Ended:
    """As entries.CallEnded says it."""

    call: str
    call_id: UUID | None
    cause: int | None
    rang_s: int
    talked_s: int | None
    answered_by: int | None
    answered_by_name: str | None
    answered: bool


def say_call_ended(
    incident: Incident, facts: Facts, by: By, body: Ended, now: datetime
) -> Decision | None:
    """Nothing of a closed incident: the call itself says how it ended."""
    if incident.state is State.CLOSED:
        return None
    said = CallEnded(
        call=body.call,
        call_id=body.call_id,
        cause=body.cause,
        rang_s=body.rang_s,
        talked_s=body.talked_s,
        answered_by=body.answered_by,
        answered_by_name=body.answered_by_name,
        answered=body.answered,
    )
    return Decision(moved(incident, Event.RECORD, by), said)


SAY_CALL_ENDED: Final = Command("call_ended", Ended, say_call_ended)
