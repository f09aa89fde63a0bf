"""What the page of an incident shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import Incident
from callcenter.alerts.shown import ShownProof, ShownSms


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """One incident with everything its page shows."""

    incident: Incident
    entries: Sequence[Entry]
    messages: Sequence[ShownSms]
    proofs: Sequence[ShownProof]
