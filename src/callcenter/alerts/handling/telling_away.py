"""Telling on where no row says since when an answer is waited for: whoever orders it has waited from memory. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from callcenter.alerts.bodies import Silence
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, Need
from callcenter.alerts.handling.telling_next import TELL_ON, tell_on
from callcenter.alerts.incident import Incident


def tell_on_away(
    incident: Incident, facts: Facts, by: By, body: Silence, now: datetime
) -> Decision | None:
    """As `tell_on`, taken at its word about the silence."""
    return tell_on(incident, replace(facts, silent_since=body.since), by, body, now)


TELL_ON_AWAY: Final = Command(
    "tell_on_away", Silence, tell_on_away, TELL_ON.needs - {Need.SILENT_SINCE}
)
