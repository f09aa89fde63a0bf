"""What becomes of a call that the centre rings by itself stands on the timeline. Pure.

It answers nothing: a key that was pressed comes as an answer like that of a text (`handling.heard`).
"""

from __future__ import annotations

from datetime import datetime

from callcenter.alerts.bodies import VoiceNews
from callcenter.alerts.entries import VoiceCalled
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, Need, moved
from callcenter.alerts.incident import Event, Incident


def voice_told(
    incident: Incident, facts: Facts, by: By, body: VoiceNews, now: datetime
) -> Decision | None:
    """Each step once, whoever tells it how often."""
    if facts.voice_told:
        return None
    said = VoiceCalled(
        voice_call_id=body.voice_call_id,
        attempt=body.attempt,
        step=body.step,
        contact_id=body.contact_id,
        name=body.name,
        relation=body.relation,
        relation_en=body.relation_en,
        key=body.key,
        again_at=body.again_at,
    )
    return Decision(moved(incident, Event.RECORD, by), said)


VOICE_TOLD = Command("voice_told", VoiceNews, voice_told, frozenset({Need.VOICE_TOLD}))
